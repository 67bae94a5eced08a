/** The dropouts of Flair, on plain arrays: of whole words, and of values, the same for all words of a sentence. */
import { fillDropout } from "../../data/batches/dropout.ts";
import type { Random } from "../../data/random.ts";

/** Factors for all values of a batch. */
export type Mask = Float32Array;

/**
 * Locked (variational) dropout: which of a sentence's columns are 0 is drawn once for all of its words; the others are
 * scaled by 1 / (1 - rate). Float32 [W, width].
 */
export function lockedMask(nWords: readonly number[], width: number, rate: number, random: Random): Mask {
  const mask = new Float32Array(nWords.reduce((sum, n) => sum + n, 0) * width);
  const own = new Float32Array(width);
  let start = 0;
  for (const n of nWords) {
    fillDropout(own, rate, random);
    for (let word = 0; word < n; word++, start += width) mask.set(own, start);
  }
  return mask;
}

/** Word dropout: whole words are 0, the others as they are, unscaled. Float32 [W, width]. */
export function wordMask(nWords: readonly number[], width: number, rate: number, random: Random): Mask {
  const W = nWords.reduce((sum, n) => sum + n, 0);
  const mask = new Float32Array(W * width).fill(1);
  for (let word = 0; word < W; word++) {
    if (random.uniform() < rate) mask.fill(0, word * width, (word + 1) * width);
  }
  return mask;
}
