/** What sections of the page are made of. All text is escaped by the renderer; only figures are put in as they are. */
import type { ComponentChildren, VNode } from "npm:preact@10.28.2";
import { type Cell, footnotes, type Table } from "../table.ts";

/** A section with a heading that the table of contents leads to. */
export interface Section {
  id: string;
  title: string;
  body: VNode;
}

/** A figure: SVG text that this program drew. */
export function Figure({ svg }: { svg: string }): VNode {
  return <figure class="figure" dangerouslySetInnerHTML={{ __html: svg }} />;
}

/** Several figures beside each other, where there is room. */
export function Figures({ svgs }: { svgs: readonly string[] }): VNode {
  return <div class="figures">{svgs.map((svg) => <Figure svg={svg} />)}</div>;
}

/** A table in a box that scrolls for itself, with its notes. */
export function TableView({ table }: { table: Table }): VNode {
  const { marks, notes } = footnotes(table), { header, nRowHeaders, rows, caption } = table;
  const content = ({ text, note }: Cell) => [text, note && <sup>{marks.get(note)}</sup>];
  const classOf = ({ strong, muted }: Cell) => [strong && "best", muted && "muted"].filter(Boolean).join(" ");
  return (
    <div class="table">
      <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
        <table>
          <caption>{caption}</caption>
          <thead>
            <tr>{header.map((title) => <th scope="col">{title}</th>)}</tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr>
                {row.map((cell, column) =>
                  column < nRowHeaders
                    ? <th scope="row" class={classOf(cell)}>{content(cell)}</th>
                    : <td class={classOf(cell)}>{content(cell)}</td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {notes.length > 0 && <ul class="notes">{notes.map((note) => <li>{note}</li>)}</ul>}
    </div>
  );
}

/** Something long that is opened when it is wanted; printed open. */
export function Details({ summary, children }: { summary: string; children: ComponentChildren }): VNode {
  return (
    <details>
      <summary>{summary}</summary>
      {children}
    </details>
  );
}
