/** Cross-entropy on plain arrays, for the small losses that stand beside a network's main one. */
import { matrixShape, type NdArray } from "../engine/nd_array.ts";
import { checkFinite } from "../weights/finite.ts";

/**
 * Sums -log softmax(scores)[gold] over all rows.
 *
 * @param scores float32 [n, K].
 * @param gold The right column of each row.
 * @param scale What the sum and its gradient are multiplied by.
 * @returns The loss, and its gradient by the scores, float32 [n, K].
 */
export function crossEntropyOfRows(
  scores: NdArray,
  gold: ArrayLike<number>,
  scale: number,
): { loss: number; scores: NdArray } {
  const { data } = scores;
  const [n, K] = matrixShape(scores);
  const d = new Float32Array(n * K);
  let loss = 0;
  for (let i = 0; i < n; i++) {
    const row = data.subarray(i * K, (i + 1) * K);
    const most = row.reduce((a, b) => Math.max(a, b), -Infinity);
    let sum = 0;
    for (let k = 0; k < K; k++) sum += Math.exp(row[k]! - most);
    const logSum = most + Math.log(sum);
    loss += scale * (logSum - row[gold[i]!]!);
    for (let k = 0; k < K; k++) {
      d[i * K + k] = scale * (Math.exp(row[k]! - logSum) - (k === gold[i]! ? 1 : 0));
    }
  }
  return { loss, scores: { shape: [n, K], data: d } };
}

/**
 * Finds the column with the greatest value of each row; the first of equals.
 *
 * @param scores float32 [n, K].
 * @param what What they are, for the message: "scores of tags".
 * @throws If a value is not finite.
 */
export function greatestOfRows(scores: NdArray, what: string): Int32Array {
  checkFinite(scores, what);
  const { data } = scores;
  const [n, K] = matrixShape(scores);
  return Int32Array.from({ length: n }, (_, i) => {
    let best = 0;
    for (let k = 1; k < K; k++) if (data[i * K + k]! > data[i * K + best]!) best = k;
    return best;
  });
}
