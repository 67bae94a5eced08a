/** One step of an LSTM, and its gradient, as graphs compute them. */
import { type Tensor, tf } from "../engine/tf.ts";

/** State of an LSTM: h and c, float32 [n, D] each. */
export interface LstmState {
  h: Tensor;
  c: Tensor;
}

/**
 * Takes one step of an LSTM with gates i, f, g, o: c' = f c + i g, h' = o tanh(c').
 *
 * @param input float32 [n, 4D]: W_ih x + b_ih + b_hh of what is read.
 * @param state The states before.
 * @param recurrent float32 [4D, D]: W_hh.
 * @returns The states after, and `gates` float32 [n, 4D] after their activations.
 */
export function lstmCell(
  input: Tensor,
  { h, c }: LstmState,
  recurrent: Tensor,
): LstmState & { gates: Tensor } {
  const [i, f, g, o] = tf.split(tf.add(input, tf.matMul(h, recurrent, false, true)), 4, 1);
  const gates = [tf.sigmoid(i!), tf.sigmoid(f!), tf.tanh(g!), tf.sigmoid(o!)];
  const next = tf.add(tf.mul(gates[1]!, c), tf.mul(gates[0]!, gates[2]!));
  return { h: tf.mul(gates[3]!, tf.tanh(next)), c: next, gates: tf.concat(gates, 1) };
}

/**
 * Computes the gradient of `lstmCell`.
 *
 * @param gates float32 [n, 4D] as `lstmCell` gave them.
 * @param before c before the step.
 * @param after c after the step.
 * @param gradient Gradients of the states after.
 * @param recurrent float32 [4D, D]: W_hh.
 * @returns Gradients of the states before, and of the gates before their activations, float32 [n, 4D].
 */
export function lstmCellGradient(
  gates: Tensor,
  before: Tensor,
  after: Tensor,
  gradient: LstmState,
  recurrent: Tensor,
): LstmState & { gates: Tensor } {
  const [i, f, g, o] = tf.split(gates, 4, 1);
  const sigmoidSlope = (y: Tensor) => tf.mul(y, tf.sub(1, y));
  const tanhSlope = (y: Tensor) => tf.sub(1, tf.square(y));
  const squashed = tf.tanh(after);
  const dc = tf.add(gradient.c, tf.mul(gradient.h, tf.mul(o!, tanhSlope(squashed))));
  const dGates = tf.concat([
    tf.mul(tf.mul(dc, g!), sigmoidSlope(i!)),
    tf.mul(tf.mul(dc, before), sigmoidSlope(f!)),
    tf.mul(tf.mul(dc, i!), tanhSlope(g!)),
    tf.mul(tf.mul(gradient.h, squashed), sigmoidSlope(o!)),
  ], 1);
  return { h: tf.matMul(dGates, recurrent), c: tf.mul(dc, f!), gates: dGates };
}
