/** The ops from which the networks are built, with gradients of their own where those are cheaper or shorter. */
import { fusedOp } from "../engine/fused_ops.ts";
import { matrixShape } from "../engine/nd_array.ts";
import { type Tensor, tf } from "../engine/tf.ts";

/**
 * Computes a linear layer, x Wᵀ + b, with the weight stored as PyTorch does.
 *
 * @param x float32 [n, in].
 * @param weight float32 [out, in].
 * @param bias float32 [out].
 * @returns float32 [n, out].
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  return fusedOp("FusedLinear", { x, weight, bias }) ?? tf.add(tf.matMul(x, weight, false, true), bias);
}

/**
 * Puts rows of a matrix into another order, where the way back is known: the gradient is a gather too, not a sum over
 * scattered rows. This is how values go between packed form (real pieces or words only) and padded form.
 *
 * @param x float32 [n, w].
 * @param index int32 [...m]: the row of `x` for each place of the result.
 * @param inverse int32 [...n]: for each row of `x` the one place of the (flattened) result that its gradient
 * comes from. Places that no row names, such as padding, must not influence the loss.
 * @param used float32 [n, 1]: 0 for rows of `x` that the result does not use, when there are any.
 * @returns float32 [...m, w].
 */
export function gatherRows(x: Tensor, index: Tensor, inverse: Tensor, used?: Tensor): Tensor {
  const [, width] = matrixShape(x);
  const gather = tf.customGrad((rows) => ({
    value: tf.gather(rows as Tensor, index as tf.Tensor1D),
    gradFunc: (dy: Tensor) => {
      const flat = tf.reshape(dy, [index.size, width]);
      const gradient = tf.reshape(tf.gather(flat, inverse as tf.Tensor1D), x.shape);
      return used ? tf.mul(gradient, used) : gradient;
    },
  }));
  return gather(x);
}

/**
 * Keeps gradients out of places that nobody reads, such as padding: the result is `x`, and its gradient is multiplied
 * by a mask.
 *
 * @param x float32 of any shape.
 * @param mask float32, broadcasts to the shape of `x`: 1 at places that are read, 0 elsewhere.
 */
export function maskGradient(x: Tensor, mask: Tensor): Tensor {
  const pass = tf.customGrad((x) => ({
    value: tf.clone(x as Tensor),
    gradFunc: (dy: Tensor) => tf.mul(dy, mask),
  }));
  return pass(x);
}

/**
 * Normalises over the last axis: (x - mean) / sqrt(variance + epsilon) · weight + bias.
 *
 * @param x float32 [n, w].
 * @param weight float32 [w].
 * @param bias float32 [w].
 */
export function layerNorm(x: Tensor, weight: Tensor, bias: Tensor, epsilon: number): Tensor {
  const normalise = tf.customGrad((x, weight, bias, save) => {
    const centred = tf.sub(x as Tensor, tf.mean(x as Tensor, -1, true));
    const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
    const normal = tf.mul(centred, scale);
    (save as tf.GradSaveFunc)([normal, scale, weight as Tensor]);
    return {
      value: tf.add(tf.mul(normal, weight as Tensor), bias as Tensor),
      gradFunc: (dy: Tensor, [normal, scale, weight]: Tensor[]) => {
        const d = tf.mul(dy, weight!);
        const along = tf.mul(normal!, tf.mean(tf.mul(d, normal!), -1, true));
        const dx = tf.mul(scale!, tf.sub(tf.sub(d, tf.mean(d, -1, true)), along));
        return [dx, tf.sum(tf.mul(dy, normal!), 0), tf.sum(dy, 0)];
      },
    };
  });
  return normalise(x, weight, bias);
}

const SQRT_HALF = Math.sqrt(0.5);
const INVERSE_SQRT_2PI = 1 / Math.sqrt(2 * Math.PI);

/**
 * Computes the exact GELU, x Φ(x) with Φ the normal distribution function (BERT's `gelu`, not its tanh approximation).
 */
export function gelu(x: Tensor): Tensor {
  const activate = tf.customGrad((x, save) => {
    const cdf = tf.mul(0.5, tf.add(1, tf.erf(tf.mul(x as Tensor, SQRT_HALF))));
    (save as tf.GradSaveFunc)([x as Tensor, cdf]);
    return {
      value: tf.mul(x as Tensor, cdf),
      gradFunc: (dy: Tensor, [x, cdf]: Tensor[]) => {
        const density = tf.mul(INVERSE_SQRT_2PI, tf.exp(tf.mul(-0.5, tf.square(x!))));
        return tf.mul(dy, tf.add(cdf!, tf.mul(x!, density)));
      },
    };
  });
  return fusedOp("FusedGelu", { x }) ?? activate(x);
}

/**
 * Computes the mean cross-entropy of rows of logits.
 *
 * @param logits float32 [n, K].
 * @param targets float32 [n, K]: each row one-hot, or all zero for a row that does not count.
 * @param perRow float32 []: 1 over the number of rows that count.
 * @returns float32 [].
 */
export function crossEntropy(logits: Tensor, targets: Tensor, perRow: Tensor): Tensor {
  return tf.mul(tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), targets))), perRow);
}
