/**
 * CoNLL column files: one word a line with its tag in another column, a blank line between sentences.
 */
import { checkText } from "./check_text.ts";

/** The longest line, in UTF-16 code units; a longer one is taken for damage. */
export const MAX_LINE_LENGTH = 100_000;

/** The longest sentence, in words; in a longer one the blank line is taken to be missing. */
export const MAX_SENTENCE_WORDS = 100_000;

/** A sentence of a column file. */
export interface Sentence {
  /** The words; none is empty. */
  words: string[];
  /** The tags, one a word. */
  tags: string[];
}

/** Options of {@link parseConll}. */
export interface ParseConllOptions {
  /** Name of the file, for errors. */
  source?: string;
  /** Column of the word, from 0; a negative one counts from the last. Default: 0. */
  wordColumn?: number;
  /** Column of the tag, likewise. Default: -1, the last. */
  tagColumn?: number;
  /** True if lines that start with "#" are comments. Default: false, "#" is a word. */
  comments?: boolean;
  /** The longest line to read, in UTF-16 code units. Default: {@link MAX_LINE_LENGTH}. */
  maxLineLength?: number;
  /** The longest sentence to read, in words. Default: {@link MAX_SENTENCE_WORDS}. */
  maxSentenceWords?: number;
}

/**
 * The file and lines that a sentence was read from, kept outside it so that a {@link Sentence} is its words and tags
 * alone.
 */
const origins = new WeakMap<Sentence, { source: string; lines: number[] }>();

/**
 * Returns the line that each word of a sentence was read from, counted from 1; undefined if it was not read from a
 * file.
 */
export function linesOf(sentence: Sentence): readonly number[] | undefined {
  return origins.get(sentence)?.lines;
}

/**
 * Tells where a word of a sentence was read, "train.txt:12", for errors.
 *
 * For a sentence that was not read from a file, it is the word's place in the sentence.
 */
export function placeOf(sentence: Sentence, wordIndex: number): string {
  const origin = origins.get(sentence);
  if (origin === undefined) return `word ${wordIndex + 1} of "${sentence.words.slice(0, 8).join(" ")}"`;
  return `${origin.source}:${origin.lines[wordIndex]}`;
}

/**
 * Reads a column file.
 *
 * Columns are separated by tabs if the file has any, else by spaces; every line must have the same number. A line ends
 * in LF or CRLF, the file in any number of blank lines or none. A blank line, or one whose first column is -DOCSTART-,
 * ends a sentence and is skipped; a byte order mark at the start is skipped, too.
 *
 * Nothing else is skipped or repaired:
 * - Other white space (a no-break space, U+2028, a form feed) separates nothing, as in conlleval.pl, and neither does a
 *   space where there are tabs: it is part of the word. A tag must not begin or end with white space, as that would
 *   make it another type.
 * - Characters without width (U+200B, U+FEFF) are part of the word, and may be all of it. But a byte order mark at the
 *   start of a later line shows that files were joined, and is refused.
 * - A carriage return anywhere but before a line end, other control characters, and halves of surrogate pairs are
 *   refused.
 *
 * Tags are not checked: {@link checkTags} tells whether they belong to a scheme.
 *
 * @throws naming file and line if a line has too few columns or not as many as the first, an empty word, or a character
 * that is refused; if a line or sentence is longer than `options` allow; naming the file if there is no sentence in it
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
  const { maxLineLength = MAX_LINE_LENGTH, maxSentenceWords = MAX_SENTENCE_WORDS } = options;
  const fail = (line: number, rule: string, value: string): never => {
    throw new Error(`Cannot read "${source}" at ${source}:${line}: ${rule}, current value is ${value}`);
  };
  checkText(text, source);
  const isComment = (line: string) => comments && line.startsWith("#");
  let hasTab = false;
  for (const { line, number } of eachLine(text)) {
    if (line.length > maxLineLength) {
      fail(number, `a line must have at most ${maxLineLength} characters`, String(line.length));
    }
    if (line.includes("\r")) fail(number, "lines must end in LF or CRLF", "a CR within a line");
    if (line.startsWith("\uFEFF")) {
      fail(number, "a byte order mark must be at the start of the file", "U+FEFF");
    }
    hasTab ||= line.includes("\t") && !isDocumentStart(line) && !isComment(line);
  }
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
  for (const { line, number } of eachLine(text)) {
    if (line === "" || isDocumentStart(line)) {
      endSentence();
      continue;
    }
    if (isComment(line)) continue;
    const columns = separator === "tab" ? line.split("\t") : line.replace(/^ +/, "").split(/ +/);
    if (nColumns === 0) {
      nColumns = columns.length;
      firstLine = number;
      if (nColumns < 2) fail(number, "a line must have a word and a tag", quote(line));
      wordAt = columnIndex(wordColumn, nColumns);
      tagAt = columnIndex(tagColumn, nColumns);
      if (wordAt < 0) fail(number, `a line must have word column ${wordColumn}`, quote(line));
      if (tagAt < 0) fail(number, `a line must have tag column ${tagColumn}`, quote(line));
      if (wordAt === tagAt) {
        fail(number, "word and tag must be different columns", `column ${wordAt} for both`);
      }
    }
    if (columns.length !== nColumns) {
      const rule = `a line must have ${nColumns} ${separator}-separated columns, as line ${firstLine} has`;
      fail(number, rule, `${columns.length} in ${quote(line)}`);
    }
    const word = columns[wordAt]!;
    const tag = columns[tagAt]!;
    if (word === "") fail(number, "a word must not be empty", quote(line));
    if (tag === "") fail(number, "a tag must not be empty", quote(line));
    if (tag !== tag.trim()) fail(number, "a tag must not begin or end with white space", quote(tag));
    if (words.length === maxSentenceWords) {
      fail(number, `a sentence must have at most ${maxSentenceWords} words`, "one more");
    }
    words.push(word);
    tags.push(tag);
    wordLines.push(number);
  }
  endSentence();
  if (sentences.length === 0) fail(1, "a column file must hold a sentence", "an empty file");
  return sentences;
}

/** Yields the lines of a text one by one, without a byte order mark and without trailing spaces, tabs and CR. */
function* eachLine(text: string): Generator<{ line: string; number: number }> {
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

/** Writes a line or tag as errors show it, cut after 80 characters. */
function quote(text: string): string {
  return `"${text.length > 80 ? `${text.slice(0, 79)}…` : text}"`;
}

/** Tells whether a line's first column is the mark between documents. */
export function isDocumentStart(line: string): boolean {
  return /^ *-DOCSTART-(?![^ \t])/.test(line);
}

/** Returns the column from 0, or -1 where there is none. */
function columnIndex(column: number, nColumns: number): number {
  const index = column < 0 ? nColumns + column : column;
  return Number.isInteger(index) && index >= 0 && index < nColumns ? index : -1;
}
