/** Rows of column files: lines that are split at a separator. */
/** One row of a file. */
export interface Row {
  /** The line that it begins at, from 1. */
  number: number;
  /** The line, for errors; "" if it is blank. */
  text: string;
  /** Splits it into fields. */
  fields(): string[];
}

/** The separators that have a name. */
export const SEPARATORS: Readonly<Record<string, string>> = {
  tab: "\t",
  space: " ",
  comma: ",",
  semicolon: ";",
};

/**
 * Yields the rows of a file whose lines are split at a separator.
 *
 * @param separator Name or text of the separator. Runs of spaces count as one. `whitespace` is any run of spaces and
 * tabs.
 */
export function* lineRows(text: string, separator: string): Generator<Row> {
  const at = SEPARATORS[separator] ?? separator;
  const split = at === "\t"
    ? (line: string) => line.split("\t")
    : at === " "
    ? (line: string) => line.replace(/^ +/, "").split(/ +/)
    : at === "whitespace"
    ? (line: string) => line.replace(/^[ \t]+/, "").split(/[ \t]+/)
    : (line: string) => line.split(at);
  for (const { line, number } of eachLine(text)) {
    yield { number, text: line, fields: () => split(line) };
  }
}

/** Yields the lines of a text one by one, without a byte order mark and without trailing spaces, tabs and CR. */
export function* eachLine(text: string): Generator<{ line: string; number: number }> {
  let number = 1;
  for (let start = text.startsWith("\uFEFF") ? 1 : 0; start <= text.length; number++) {
    const lineEnd = text.indexOf("\n", start);
    const next = lineEnd < 0 ? text.length : lineEnd;
    let end = next;
    // A regular expression would start anew at every space of a run that is not the last one.
    while (end > start && " \t\r".includes(text[end - 1]!)) end--;
    yield { line: text.slice(start, end), number };
    start = next + 1;
  }
}
