/** The kind of an input: the one that its user names, or running text where that is possible. */
import { errorMessage } from "../errors.ts";
import { isProse, otherFormat } from "./other_formats.ts";
import type { InputKind } from "./predict_input.ts";

/**
 * Chooses the kind of an input. Without a given kind it is running text; text that looks like another format is
 * refused, because its braces, ids and tags would be taken for words. A given kind is accepted, unless it is columns
 * and the text is surely not.
 *
 * @param text The whole input.
 * @param given The kind that the user names.
 * @param source Its name for errors.
 * @throws Error naming the format that the text looks like, and the kinds to choose from.
 */
export function inputKindOf(text: string, given: InputKind | undefined, source: string): InputKind {
  const refuse = (rule: string): never => {
    throw new Error(errorMessage({ act: "tag", subject: source, rule }));
  };
  if (given === "conll" && isProse(text)) {
    refuse(
      "columns must have a word a line, this looks like running text: leave --input out; " +
        "columns that are separated by tabs are always read as such",
    );
  }
  if (given !== undefined) return given;
  const format = otherFormat(text);
  if (format !== null) {
    refuse(
      `without --input it must be running text, this looks like ${format}: --input conll reads columns, word first, ` +
        "--input words a sentence a line; of anything else take its text out first, or insist on it with --input text",
    );
  }
  return "text";
}
