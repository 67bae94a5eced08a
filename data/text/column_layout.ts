/** What the fields of a row are: header, comment, word and tag. */
import type { Row } from "./column_rows.ts";
import type { Column, ColumnSettings } from "./columns.ts";

/** Options of {@link createColumnLayout}. */
export interface ColumnLayoutOptions extends ColumnSettings {
  /** The separator as it was chosen. */
  separator: string;
  /** Tells whether a line begins a document. */
  isDocument(line: string): boolean;
}

/** A row's word, its field and its tag; the name of the sentence that begins with it; what is wrong with it. */
export type ReadRow =
  | { word: string; at: number; tag: string | null; begins: string | null; rule?: undefined }
  | { rule: string; value: string; begins: string | null };

/** Tells what rows and fields are; it is asked row by row, in order. */
export interface ColumnLayout {
  isComment(row: Row): boolean;
  isHeader(row: Row): boolean;
  /** Reads the fields of a row; "skip" if it has no word of the text. */
  read(fields: readonly string[], row: Row): ReadRow | "skip";
  endSentence(): void;
}

/** The rows from which the number of columns is taken. */
const SAMPLED_ROWS = 200;

/** Creates the layout of a file from its first rows and the settings. */
export function createColumnLayout(rows: () => Iterable<Row>, options: ColumnLayoutOptions): ColumnLayout {
  const { comments, wordPrefix, tagKey, outside, evenColumns, separator } = options;
  const named = [options.wordColumn, options.tagColumn, options.idColumn, options.sentenceColumn];
  const hasHeader = options.header ?? named.some((column) => typeof column === "string");
  const isMarked = (line: string) => comments !== null && line.startsWith(comments);
  const sample = sampleOf(rows(), (line) => line === "" || options.isDocument(line) || isMarked(line));
  const header = hasHeader ? sample.shift() : undefined;
  const names = header?.fields() ?? [];
  const usual = usualColumns(sample);
  let expected = evenColumns === "file" ? usual : undefined;
  let lastKey = "";
  let prefix: string | undefined;

  const indexOf = (column: Column, nColumns: number): number => {
    if (typeof column === "string") return names.indexOf(column);
    const index = column < 0 ? nColumns + column : column;
    return Number.isInteger(index) && index >= 0 && index < nColumns ? index : -1;
  };
  const fieldOf = (column: Column | null, fields: readonly string[]) =>
    column === null ? undefined : fields[indexOf(column, fields.length)];
  const absent = (kind: "word" | "tag", column: Column, line: string): ReadRow => {
    const known = typeof column === "string" ? `, the header has ${names.join(", ")}` : "";
    return { rule: `a line must have ${kind} column ${column}${known}`, value: quoted(line), begins: null };
  };
  const readTag = (field: string): string => {
    if (tagKey === null) return field;
    const pair = field.split("|").find((one) => one.startsWith(`${tagKey}=`));
    return pair === undefined ? "O" : pair.slice(tagKey.length + 1);
  };

  return {
    isComment(row) {
      if (!isMarked(row.text)) return false;
      // A word such as "#" is told from a comment by its tag, where words come first.
      const fields = row.fields();
      if (options.wordColumn !== 0 || fields.length < 2 || usual?.nColumns !== fields.length) return true;
      // Files without tags mostly have something empty in their column.
      const tag = fieldOf(options.tagColumn ?? -1, fields);
      return tag === undefined ||
        !(outside.includes(tag) || /^(O|_|-|[BIESLUM]-\S.*|\S.*-[BIESLUM])$/.test(tag));
    },
    isHeader: (row) => header !== undefined && row.number === header.number,
    endSentence() {
      if (evenColumns === "sentence") expected = undefined;
    },
    read(fields, row) {
      const line = row.text;
      const nColumns = fields.length;
      const key = fieldOf(options.sentenceColumn, fields) ?? "";
      const begins = key !== "" && key !== lastKey ? key : null;
      if (key !== "") lastKey = key;
      const wrong = (rule: string, value: string): ReadRow => ({ rule, value, begins });
      expected ??= { nColumns, number: row.number };
      if (nColumns !== expected.nColumns && evenColumns !== "no") {
        const rule = `a line must have ${expected.nColumns} ${separator}-separated columns, as line ` +
          `${expected.number} has`;
        return wrong(rule, `${nColumns} in ${quoted(line)}`);
      }
      if (nColumns < 2 && options.tagColumn !== null) {
        return wrong("a line must have a word and a tag", quoted(line));
      }
      if (/^\d+[-.]\d+$/.test(fieldOf(options.idColumn, fields) ?? "")) return "skip";
      const wordAt = indexOf(options.wordColumn, nColumns);
      if (wordAt < 0) return absent("word", options.wordColumn, line);
      let word = fields[wordAt]!;
      let tag: string | null = null;
      if (options.tagColumn !== null) {
        const tagAt = indexOf(options.tagColumn, nColumns);
        if (tagAt < 0) return absent("tag", options.tagColumn, line);
        if (wordAt === tagAt) {
          return wrong("word and tag must be different columns", `column ${wordAt} for both`);
        }
        tag = readTag(fields[tagAt]!);
      }
      if (word === "") return wrong("a word must not be empty", quoted(line));
      if (/[\t\r\n]/.test(word)) return wrong("a word must not hold tabs or line ends", quoted(word));
      if (tag === "") return wrong("a tag must not be empty", quoted(line));
      if (tag !== null && tag !== tag.trim()) {
        return wrong("a tag must not begin or end with white space", quoted(tag));
      }
      if (wordPrefix !== null) {
        prefix ??= prefixOf(word, wordPrefix);
        if (!word.startsWith(prefix) || word === prefix) {
          return wrong(`a word must begin with "${prefix}" and go on (wordPrefix)`, quoted(word));
        }
        word = word.slice(prefix.length);
      }
      return { word, at: wordAt, tag, begins };
    },
  };
}

/** Returns the first rows that are neither blank, marks nor comments. */
function sampleOf(rows: Iterable<Row>, isLeftOut: (line: string) => boolean): Row[] {
  const sample: Row[] = [];
  for (const row of rows) {
    if (isLeftOut(row.text)) continue;
    sample.push(row);
    if (sample.length === SAMPLED_ROWS) break;
  }
  return sample;
}

/** Returns the number of columns that most rows have, the first of equals, with the first such line. */
function usualColumns(sample: readonly Row[]): { nColumns: number; number: number } | undefined {
  const counts = new Map<number, { number: number; n: number }>();
  for (const row of sample) {
    const nColumns = row.fields().length;
    const count = counts.get(nColumns) ?? { number: row.number, n: 0 };
    count.n++;
    counts.set(nColumns, count);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b.n - a.n || a.number - b.number);
  return most && { nColumns: most[0], number: most[1].number };
}

/** Returns the prefix of all words, of which the first is given. */
function prefixOf(word: string, pattern: string): string {
  if (!pattern.startsWith("*")) return pattern;
  const rest = pattern.slice(1);
  const end = word.indexOf(rest);
  return end < 0 ? pattern : word.slice(0, end + rest.length);
}

/** Writes a line or tag as errors show it, cut after 80 characters. */
export function quoted(text: string): string {
  return `"${text.length > 80 ? `${text.slice(0, 79)}…` : text}"`;
}
