/** The inputs of searches for the best sequences, greedy and by beams: a network's scores, and settings. */

import { OverflowError } from "../weights/finite.ts";

/** The rows that a network is to go on with: `width` rows of each sequence that is still being written. */
export interface SearchRows {
  /** Numbers of those sequences, rising. */
  sequences: readonly number[];
  /** For each row, the row of the call before that it goes on from; of no meaning in the first call. */
  parents: Int32Array;
  /** For each row, the token at its end. */
  tokens: Int32Array;
}

/**
 * Scores what may follow, row by row: logits by token, -Infinity where a token may not follow. Called for one place
 * after another, from the first; all rows are at the same place.
 */
export type ScoreNext = (rows: SearchRows) => Promise<ArrayLike<number>[]>;

/** The sequences that are to be written. */
export interface SearchOptions {
  /** The token that every sequence begins with; it is not part of the result. */
  start: number;
  /** The token that ends a sequence; it is part of the result. */
  end: number;
  /** For each sequence, the most tokens that are written, from 1; after that many it ends without the end token. */
  maxLengths: readonly number[];
}

/**
 * Computes log softmax of logits.
 *
 * @throws {OverflowError} If it is none: of NaN, of infinite ones, or where no token may follow.
 */
export function logProbabilities(logits: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(logits);
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const logTotal = most + Math.log(values.reduce((sum, x) => sum + Math.exp(x - most), 0));
  if (!Number.isFinite(logTotal)) {
    throw new OverflowError(`the scores of tokens must have a softmax, current total is ${logTotal}`);
  }
  return values.map((x) => x - logTotal);
}

/** Throws unless every sequence may have a token. */
export function checkMaxLengths(maxLengths: readonly number[]): void {
  maxLengths.forEach((length, i) => {
    if (!(Number.isInteger(length) && length >= 1)) {
      throw new Error(
        `Cannot search for sequence ${
          i + 1
        }: its greatest length is a whole number from 1, current value is ${length}`,
      );
    }
  });
}
