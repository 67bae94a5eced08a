/** Column files of any kind: which column is what, what separates columns, sentences and documents. */
import { NO_CONTROLS, refusedIn } from "./check_text.ts";
import { createColumnLayout, quoted } from "./column_layout.ts";
import { lineRows, type Row } from "./column_rows.ts";
import { type Sentence, withOrigin } from "./sentence.ts";

/** The longest line, in UTF-16 code units; a longer one is taken for damage. */
export const MAX_LINE_LENGTH = 100_000;

/** The longest sentence, in words; in a longer one the blank line is taken to be missing. */
export const MAX_SENTENCE_WORDS = 100_000;

/** A column by number, from 0, negative from the last; or by its name in the header. */
export type Column = number | string;

/** The layout of a column file. */
export interface ColumnSettings {
  /** Column of the word. */
  wordColumn: Column;
  /** Column of the tag; null if there are no tags. */
  tagColumn: Column | null;
  /** Key of the tag in a column of KEY=VALUE pairs, separated by "|"; null if the column is the tag. */
  tagKey: string | null;
  /** Tags that mark no entity, besides those that the scheme writes. */
  outside: readonly string[];
  /** Separator of columns; null for tabs if the file has any, else spaces. */
  separator: string | null;
  /** True if the first line names the columns; null if it does where a column is given by name. */
  header: boolean | null;
  /** Beginning of comments; null if there are none. */
  comments: string | null;
  /** Beginnings of lines that begin a document. */
  documentMarks: readonly string[];
  /** Column of word numbers; ranges (3-4) and empty nodes (3.1) are left out. */
  idColumn: Column | null;
  /** Column whose value is another where a sentence begins; empty values go on. */
  sentenceColumn: Column | null;
  /** Value in any column that ends a sentence after its word. */
  sentenceEnd: string | null;
  /** Beginning of all words that is not part of them; "*" at its start stands for any text up to its rest. */
  wordPrefix: string | null;
  /** The lines that must have equally many columns. */
  evenColumns: "file" | "sentence" | "no";
}

/** The layout that is read unless told otherwise. */
export const PLAIN_COLUMNS: Readonly<ColumnSettings> = {
  wordColumn: 0,
  tagColumn: -1,
  tagKey: null,
  outside: ["O"],
  separator: null,
  header: null,
  comments: null,
  documentMarks: ["-DOCSTART-"],
  idColumn: null,
  sentenceColumn: null,
  sentenceEnd: null,
  wordPrefix: null,
  evenColumns: "file",
};

/** Options of {@link readColumns}. */
export interface ReadColumnsOptions extends ColumnSettings {
  /** Name of the file, for errors. */
  source: string;
  /** True if the places of words in their lines are wanted. */
  withPlaces?: boolean;
  /** What splits a file with quotes into rows, which may then hold line ends. Default: lines are rows. */
  rowsOf?: (text: string, separator: string) => Iterable<Row>;
  /** What is wrong with lines already, by number. */
  damage?: ReadonlyMap<number, string> | undefined;
  maxLineLength?: number;
  maxSentenceWords?: number;
}

/** A sentence of a file with what the file says of it. */
export interface ColumnSentence {
  sentence: Sentence;
  /** Its name, from a comment "# sent_id = NAME" or "# id NAME", or the value of `sentenceColumn`. */
  id?: string;
  /** The place of each word in its line, where it was asked for. */
  starts?: number[];
  /** The number of its document, from 0. */
  document: number;
  /** The messages of all errors in its lines; its words and tags are then not complete. */
  problems: string[];
}

/**
 * Reads a column file; errors are noted in the sentences that they are in.
 *
 * @returns The sentences in order. A sentence with errors may have no words.
 */
