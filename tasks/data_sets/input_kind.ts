/** What an input is read as: what its user says, or running text where that can be. */
import { errorMessage } from "../errors.ts";
import { isProse, otherFormat } from "./other_formats.ts";
import type { InputKind } from "./predict_input.ts";

/**
 * The kind of an input. Text is a guess where no kind is given, and refused where it looks like something else, whose
 * braces, ids and tags would be taken for words; a kind that is given is taken, unless columns are surely none.
 *
 * @param text The whole input.
 * @param given The kind that is asked for.
 * @param source Its name for errors.
 * @throws Error naming the format that it looks like, and what can be asked for instead.
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
