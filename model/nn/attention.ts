/** Multi-head attention between packed rows (Vaswani et al. 2017): the product alone sees padding. */
import { matrixShape } from "../engine/nd_array.ts";
import { type Tensor, tf } from "../engine/tf.ts";
import { gatherRows, maskGradient } from "./ops.ts";

/** The places of a batch's packed rows, T in all, in the padded form [B, P]. */
export interface PaddedRows {
  /** int32 [B, heads, P]: row of each padded place in the packed heads [T·heads]. */
  paddedFromPacked: Tensor;
  /** int32 [T, heads]: row of each packed head in the padded heads [B·heads·P]. */
  packedFromPadded: Tensor;
  /** float32 [B, heads, P, 1], or a shape that broadcasts to it: 1 at real rows, 0 at padding. */
  mask: Tensor;
}

/**
 * Computes softmax(q kᵀ / √(H/heads) + bias) v for each head and sentence, packed in and out.
 *
 * @param nHeads Heads; they share the width H.
 * @param q float32 [T, H]: queries.
 * @param k float32 [T', H]: keys.
 * @param v float32 [T', H]: values.
 * @param queries Where the queries stand, [B, P].
 * @param keys Where keys and values stand, [B, P'].
 * @param bias float32, broadcasts to [B, heads, P, P']: 0 where a query sees a key, a large negative number elsewhere.
 * @param drop Dropout of the probabilities, float32 [B, heads, P, P'].
 * @returns float32 [T, H].
 */
export function attend(
  nHeads: number,
  [q, k, v]: readonly [Tensor, Tensor, Tensor],
  queries: PaddedRows,
  keys: PaddedRows,
  bias: Tensor,
  drop: (probabilities: Tensor) => Tensor,
): Tensor {
  const [, H] = matrixShape(q);
  const width = H / nHeads;
  const pad = (x: Tensor, { paddedFromPacked, packedFromPadded }: PaddedRows) =>
    gatherRows(tf.reshape(x, [x.shape[0] * nHeads, width]), paddedFromPacked, packedFromPadded); // [B, heads, P, H/heads]
  const scaled = tf.mul(q, 1 / Math.sqrt(width));
  const scores = tf.matMul(pad(scaled, queries), pad(k, keys), false, true); // [B, heads, P, P']
  const probabilities = drop(tf.softmax(tf.add(scores, bias)));
  // Padded places have states too, which nobody reads.
  const context = maskGradient(tf.matMul(probabilities, pad(v, keys)), queries.mask);
  const flat = tf.reshape(context, [-1, width]);
  return tf.reshape(gatherRows(flat, queries.packedFromPadded, queries.paddedFromPacked), q.shape);
}
