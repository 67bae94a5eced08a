/**
 * CoNLL column files: one word a line with its tag in another column, a blank line between sentences.
 */

/** A sentence of a column file. */
export interface Sentence {
  /** The words, never empty. */
  words: string[];
  /** One tag a word. */
  tags: string[];
}

/** How {@link parseConll} reads a file. */
export interface ParseConllOptions {
  /** Name of the file, for errors. */
  source?: string;
  /** Column of the word, from 0; a negative one counts from the last. Default 0. */
  wordColumn?: number;
  /** Column of the tag, likewise. Default -1, the last. */
  tagColumn?: number;
  /** Whether lines that start with "#" are comments. Default false: "#" is a word. */
  comments?: boolean;
}

/** Where a sentence was read, kept beside it so that a {@link Sentence} is its words and tags alone. */
const origins = new WeakMap<Sentence, { source: string; lines: number[] }>();

/**
 * Says where a word of a sentence was read, "train.txt:12", for errors.
 *
 * For a sentence that no file was read for it is the word's place in the sentence.
 */
export function placeOf(sentence: Sentence, wordIndex: number): string {
  const origin = origins.get(sentence);
  if (origin === undefined) return `word ${wordIndex + 1} of "${sentence.words.slice(0, 8).join(" ")}"`;
  return `${origin.source}:${origin.lines[wordIndex]}`;
}

/**
 * Reads a column file.
 *
 * Columns are separated by tabs if the file has any, else by spaces; every line must have the same number.
 * Lines may end in CRLF, the file in any number of blank lines or none. A -DOCSTART- line, like a blank one,
 * ends a sentence and is skipped, and so is a byte order mark.
 *
 * Tags are not looked at: {@link checkTags} says whether they belong to a scheme.
 *
 * @throws naming file and line if a line has too few columns or not as many as the first, or an empty word;
 * naming the file if there is no sentence in it
 *
 * @example
 * ```ts
 * import { parseConll } from "@laner/laner";
 *
 * const sentences = parseConll("EU NNP B-ORG\nrejects VBZ O\n\nPeter NNP B-PER\n", { source: "a.conll" });
 * console.log(sentences[0]); // { words: ["EU", "rejects"], tags: ["B-ORG", "O"] }
 * ```
 */
export function parseConll(text: string, options: ParseConllOptions = {}): Sentence[] {
  const { source = "text", wordColumn = 0, tagColumn = -1, comments = false } = options;
  const fail = (line: number, rule: string, value: string): never => {
    throw new Error(`Cannot read "${source}" at ${source}:${line}: ${rule}, current value is ${value}`);
  };
  const lines = text.replace(/^\uFEFF/, "").split("\n").map((line) => line.replace(/[ \t\r]+$/, ""));
  const isComment = (line: string) => comments && line.startsWith("#");
  const hasTab = lines.some((line) => line.includes("\t") && !isDocumentStart(line) && !isComment(line));
  const separator = hasTab ? "tab" : "space";

  const sentences: Sentence[] = [];
  let words: string[] = [];
  let tags: string[] = [];
  let wordLines: number[] = [];
  const endSentence = () => {
    if (words.length === 0) return;
    const sentence = { words, tags };
    origins.set(sentence, { source, lines: wordLines });
    sentences.push(sentence);
    words = [];
    tags = [];
    wordLines = [];
  };

  let nColumns = 0;
  let firstLine = 0;
  let wordAt = 0;
  let tagAt = 0;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (line === "" || isDocumentStart(line)) {
      endSentence();
      continue;
    }
    if (isComment(line)) continue;
    const columns = separator === "tab" ? line.split("\t") : line.replace(/^ +/, "").split(/ +/);
    if (nColumns === 0) {
      nColumns = columns.length;
      firstLine = i + 1;
      if (nColumns < 2) fail(i + 1, "a line must have a word and a tag", `"${line}"`);
      wordAt = columnIndex(wordColumn, nColumns);
      tagAt = columnIndex(tagColumn, nColumns);
      if (wordAt === tagAt) {
        fail(i + 1, "word and tag must be different columns", `column ${wordAt} for both`);
      }
      if (wordAt < 0) fail(i + 1, `a line must have word column ${wordColumn}`, `"${line}"`);
      if (tagAt < 0) fail(i + 1, `a line must have tag column ${tagColumn}`, `"${line}"`);
    }
    if (columns.length !== nColumns) {
      const rule = `a line must have ${nColumns} ${separator}-separated columns, as line ${firstLine} has`;
      fail(i + 1, rule, `${columns.length} in "${line}"`);
    }
    if (columns[wordAt] === "") fail(i + 1, "a word must not be empty", `"${line}"`);
    if (columns[tagAt] === "") fail(i + 1, "a tag must not be empty", `"${line}"`);
    words.push(columns[wordAt]);
    tags.push(columns[tagAt]);
    wordLines.push(i + 1);
  }
  endSentence();
  if (sentences.length === 0) fail(1, "a column file must hold a sentence", "an empty file");
  return sentences;
}

function isDocumentStart(line: string): boolean {
  return line.startsWith("-DOCSTART-");
}

/** The column from 0, or -1 where there is none. */
function columnIndex(column: number, nColumns: number): number {
  const index = column < 0 ? nColumns + column : column;
  return Number.isInteger(index) && index >= 0 && index < nColumns ? index : -1;
}

/** What {@link formatConll} writes besides words and tags. */
export interface FormatConllOptions {
  /**
   * Further columns after the tag, each with a list a sentence of one string a word; with predicted tags as
   * the one further column the result is what conlleval.pl reads.
   */
  columns?: readonly (readonly (readonly string[])[])[];
  /** What stands between columns. Default "\t"; conlleval.pl wants " ". */
  separator?: "\t" | " ";
}

/**
 * Writes a column file: the word, its tag, then further columns.
 *
 * @throws if a sentence is empty, has not one tag a word, or holds something that {@link parseConll} would read
 * as something else (an empty word, the separator in a word, a word that starts with -DOCSTART-)
 *
 * @example
 * ```ts
 * import { formatConll } from "@laner/laner";
 *
 * console.log(formatConll([{ words: ["EU", "rejects"], tags: ["B-ORG", "O"] }])); // "EU\tB-ORG\nrejects\tO\n"
 * ```
 */
export function formatConll(sentences: readonly Sentence[], options: FormatConllOptions = {}): string {
  const { columns = [], separator = "\t" } = options;
  const refused = separator === "\t" ? /[\t\r\n]/ : /[\t\r\n ]/;
  const texts = sentences.map((sentence, s) => {
    const fail = (rule: string, value: string): never => {
      throw new Error(`Cannot write sentence ${s + 1} as columns: ${rule}, current value is ${value}`);
    };
    const { words } = sentence;
    if (words.length === 0) fail("a sentence must have a word", "none");
    const fields = [words, sentence.tags, ...columns.map((column) => column[s] ?? [])];
    fields.forEach((field, c) => {
      if (field.length !== words.length) {
        fail(`column ${c} must have one string a word (${words.length})`, String(field.length));
      }
      for (const value of field) {
        if (value === "" || refused.test(value) || (c === fields.length - 1 && value.endsWith(" "))) {
          fail("a field must be neither empty nor hold a line end or the separator", JSON.stringify(value));
        }
      }
    });
    for (const word of words) {
      if (isDocumentStart(word)) {
        fail("a word must not start with -DOCSTART-, which marks a document", `"${word}"`);
      }
    }
    return words.map((_, w) => fields.map((field) => field[w]).join(separator) + "\n").join("");
  });
  return texts.join("\n");
}
