/**
 * The cell of Jia & Zhang (2020): one LSTM cell for each entity type, whose states are composed by attention. Typed
 * cells k and the composition read the word x and the state h, c before:
 *
 * i_k, g_k = σ, tanh(W_k x + U_k h + b_k), c_k = i_k g_k + (1 - i_k) c
 * i, o, c̃ = σ, σ, tanh(W x + U h + b), α = softmax_k v · tanh(P c̃ + Q c_k)
 * c' = i Σ_k α_k c_k + (1 - i) c, h' = o tanh c'
 */
import { type Tensor, tf } from "../../engine/tf.ts";
import type { Cell } from "../../nn/recurrent_cell.ts";

/** Lists names and shapes of the parameters of one direction; each domain has an attention of its own. */
export function multiCellShapes(
  nTypes: number,
  inputWidth: number,
  H: number,
  suffix: string,
): Record<string, number[]> {
  const shapes: Record<string, number[]> = {};
  const layer = (name: string, ...outer: number[]) => {
    shapes[`${name}.weight_ih${suffix}`] = [...outer, inputWidth];
    shapes[`${name}.weight_hh${suffix}`] = [...outer, H];
    shapes[`${name}.bias${suffix}`] = outer;
  };
  layer("cells", nTypes, 2 * H);
  layer("composition", 3 * H);
  for (const domain of ["source", "target"]) {
    shapes[`${domain}/attention.P${suffix}.weight`] = [2 * H, H];
    shapes[`${domain}/attention.Q${suffix}.weight`] = [2 * H, H];
    shapes[`${domain}/attention.v${suffix}.weight`] = [1, 2 * H];
  }
  return shapes;
}

/**
 * Makes the cell for N types.
 *
 * It reads `cells`, float32 [n, 2H N], and `composition`, float32 [n, 3H]: what x adds to the gates, biases included.
 * Its outputs are `alpha`, float32 [n, N], and `typed`, the c_k, float32 [n, N H].
 */
export function multiCell(N: number, H: number): Cell {
  return {
    parameters: ["cells_hh", "composition_hh", "P", "Q", "v"],
    inputs: { cells: N * 2 * H, composition: 3 * H },
    states: { h: H, c: H },
    outputs: { alpha: N, typed: N * H },
    step(x) {
      const n = x.h!.shape[0];
      const product = (a: Tensor, b: Tensor) => tf.matMul(a, b, false, true);
      const typedGates = tf.add(x.cells!, product(x.h!, tf.reshape(x.cells_hh!, [N * 2 * H, H])));
      const [typedInput, typedNew] = tf.split(tf.reshape(typedGates, [n, N, 2 * H]), 2, 2);
      const gate = tf.sigmoid(typedInput!);
      const before = tf.reshape(x.c!, [n, 1, H]);
      const typed = tf.add(tf.mul(gate, tf.tanh(typedNew!)), tf.mul(tf.sub(1, gate), before));

      const gates = tf.add(x.composition!, product(x.h!, x.composition_hh!));
      const [input, output, candidate] = tf.split(gates, 3, 1);
      const i = tf.sigmoid(input!);
      const query = tf.reshape(product(tf.tanh(candidate!), x.P!), [n, 1, 2 * H]);
      const keys = tf.reshape(product(tf.reshape(typed, [n * N, H]), x.Q!), [n, N, 2 * H]);
      const energy = product(tf.reshape(tf.tanh(tf.add(query, keys)), [n * N, 2 * H]), x.v!);
      const alpha = tf.softmax(tf.reshape(energy, [n, N]));
      const composed = tf.sum(tf.mul(tf.reshape(alpha, [n, N, 1]), typed), 1);
      const c = tf.add(tf.mul(i, composed), tf.mul(tf.sub(1, i), x.c!));
      const h = tf.mul(tf.sigmoid(output!), tf.tanh(c));
      return { h, c, alpha, typed: tf.reshape(typed, [n, N * H]) };
    },
  };
}
