/** Gradients of a scalar by named tensors, and the two rules of TensorFlow.js that they need replaced. */
import { type Tensor, type Tensors, tf } from "./tf.ts";

// TensorFlow.js spreads the gradient of Sum and Mean by multiplying with a tensor of ones of full size. To
// broadcast is cheaper, and has no constant whose size varies with the batch, which cannot be recorded.
function spread(dy: Tensor, x: Tensor, axis: number | number[]): Tensor {
  const axes = tf.util.parseAxisParam(axis, x.shape);
  return tf.broadcastTo(tf.reshape(dy, x.shape.map((size, i) => (axes.includes(i) ? 1 : size))), x.shape);
}
tf.unregisterGradient("Sum");
tf.registerGradient({
  kernelName: "Sum",
  inputsToSave: ["x"],
  gradFunc: (dy, [x], attributes) => ({ x: () => spread(dy as Tensor, x!, attributes.axis! as number[]) }),
});
tf.unregisterGradient("Mean");
tf.registerGradient({
  kernelName: "Mean",
  inputsToSave: ["x"],
  gradFunc: (dy, [x], attributes) => ({
    x: () => {
      const axes = tf.util.parseAxisParam(attributes.axis! as number[], x!.shape);
      // Counted by a tensor: a number would be that of the sizes with which the function was recorded.
      const count = tf.sum(tf.broadcastTo(tf.scalar(1), axes.map((i) => x!.shape[i]!)));
      return spread(tf.div(dy as Tensor, count), x!, axes);
    },
  }),
});

/**
 * Computes the value of a scalar function and its gradient by each named tensor.
 *
 * @param f A function of the tensors `x`; it may use other tensors too, which count as constants.
 * @param x The tensors to differentiate by.
 * @param scale A scalar by which the gradients are multiplied from the start, not at the end; 1 by default.
 */
export function valueAndGradients<X extends Tensors>(
  f: (x: X) => Tensor,
  x: X,
  scale?: Tensor,
): { value: Tensor; gradients: Tensors } {
  const names = Object.keys(x);
  const byPosition = (...tensors: Tensor[]) =>
    f(Object.fromEntries(tensors.map((t, i) => [names[i], t])) as X);
  const { value, grads } = tf.valueAndGrads(byPosition)(Object.values(x), scale);
  return { value, gradients: Object.fromEntries(grads.map((g, i) => [names[i], g])) };
}
