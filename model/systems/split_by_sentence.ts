/** From values of the words of all sentences to those of each. */

/**
 * Splits the values of words that stand sentence after sentence.
 *
 * @param nWords How many words each sentence has.
 */
export function splitBySentence(values: Int32Array, nWords: readonly number[]): Int32Array[] {
  let end = 0;
  return nWords.map((n) => values.slice(end, end += n));
}
