/** Tables in columns of equal width, for a terminal. */

/** The alignment of a column. */
export type Alignment = "left" | "right";

/**
 * Writes rows as lines of aligned columns, two spaces apart.
 *
 * @param rows The cells of each row, the heading first; each row has one cell a column.
 * @param alignments One a column.
 */
export function textTable(rows: readonly (readonly string[])[], alignments: readonly Alignment[]): string {
  const columns = alignments.map((alignment, column) => {
    const width = rows.reduce((most, row) => Math.max(most, row[column]!.length), 0);
    return { alignment, width };
  });
  const line = (row: readonly string[]) =>
    columns.map(({ alignment, width }, column) =>
      alignment === "left" ? row[column]!.padEnd(width) : row[column]!.padStart(width)
    ).join("  ").trimEnd();
  return rows.map(line).join("\n");
}
