/** How many tags of two predictions of the same words are equal. */

/** Counts of the words of two predictions. */
export interface TagAgreement {
  nWords: number;
  /** Words with the same tag in both. */
  nEqual: number;
  /** Equal tags by words, from 0 to 1; 1 if there are no words. */
  share: number;
}

/**
 * Compares two predictions, word by word.
 *
 * @param a Tags of each sentence.
 * @param b Tags of the same sentences.
 * @throws If they are not of the same words.
 *
 * @example
 * ```ts
 * import { tagAgreement } from "@laner/laner/scores";
 * import { assertEquals } from "@std/assert";
 *
 * const agreement = tagAgreement([["B-task", "O"], ["O", "O"]], [["B-task", "O"], ["O", "B-task"]]);
 * assertEquals(agreement, { nWords: 4, nEqual: 3, share: 0.75 });
 * ```
 */
export function tagAgreement(
  a: readonly (readonly string[])[],
  b: readonly (readonly string[])[],
): TagAgreement {
  if (a.length !== b.length) {
    throw new Error(`Cannot compare predictions of ${a.length} and ${b.length} sentences`);
  }
  let nWords = 0;
  let nEqual = 0;
  for (const [i, tags] of a.entries()) {
    const others = b[i]!;
    if (others.length !== tags.length) {
      throw new Error(
        `Cannot compare predictions: sentence ${i + 1} has ${tags.length} and ${others.length} words`,
      );
    }
    nWords += tags.length;
    nEqual += tags.filter((tag, word) => tag === others[word]).length;
  }
  return { nWords, nEqual, share: nWords === 0 ? 1 : nEqual / nWords };
}
