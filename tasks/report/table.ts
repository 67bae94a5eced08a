/** A table of the report as plain data, and its text forms: Markdown, CSV and LaTeX. */
// @ts-types="npm:@types/d3-dsv@3.0.7"
import { csvFormatRows } from "npm:d3-dsv@3.0.2";
import { markdownTable } from "npm:markdown-table@3.1.0";
import { printable } from "../../data/text/printable.ts";

/** One cell. */
export interface Cell {
  /** The text of the cell. */
  text: string;
  /** The number behind the text, for CSV and sorting. */
  value?: number | undefined;
  /** Further numbers, by name, such as the deviation: CSV gives each a column of its own. */
  parts?: Readonly<Record<string, number>> | undefined;
  /** True if the text is bold, as the best of its column. */
  strong?: boolean;
  /** True if the text is paler, because it is not ours. */
  muted?: boolean;
  /** A footnote. */
  note?: string;
}

/** A table. */
export interface Table {
  /** Name of its files, without extension: "table_3". */
  name: string;
  caption: string;
  /** The heading, one text a column. */
  header: string[];
  /** The number of columns from the left that name the row; they are aligned left, all others right. */
  nRowHeaders: number;
  rows: Cell[][];
  /** Remarks below the table. */
  notes: string[];
}

/** Returns the notes below a table: its own, then the footnotes of cells with the marks that stand at the cells. */
export function footnotes(table: Table): { marks: Map<string, string>; notes: string[] } {
  const texts = new Set(table.rows.flat().flatMap(({ note }) => note === undefined ? [] : [note]));
  const marks = new Map([...texts].map((text, i) => [text, markOf(i)]));
  return { marks, notes: [...table.notes, ...[...marks].map(([text, mark]) => `${mark}: ${text}`)] };
}

/** Returns the mark of a footnote by its number: a … z, aa, ab … */
function markOf(i: number): string {
  const last = String.fromCharCode(97 + i % 26);
  return i < 26 ? last : markOf(Math.floor(i / 26) - 1) + last;
}

/** Writes the table in GitHub's Markdown; addresses in it are text, not links. */
export function toMarkdown(table: Table): string {
  const { marks, notes } = footnotes(table);
  const show = ({ text, strong, note }: Cell) => {
    const body = escapeMarkdown(text);
    const mark = note === undefined ? "" : `<sup>${marks.get(note)}</sup>`;
    return (strong && body !== "" ? `**${body}**` : body) + mark;
  };
  const align = table.header.map((_, column) => column < table.nRowHeaders ? "l" : "r");
  const rows = [table.header.map(escapeMarkdown), ...table.rows.map((row) => row.map(show))];
  const list = notes.map((note) => `- ${escapeMarkdown(note)}`);
  return [
    `**${escapeMarkdown(table.caption)}**`,
    markdownTable(rows, { align }),
    ...(list.length ? [list.join("\n")] : []),
  ]
    .join("\n\n") + "\n";
}

/**
 * Characters that make GitHub turn the text around them into a link, a mail address or a mention, escaped or not. It
 * does not do so in code.
 */
const LINKING = /(?:(?<=[\p{L}\d+.-]):\/\/|(?<=www)\.|(?<=mailto|xmpp):|@)+/giu;

function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]|~]/g, "\\$&")
    .replace(LINKING, "`$&`")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    // Marks that would begin a list or a heading.
    .replace(/^([-+#]|\d+[.)])(?= |$)/, (mark) => `${mark.slice(0, -1)}\\${mark.at(-1)}`);
}

/**
 * Writes the table as comma-separated values (RFC 4180): numbers in full, parts of cells in columns of their own. Text
 * that a spreadsheet would compute gets a leading apostrophe, and invisible characters are escaped.
 */
export function toCsv(table: Table): string {
  const parts = table.header.map((_, column) => [
    ...new Set(table.rows.flatMap((row) => Object.keys(row[column]?.parts ?? {}))),
  ]);
  const header = table.header.flatMap((text, column) =>
    [text, ...parts[column]!.map((part) => `${text} ${part}`)].map(asText)
  );
  const rows = table.rows.map((row) =>
    table.header.flatMap((_, column) => {
      const cell = row[column]!;
      const numbers = parts[column]!.map((part) => cell.parts?.[part] ?? "");
      return [cell.value ?? asText(cell.text), ...numbers].map(String);
    })
  );
  return csvFormatRows([header, ...rows]) + "\n";
}

/** Invisible characters before the first visible one: white space, control and format characters, fillers. */
const UNSEEN = /^[\s\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]*/u;

/** Marks text that begins as a formula, even if only a spreadsheet would see it; numbers, which begin alike, stay. */
function asText(text: string): string {
  const [first = ""] = text.replace(UNSEEN, "");
  // Full-width and small forms of a character count as that character.
  const isFormula = /^[=+\-@]/.test(first.normalize("NFKC"));
  const isNumber = /^[+-]?[\d.]/.test(text) && Number.isFinite(Number(text));
  return isFormula && !isNumber ? `'${printable(text)}` : printable(text);
}

/** Writes the table as LaTeX for the package booktabs. */
export function toLatex(table: Table): string {
  const { marks, notes } = footnotes(table);
  const show = ({ text, strong, note }: Cell) => {
    const body = escapeLatex(text);
    const mark = note === undefined ? "" : `\\textsuperscript{${marks.get(note)}}`;
    return (strong && body !== "" ? `\\textbf{${body}}` : body) + mark;
  };
  const columns = table.header.map((_, column) => column < table.nRowHeaders ? "l" : "r").join("");
  const line = (cells: string[]) => `    ${cells.join(" & ")} \\\\`;
  return [
    "% Needs \\usepackage{booktabs}",
    "\\begin{table}",
    "  \\centering",
    `  \\caption{${escapeLatex(table.caption)}}`,
    `  \\label{tab:${table.name.replace(/[^\w-]/g, "-")}}`,
    `  \\begin{tabular}{${columns}}`,
    "    \\toprule",
    line(table.header.map(escapeLatex)),
    "    \\midrule",
    ...table.rows.map((row) => line(row.map(show))),
    "    \\bottomrule",
    "  \\end{tabular}",
    ...notes.map((note) => `  \\par\\smallskip\\footnotesize ${escapeLatex(note)}`),
    "\\end{table}",
  ].join("\n") + "\n";
}

const LATEX: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  "$": "\\$",
  "&": "\\&",
  "#": "\\#",
  "^": "\\textasciicircum{}",
  "_": "\\_",
  "~": "\\textasciitilde{}",
  "%": "\\%",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "\\symbol{34}",
  "`": "\\textasciigrave{}",
  // Two of them would become a dash.
  "-": "-{}",
  // Bare, these two would belong to the end of the row before.
  "[": "{[}",
  "*": "{*}",
  "−": "$-$",
  "±": "$\\pm$",
  "×": "$\\times$",
  "–": "--",
};

function escapeLatex(text: string): string {
  return oneLine(text).replace(/[\\{}$&#^_~%<>|"`[*−±×–]|-(?=-)/g, (character) => LATEX[character]!);
}

/** Puts text into one line and escapes characters that are invisible or reverse the text around them. */
function oneLine(text: string): string {
  return printable(text.replace(/[\n\r\t\f\v ]+/g, " ")).replace(/\s+/g, " ").trim();
}
