/** A table as HTML, in its own box, which scrolls where the page is narrow. */
import { type Cell, footnotes, type Table } from "../table.ts";

/** Properties of {@link TableView}. */
export interface TableViewProps {
  table: Table;
  /** Whether to darken each number by its share of the row's sum. */
  shade?: boolean | undefined;
}

/** Renders a table with its caption and notes. */
export function TableView({ table, shade = false }: TableViewProps) {
  const { marks, notes } = footnotes(table);
  const content = ({ text, strong, note }: Cell) => (
    <>
      {strong ? <strong>{text}</strong> : text}
      {note !== undefined && <sup>{marks.get(note)}</sup>}
    </>
  );
  return (
    <div class="table">
      <div class="scroll" role="group" tabIndex={0} aria-label={table.caption}>
        <table class={shade ? "matrix" : undefined}>
          <caption>
            <span>{table.caption}</span>
          </caption>
          <thead>
            <tr>
              {table.header.map((text, c) => (
                <th scope="col" class={nameClass(table, c)}>
                  <span>{text}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row, r) => {
              const parts = shade ? partsOfSum(row) : [];
              return (
                <tr class={isPaired(row, table.rows[r + 1]) ? "paired" : undefined}>
                  {row.map((cell, c) =>
                    c < table.nRowHeaders
                      ? <th scope="row" class={classes("name", cell.muted && "muted")}>{content(cell)}</th>
                      : (
                        <td
                          class={classes(cell.muted && "muted", parts[c]! > 0 && "shaded")}
                          style={parts[c]! > 0 ? { "--part": parts[c]!.toFixed(3) } : undefined}
                        >
                          {content(cell)}
                        </td>
                      )
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {notes.length > 0 && <ul class="notes">{notes.map((note) => <li>{note}</li>)}</ul>}
    </div>
  );
}

/** Tells whether the next row has the paper's numbers for the same system. */
function isPaired([name]: readonly Cell[], next: readonly Cell[] | undefined): boolean {
  return next?.[0]?.muted === true && next[0].text.startsWith(`${name!.text},`);
}

/** Returns the class of columns that name the row, which are aligned left like their cells. */
function nameClass({ nRowHeaders }: Table, column: number): string | undefined {
  return column < nRowHeaders ? "name" : undefined;
}

function classes(...names: (string | false | undefined)[]): string | undefined {
  return names.filter(Boolean).join(" ") || undefined;
}

/** Computes each number as a share of the row's sum; 0 where there is none. */
function partsOfSum(row: readonly Cell[]): number[] {
  const sum = row.reduce((total, { value = 0 }) => total + value, 0);
  return row.map(({ value = 0 }) => sum === 0 ? 0 : value / sum);
}
