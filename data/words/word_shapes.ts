/** The shapes of words: what of their capitals and digits an uncased vocabulary does not tell. */
import { cached } from "../pieces/encode_words.ts";

/** The classes of shapes; the place of a class is its row in a model's table. */
export const WORD_SHAPES = [
  "neither letters nor digits",
  "lower case",
  "Capitalised",
  "ALL CAPITALS",
  "one capital letter",
  "mIxed case",
  "letters and digits with a capital",
  "digits",
  "letters and digits without a capital",
] as const;

/** The class of a word's shape. */
export type WordShape = typeof WORD_SHAPES[number];

/** The class of pieces that are of no word, such as [CLS]. */
export const NO_SHAPE = -1;

/**
 * Tells the shape of a word by the Unicode properties of its characters. Letters of scripts without capitals count as
 * lower case, title case letters as capitals, all numerals as digits; accents and all other characters do not count.
 *
 * @example
 * ```ts
 * import { wordShape } from "@laner/laner";
 *
 * console.log(["iPhone", "Élan", "3.5", "GPT-2"].map(wordShape));
 * // ["mIxed case", "Capitalised", "digits", "letters and digits with a capital"]
 * ```
 */
export function wordShape(word: string): WordShape {
  const letters = word.match(/\p{L}/gu) ?? [];
  const nCapitals = letters.filter(isCapital).length;
  const hasDigits = /\p{N}/u.test(word);
  if (letters.length === 0) return hasDigits ? "digits" : "neither letters nor digits";
  if (hasDigits) {
    return nCapitals > 0 ? "letters and digits with a capital" : "letters and digits without a capital";
  }
  if (nCapitals === 0) return "lower case";
  if (letters.length === 1) return "one capital letter";
  if (nCapitals === letters.length) return "ALL CAPITALS";
  return nCapitals === 1 && isCapital(letters[0]!) ? "Capitalised" : "mIxed case";
}

function isCapital(letter: string): boolean {
  return /[\p{Lu}\p{Lt}]/u.test(letter);
}

const idOf = cached((word: string) => WORD_SHAPES.indexOf(wordShape(word)));

/**
 * Returns the shape of the word that each piece is of.
 *
 * @param wordIds The word of each piece; -1 for pieces around the words.
 * @returns Places in `WORD_SHAPES`, `NO_SHAPE` for pieces around the words; int8 [pieces].
 */
export function shapesOfPieces(words: readonly string[], wordIds: ArrayLike<number>): Int8Array {
  return Int8Array.from(wordIds, (word) => (word < 0 ? NO_SHAPE : idOf(words[word]!)));
}
