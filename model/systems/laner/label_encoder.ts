/** The label encoder, Eq. 3: a one-layer BiLSTM over a tag history, as PyTorch's LSTM computes it. */
import { type Tensor, type Tensors, tf } from "../../engine/tf.ts";
import { lstmCell, type LstmState } from "../../nn/lstm_cell.ts";

/** The two halves of the BiLSTM and the suffix that PyTorch gives their parameters. */
export const DIRECTIONS = { forward: "", backward: "_reverse" } as const;
export type Direction = keyof typeof DIRECTIONS;
/** Their names, forward first. */
export const HALVES = Object.keys(DIRECTIONS) as Direction[];

/** Lists names and shapes of the label encoder's parameters: D label width, K tags (START is row K). */
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

/** Tells whether a parameter belongs to the label encoder. */
export function isLabelParameter(name: string): boolean {
  return name.startsWith("lstm.") || name.startsWith("label_embedding.");
}

/**
 * Tabulates what each tag adds to the gates: W_ih · embedding + b_ih + b_hh, a table as there are few tags.
 *
 * @returns float32 [K+1, 4D].
 */
export function inputTable(parameters: Tensors, direction: Direction): Tensor {
  const suffix = DIRECTIONS[direction];
  const projected = tf.matMul(
    parameters["label_embedding.weight"]!,
    parameters[`lstm.weight_ih_l0${suffix}`]!,
    false,
    true,
  );
  return tf.add(
    projected,
    tf.add(parameters[`lstm.bias_ih_l0${suffix}`]!, parameters[`lstm.bias_hh_l0${suffix}`]!),
  );
}

/**
 * Encodes one history as the paper writes it: e_0 … e_{n-1}, forward and backward states side by side.
 *
 * Training and prediction get the same states from `createLabelStates`, which computes equal tag strings once; this
 * function is the definition it is tested against.
 *
 * @param parameters Tensors by the names of `labelEncoderShapes`.
 * @param history Tag ids, START first; at least one.
 * @returns float32 [n, 2D].
 */
export function encodeHistory(parameters: Tensors, history: readonly number[]): Tensor {
  return tf.tidy(() => {
    const halves = HALVES.map((direction) => {
      const recurrent = parameters[`lstm.weight_hh_l0${DIRECTIONS[direction]}`]!;
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
