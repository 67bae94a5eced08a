/** The dropouts of Flair, on plain arrays: of whole words, and of values, the same for all words of a sentence. */
import { fillDropout } from "../../data/batches/dropout.ts";
import type { Random } from "../../data/random.ts";

/** Factors for all values of a batch. */
export type Mask = Float32Array;

/**
 * Draws the mask of locked (variational) dropout, float32 [W, width]: a sentence's columns that are 0 are drawn once
 * for all of its words; the others are scaled by 1 / (1 - rate).
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

/** Draws the mask of word dropout, float32 [W, width]: whole words are 0, the others as they are, unscaled. */
export function wordMask(nWords: readonly number[], width: number, rate: number, random: Random): Mask {
  const W = nWords.reduce((sum, n) => sum + n, 0);
  const mask = new Float32Array(W * width).fill(1);
  for (let word = 0; word < W; word++) {
    if (random.uniform() < rate) mask.fill(0, word * width, (word + 1) * width);
  }
  return mask;
}