export function readColumns(text: string, options: ReadColumnsOptions): ColumnSentence[] {
  const { source, comments, documentMarks, sentenceEnd, damage, rowsOf = lineRows } = options;
  const { maxLineLength = MAX_LINE_LENGTH, maxSentenceWords = MAX_SENTENCE_WORDS } = options;
  const isDocument = (line: string) => documentMarks.some((mark) => beginsWith(line, mark));
  const separator = options.separator ??
    (hasTab(text, comments, isDocument) ? "tab" : "space");
  const rows = () => rowsOf(text, separator);
  const isRefused = refusedIn(text) !== undefined;
  const layout = createColumnLayout(rows, { ...options, separator, isDocument });

  const sentences: ColumnSentence[] = [];
  let document = 0;
  let id: string | undefined;
  let words: string[] = [];
  let tags: string[] = [];
  let lines: number[] = [];
  let starts: number[] = [];
  let problems: string[] = [];
  const endSentence = () => {
    if (words.length > 0 || problems.length > 0) {
      const sentence = withOrigin({ words, tags }, { source, lines });
      const more = { ...(id === undefined ? {} : { id }), ...(options.withPlaces ? { starts } : {}) };
      sentences.push({ sentence, ...more, document, problems });
      [words, tags, lines, starts, problems] = [[], [], [], [], []];
      id = undefined;
    }
    layout.endSentence();
  };
  const damageOf = ({ number, text: line }: Row): [rule: string, value: string] | undefined => {
    if (line.length > maxLineLength) {
      return [`a line must have at most ${maxLineLength} characters`, String(line.length)];
    }
    if (rowsOf === lineRows && line.includes("\r")) {
      return ["lines must end in LF or CRLF", "a CR within a line"];
    }
    if (line.startsWith("\uFEFF")) return ["a byte order mark must be at the start of the file", "U+FEFF"];
    const refused = isRefused ? refusedIn(line) : undefined;
    if (refused !== undefined) return [NO_CONTROLS, refused];
    const known = damage?.get(number);
    return known === undefined ? undefined : [known, quoted(line)];
  };

  for (const row of rows()) {
    const note = (rule: string, value: string) =>
      problems.push(`Cannot read "${source}" at ${source}:${row.number}: ${rule}, current value is ${value}`);
    const damaged = damageOf(row);
    if (damaged !== undefined) {
      note(...damaged);
      continue;
    }
    const line = row.text;
    if (line === "" || isDocument(line)) {
      endSentence();
      if (line !== "") document++;
      continue;
    }
    if (layout.isComment(row)) {
      id = idIn(line, comments!) ?? id;
      continue;
    }
    if (layout.isHeader(row)) continue;
    const fields = row.fields();
    const read = layout.read(fields, row);
    if (read === "skip") continue;
    if (read.begins !== null) {
      endSentence();
      id = read.begins;
    }
    if (read.rule !== undefined) {
      note(read.rule, read.value);
      continue;
    }
    if (words.length === maxSentenceWords) {
      note(`a sentence must have at most ${maxSentenceWords} words`, "one more");
      endSentence();
    }
    words.push(read.word);
    tags.push(...(read.tag === null ? [] : [read.tag]));
    lines.push(row.number);
    if (options.withPlaces) starts.push(startOf(fields, read, line));
    if (sentenceEnd !== null && fields.some((field) => field.split("|").includes(sentenceEnd))) endSentence();
  }
  endSentence();
  return sentences;
}

/** Tells whether a line begins with a mark, alone or before a space or tab. */
export function beginsWith(line: string, mark: string): boolean {
  const start = line.replace(/^ +/, "");
  return start.startsWith(mark) && /^(?![^ \t])/.test(start.slice(mark.length));
}

function hasTab(text: string, comments: string | null, isDocument: (line: string) => boolean): boolean {
  for (const { text: line } of lineRows(text, "tab")) {
    if (line.includes("\t") && !isDocument(line) && !(comments !== null && line.startsWith(comments))) {
      return true;
    }
  }
  return false;
}

/** Returns the place of a word in its line: fields stand in order, with nothing but separators between them. */
function startOf(
  fields: readonly string[],
  { at, word }: { at: number; word: string },
  line: string,
): number {
  let end = 0;
  let start = 0;
  for (const field of fields.slice(0, at + 1)) {
    start = line.indexOf(field, end);
    end = start + field.length;
  }
  return end - word.length;
}

/** Returns the name that a comment gives its sentence. */
function idIn(line: string, comments: string): string | undefined {
  return /^\s*(?:sent_)?id(?:\s*=\s*|\s+)(\S+)/.exec(line.slice(comments.trimEnd().length))?.[1];
}
