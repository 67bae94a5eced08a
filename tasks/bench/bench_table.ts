/** Tables of numbers as Markdown, for terminal and docs alike. */
import { markdownTable } from "npm:markdown-table@3.1.0";

/**
 * Writes a table.
 *
 * @param header The heading, one text a column.
 * @param rows The cells.
 * @param nRowHeaders The columns from the left that are aligned left; all others are aligned right.
 */
export function benchTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  nRowHeaders = 1,
): string {
  const align = header.map((_, column) => column < nRowHeaders ? "l" : "r");
  return markdownTable([header, ...rows], { align });
}

/** Writes a number with digits in threes: "12,100", "1.38". */
export function formatFigure(value: number, digits = 0): string {
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Writes a share: "84 %". */
export function formatShare(share: number): string {
  return `${formatFigure(100 * share)} %`;
}

/** Writes memory; it is not known everywhere. */
export function formatMegabytes(megabytes: number | null): string {
  return megabytes === null ? "unknown" : `${formatFigure(megabytes)} MB`;
}
