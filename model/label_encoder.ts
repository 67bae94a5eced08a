/** The label encoder, Eq. 3: a one-layer BiLSTM over a tag history, as PyTorch's LSTM computes it. */
import { type Tensor, type Tensors, tf } from "./engine/tf.ts";

/** The two halves of the BiLSTM and the suffix that PyTorch gives their parameters. */
export const DIRECTIONS = { forward: "", backward: "_reverse" } as const;
export type Direction = keyof typeof DIRECTIONS;
/** Their names, forward first. */
export const HALVES = Object.keys(DIRECTIONS) as Direction[];

/** Names and shapes of the label encoder's parameters: D label width, K tags (START is row K). */
export function labelEncoderShapes(D: number, K: number): Record<string, number[]> {
  const shapes: Record<string, number[]> = { "label_embedding.weight": [K + 1, D] };
  for (const suffix of Object.values(DIRECTIONS)) {
    shapes[`lstm.weight_ih_l0${suffix}`] = [4 * D, D];
    shapes[`lstm.weight_hh_l0${suffix}`] = [4 * D, D];
    shapes[`lstm.bias_ih_l0${suffix}`] = [4 * D];
    shapes[`lstm.bias_hh_l0${suffix}`] = [4 * D];
  }
  return shapes;
}

/** Whether a parameter belongs to the label encoder. */
export function isLabelParameter(name: string): boolean {
  return name.startsWith("lstm.") || name.startsWith("label_embedding.");
}

/**
 * What each tag adds to the gates: W_ih · embedding + b_ih + b_hh, a table as there are few tags.
 *
 * @returns float32 [K+1, 4D].
 */
export function inputTable(parameters: Tensors, direction: Direction): Tensor {
  const suffix = DIRECTIONS[direction];
  const projected = tf.matMul(
    parameters["label_embedding.weight"],
    parameters[`lstm.weight_ih_l0${suffix}`],
    false,
    true,
  );
  return tf.add(
    projected,
    tf.add(parameters[`lstm.bias_ih_l0${suffix}`], parameters[`lstm.bias_hh_l0${suffix}`]),
  );
}

/** State of an LSTM: h and c, float32 [n, D] each. */
export interface LstmState {
  h: Tensor;
  c: Tensor;
}

/**
 * One step of an LSTM with gates i, f, g, o: c' = f c + i g, h' = o tanh(c').
 *
 * @param input float32 [n, 4D]: the rows of `inputTable` for the symbols read.
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
  const gates = [tf.sigmoid(i), tf.sigmoid(f), tf.tanh(g), tf.sigmoid(o)];
  const next = tf.add(tf.mul(gates[1], c), tf.mul(gates[0], gates[2]));
  return { h: tf.mul(gates[3], tf.tanh(next)), c: next, gates: tf.concat(gates, 1) };
}

/**
 * The gradient of `lstmCell`.
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
  const dc = tf.add(gradient.c, tf.mul(gradient.h, tf.mul(o, tanhSlope(squashed))));
  const dGates = tf.concat([
    tf.mul(tf.mul(dc, g), sigmoidSlope(i)),
    tf.mul(tf.mul(dc, before), sigmoidSlope(f)),
    tf.mul(tf.mul(dc, i), tanhSlope(g)),
    tf.mul(tf.mul(gradient.h, squashed), sigmoidSlope(o)),
  ], 1);
  return { h: tf.matMul(dGates, recurrent), c: tf.mul(dc, f), gates: dGates };
}

/**
 * The label encoder as the paper writes it, for one history: e_0 … e_{n-1}, forward and backward states side by
 * side. Training and prediction get the same states from `createLabelStates`, which computes equal tag strings
 * once; this function is the definition it is tested against.
 *
 * @param parameters Tensors by the names of `labelEncoderShapes`.
 * @param history Tag ids, START first; at least one.
 * @returns float32 [n, 2D].
 */
export function encodeHistory(parameters: Tensors, history: readonly number[]): Tensor {
  return tf.tidy(() => {
    const halves = HALVES.map((direction) => {
      const recurrent = parameters[`lstm.weight_hh_l0${DIRECTIONS[direction]}`];
      const table = inputTable(parameters, direction);
      const inputs = history.map((tag) => tf.gather(table, tf.tensor1d([tag], "int32")));
      if (direction === "backward") inputs.reverse();
      const D = recurrent.shape[1]!;
      let state: LstmState = { h: tf.zeros([1, D]), c: tf.zeros([1, D]) };
      const states = inputs.map((input) => (state = lstmCell(input, state, recurrent)).h);
      if (direction === "backward") states.reverse();
      return tf.concat(states, 0);
    });
    return tf.concat(halves, 1);
  });
}
