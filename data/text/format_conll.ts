import { checkText } from "./check_text.ts";
import { isDocumentStart, type Sentence } from "./conll.ts";

/** Options of {@link formatConll}. */
export interface FormatConllOptions {
  /**
   * Further columns after the tag: each has a list a sentence, with one string a word. With predicted tags as the only
   * further column, conlleval.pl can read the result.
   */
  columns?: readonly (readonly (readonly string[])[])[];
  /** The text between columns. Default: "\t"; conlleval.pl needs " ". */
  separator?: "\t" | " ";
}

/**
 * Writes a column file: each word, its tag, then further columns.
 *
 * @throws if a sentence is empty, lacks one tag a word, or contains something that {@link parseConll} would read
 * differently or not at all (an empty word, the separator in a word, the word -DOCSTART-, half of a surrogate pair)
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
        if (value === "" || refused.test(value)) {
          fail("a field must be neither empty nor hold a line end or the separator", JSON.stringify(value));
        }
        if (c > 0 && value !== value.trim()) {
          fail("a tag must not begin or end with white space", JSON.stringify(value));
        }
        checkText(value, `sentence ${s + 1}`);
      }
    });
    for (const word of words) {
      if (isDocumentStart(word)) {
        fail("a word must not be -DOCSTART-, which marks a document", JSON.stringify(word));
      }
      if (word.startsWith("\uFEFF")) {
        fail("a word must not start with a byte order mark", JSON.stringify(word));
      }
    }
    return words.map((_, w) => fields.map((field) => field[w]).join(separator) + "\n").join("");
  });
  return texts.join("\n");
}
