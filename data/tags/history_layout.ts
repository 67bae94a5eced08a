/**
 * The layout of tag histories: word i (from 0) of a sentence has the places 0 … i. In packed form the places of a word
 * stand together, in order; in padded form each word has a row.
 */
import { MASKED } from "../batches/batch.ts";

/**
 * The arrays for `labelContext` (see model/systems/laner/biattention.ts). W words, R pairs of a word and a place, M
 * longest history.
 */
export interface HistoryLayoutArrays {
  /** int32 [W, M]: the pair of each place. */
  paddedFromPairs: { shape: number[]; data: Int32Array };
  /** int32 [R]: the place of each pair. */
  pairsFromPadded: { shape: number[]; data: Int32Array };
  /** int32 [R]: the word of each pair. */
  pairWords: { shape: number[]; data: Int32Array };
  /** float32 [W, M]: 0 at places of the history, a large negative number elsewhere. */
  historyBias: { shape: number[]; data: Float32Array };
}

/** Axes of the arrays, as the engine asks for them. */
export const HISTORY_AXES = {
  paddedFromPairs: ["W", "M"],
  pairsFromPadded: ["R"],
  pairWords: ["R"],
  historyBias: ["W", "M"],
} as const;

/**
 * Lays out the histories of words.
 *
 * @param nWords Word count of each sentence.
 * @param from First word of each sentence to include; by default all words are included.
 */
export function historyLayout(
  nWords: readonly number[],
  from: readonly number[] = nWords.map(() => 0),
): HistoryLayoutArrays {
  const W = nWords.reduce((sum, n, b) => sum + n - from[b]!, 0);
  const R = nWords.reduce((sum, n, b) => sum + nPlaces(n) - nPlaces(from[b]!), 0);
  const M = Math.max(1, ...nWords);
  const paddedFromPairs = new Int32Array(W * M);
  const pairsFromPadded = new Int32Array(R);
  const pairWords = new Int32Array(R);
  const historyBias = new Float32Array(W * M).fill(MASKED);
  let word = 0;
  let pair = 0;
  nWords.forEach((n, b) => {
    for (let i = from[b]!; i < n; i++, word++) {
      for (let k = 0; k <= i; k++, pair++) {
        paddedFromPairs[word * M + k] = pair;
        pairsFromPadded[pair] = word * M + k;
        pairWords[pair] = word;
        historyBias[word * M + k] = 0;
      }
    }
  });
  return {
    paddedFromPairs: { shape: [W, M], data: paddedFromPairs },
    pairsFromPadded: { shape: [R], data: pairsFromPadded },
    pairWords: { shape: [R], data: pairWords },
    historyBias: { shape: [W, M], data: historyBias },
  };
}

/** Counts the places in the histories of the first n words of a sentence. */
export function nPlaces(n: number): number {
  return n * (n + 1) / 2;
}
