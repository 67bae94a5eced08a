/**
 * CoNLL column files: one word a line with its tag in another column, a blank line between sentences.
 */
import { beginsWith, PLAIN_COLUMNS, readColumns } from "./columns.ts";
import type { Sentence } from "./sentence.ts";

export { MAX_LINE_LENGTH, MAX_SENTENCE_WORDS } from "./columns.ts";
export { linesOf, placeOf, type Sentence } from "./sentence.ts";

/** Options of {@link parseConll}. */
export interface ParseConllOptions {
  /** Name of the file, for errors. */
  source?: string;
  /** Column of the word, from 0; a negative one counts from the last. Default: 0. */
  wordColumn?: number;
  /** Column of the tag, likewise. Default: -1, the last. */
  tagColumn?: number;
  /**
   * Beginning of comments; true for "#". A line that begins so is a word if its tag shows it. Default: false, there are
   * none.
   */
  comments?: boolean | string;
  /** The longest line to read, in UTF-16 code units. Default: {@link MAX_LINE_LENGTH}. */
  maxLineLength?: number;
  /** The longest sentence to read, in words. Default: {@link MAX_SENTENCE_WORDS}. */
  maxSentenceWords?: number;
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
  const sentences = readColumns(text, {
    ...PLAIN_COLUMNS,
    ...options,
    source,
    wordColumn,
    tagColumn,
    comments: comments === true ? "#" : comments || null,
  });
  for (const { problems } of sentences) for (const problem of problems) throw new Error(problem);
  if (sentences.length === 0) throw new Error(noSentence(source));
  return sentences.map(({ sentence }) => sentence);
}

/** Writes the error of a file without sentences. */
export function noSentence(source: string): string {
  return `Cannot read "${source}" at ${source}:1: a column file must hold a sentence, current value is an empty file`;
}

/** Tells whether a line's first column is the mark between documents. */
export function isDocumentStart(line: string): boolean {
  return PLAIN_COLUMNS.documentMarks.some((mark) => beginsWith(line, mark));
}
