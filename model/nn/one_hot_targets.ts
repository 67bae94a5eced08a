/** The right tags of words as the rows that `crossEntropy` reads. */
import type { NdArray } from "../engine/nd_array.ts";

/**
 * Lays out the right tags of W words, sentence after sentence.
 *
 * @param tagIds Tag ids of the words of each sentence, from 0 to K - 1.
 * @returns `targets` float32 [W, K], a row one-hot for each word, and `perWord` float32 [], 1 / W.
 */
export function oneHotTargets(
  tagIds: readonly ArrayLike<number>[],
  K: number,
): Record<"targets" | "perWord", NdArray> {
  const W = tagIds.reduce((sum, { length }) => sum + length, 0);
  const data = new Float32Array(W * K);
  let w = 0;
  for (const ids of tagIds) {
    for (let i = 0; i < ids.length; i++, w++) data[w * K + ids[i]!] = 1;
  }
  return { targets: { shape: [W, K], data }, perWord: { shape: [], data: Float32Array.of(1 / W) } };
}
