/**
 * R-Drop (Liang et al. 2021): each batch passes twice, with dropout of its own, and the loss is the mean of both
 * cross-entropies and a multiple of how far the two distributions of each word's tags are apart.
 */
import type { Arrays, Axes } from "../engine/engine.ts";
import { type Tensor, type Tensors, tf } from "../engine/tf.ts";
import { crossEntropy, gatherRows } from "./ops.ts";

/** Returns the sentences of a batch for both passes, the second after the first. */
export function twice<Sentence>(sentences: readonly Sentence[]): Sentence[] {
  return [...sentences, ...sentences];
}

/** The axes of the loss's inputs. */
export const R_DROP_AXES: Axes = { otherPass: ["W"] };

/**
 * Lays out the inputs that the loss has besides those of `crossEntropy`.
 *
 * @param W Words of both passes.
 * @param weight Of the divergence.
 * @returns `otherPass` int32 [W], the row of each word in the other pass; `rDrop` float32 [].
 */
export function rDropArrays(W: number, weight: number): Arrays {
  const otherPass = Int32Array.from({ length: W }, (_, word) => (word + W / 2) % W);
  return {
    otherPass: { shape: [W], data: otherPass },
    rDrop: { shape: [], data: Float32Array.of(weight) },
  };
}

/**
 * Computes the loss: the mean cross-entropy of both passes, plus the weight times the mean over words of half the
 * symmetric Kullback-Leibler divergence, (KL(p ‖ q) + KL(q ‖ p)) / 2.
 *
 * @param logits float32 [W, K].
 * @param inputs `targets` float32 [W, K], `perWord` float32 [], 1 / W, and those of `rDropArrays`.
 * @returns float32 [].
 */
export function rDropLoss(logits: Tensor, inputs: Tensors): Tensor {
  const { targets, perWord, otherPass, rDrop } = inputs;
  const own = tf.logSoftmax(logits);
  const apart = tf.sub(own, gatherRows(own, otherPass!, otherPass!));
  // Summed over the words of both passes: each pair gives both directions.
  const divergence = tf.mul(tf.sum(tf.mul(tf.exp(own), apart)), perWord!);
  return tf.add(crossEntropy(logits, targets!, perWord!), tf.mul(divergence, rDrop!));
}
