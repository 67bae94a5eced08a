/** The states of a Multi-Cell LSTM in both directions, and the inputs of its auxiliary losses. */
import type { Engine } from "../../engine/engine.ts";
import { columns, type NdArray, sideBySide } from "../../engine/nd_array.ts";
import { type Tensor, type Tensors, tf } from "../../engine/tf.ts";
import { createGraphBlock } from "../../nn/graph_block.ts";
import { linear } from "../../nn/ops.ts";
import { createRecurrence } from "../../nn/recurrence.ts";
import { BACKWARD, FORWARD } from "../../nn/recurrent_cell.ts";
import type { Gradient } from "../../training/optimizer.ts";
import { type Parameters, sizeOf } from "../../weights/parameters.ts";
import { multiCell } from "./multi_cell.ts";

/** The outputs for W words and N types. */
export interface MultiCellOutputs {
  /** float32 [W, 2H], forward beside backward. */
  states: NdArray;
  /** The attention on each type's cell, mean of both directions: float32 [W, N]. */
  alpha: NdArray;
  /** A score for each type of its cell's states in both directions: float32 [W, N]. */
  typeScores: NdArray;
}

/** A network of one domain. */
export interface MultiCellStates {
  /**
   * Reads sentences.
   *
   * @param parameters Those of `multiCellShapes`, with the attention of one domain, and of `typeScoreShapes`.
   * @param x float32 [W, inputWidth]; it must not change before `backward`.
   * @returns The outputs, which the next call overwrites.
   */
  forward(parameters: Parameters, x: NdArray, nWords: readonly number[]): Promise<MultiCellOutputs>;
  /** Returns the gradients by `x` and the parameters from those of all outputs. */
  backward(d: MultiCellOutputs): Promise<{ x: NdArray; gradients: Record<string, Gradient> }>;
  dispose(): void;
}

/** Lists names and shapes of the parameters that score the types. */
export const typeScoreShapes = (nTypes: number, H: number): Record<string, number[]> => ({
  "types.weight": [nTypes, 2 * H],
  "types.bias": [nTypes],
});

const SUFFIXES = [FORWARD.suffix, BACKWARD.suffix];
/** Parameters with a row for each type of all domains; a domain uses the rows of its own types. */
const OF_TYPES = [
  ...SUFFIXES.flatMap((suffix) => ["weight_ih", "weight_hh", "bias"].map((kind) => `cells.${kind}${suffix}`)),
  "types.weight",
  "types.bias",
];

/**
 * Compiles the network of one domain.
 *
 * @param inputWidth Width of a word.
 * @param H Width of a direction's states.
 * @param types The rows of the domain's types in the parameters.
 */
export function createMultiCellStates(
  engine: Engine,
  inputWidth: number,
  H: number,
  types: readonly number[],
): MultiCellStates {
  const N = types.length;
  const gates = createGraphBlock(engine, {
    label: "multi-cell gates",
    compute: (p) =>
      Object.fromEntries(SUFFIXES.flatMap((suffix) => [
        [
          `cells${suffix}`,
          linear(
            p.x!,
            tf.reshape(p[`cells.weight_ih${suffix}`]!, [N * 2 * H, inputWidth]),
            tf.reshape(p[`cells.bias${suffix}`]!, [N * 2 * H]),
          ),
        ],
        [
          `composition${suffix}`,
          linear(p.x!, p[`composition.weight_ih${suffix}`]!, p[`composition.bias${suffix}`]!),
        ],
      ])),
    axes: { x: ["W", inputWidth] },
    outputs: Object.fromEntries(SUFFIXES.flatMap((suffix) => [
      [`cells${suffix}`, ["W", N * 2 * H]],
      [`composition${suffix}`, ["W", 3 * H]],
    ])),
    by: [
      "x",
      ...SUFFIXES.flatMap((suffix) =>
        ["cells", "composition"].flatMap((part) => [`${part}.weight_ih${suffix}`, `${part}.bias${suffix}`])
      ),
    ],
  });
  const recurrence = createRecurrence(engine, "multi-cell", multiCell(N, H));
  const scores = createGraphBlock(engine, {
    label: "type scores",
    compute: (p) => ({ scores: tf.add(tf.add(scoresOf(p, ""), scoresOf(p, "_reverse")), p["types.bias"]) }),
    axes: { typed: ["W", N * H], typed_reverse: ["W", N * H] },
    outputs: { scores: ["W", N] },
    by: ["typed", "typed_reverse", "types.weight", "types.bias"],
  });
  /** Scores one direction's cells with its half of the weights. */
  function scoresOf(p: Tensors, suffix: string): Tensor {
    const half = tf.slice(p["types.weight"]!, [0, suffix === "" ? 0 : H], [N, H]);
    const typed = p[`typed${suffix}`]!;
    return tf.sum(tf.mul(tf.reshape(typed, [typed.shape[0], N, H]), half), 2);
  }
  let shapes: Record<string, number[]> = {};

  return {
    async forward(parameters, x, nWords) {
      shapes = Object.fromEntries(OF_TYPES.map((name) => [name, parameters[name]!.shape]));
      const own = {
        ...parameters,
        ...Object.fromEntries(OF_TYPES.map((name) => [name, rowsOf(parameters[name]!, types)])),
      };
      const given = await gates.forward({ x, ...only(own, /^(cells|composition)\.(weight_ih|bias)/) });
      const cell = Object.fromEntries(SUFFIXES.flatMap((suffix) => [
        [`cells_hh${suffix}`, own[`cells.weight_hh${suffix}`]!],
        [`composition_hh${suffix}`, own[`composition.weight_hh${suffix}`]!],
        ...["P", "Q", "v"].map((name) => [name + suffix, own[`attention.${name}${suffix}.weight`]!]),
      ]));
      const { elements } = await recurrence.forward(cell, given, nWords);
      const typed = { typed: elements.typed!, typed_reverse: elements.typed_reverse! };
      const { scores: typeScores } = await scores.forward({
        ...typed,
        "types.weight": own["types.weight"]!,
        "types.bias": own["types.bias"]!,
      });
      return {
        states: sideBySide([elements.h!, elements.h_reverse!]),
        alpha: mean(elements.alpha!, elements.alpha_reverse!),
        typeScores,
      };
    },

    async backward({ states, alpha, typeScores }) {
      const byScores = await scores.backward({ scores: typeScores });
      const half = { shape: alpha.shape, data: alpha.data.map((value) => value / 2) };
      const back = await recurrence.backward({
        elements: {
          h: columns(states, 0, H),
          h_reverse: columns(states, H, H),
          alpha: half,
          alpha_reverse: half,
          typed: byScores.typed,
          typed_reverse: byScores.typed_reverse,
        },
      });
      const { x, ...byGates } = await gates.backward(back.inputs);
      const gradients: Record<string, Gradient> = {
        ...byGates,
        "types.weight": byScores["types.weight"],
        "types.bias": byScores["types.bias"],
      };
      for (const suffix of SUFFIXES) {
        gradients[`cells.weight_hh${suffix}`] = back.parameters[`cells_hh${suffix}`]!;
        gradients[`composition.weight_hh${suffix}`] = back.parameters[`composition_hh${suffix}`]!;
        for (const name of ["P", "Q", "v"]) {
          gradients[`attention.${name}${suffix}.weight`] = back.parameters[name + suffix]!;
        }
      }
      for (const name of OF_TYPES) {
        const [all, ...rest] = shapes[name]!;
        const { data } = gradients[name]!;
        gradients[name] = { shape: [all!, sizeOf(rest)], rows: Int32Array.from(types), data };
      }
      return { x: x!, gradients };
    },

    dispose() {
      for (const part of [gates, recurrence, scores]) part.dispose();
    },
  };
}

/** Picks the parameters whose names match. */
function only(parameters: Parameters, names: RegExp): Parameters {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => names.test(name)));
}

/** Takes entries of an array along its first axis. */
function rowsOf({ shape: [, ...rest], data }: NdArray, rows: readonly number[]): NdArray {
  const size = sizeOf(rest);
  const taken = new Float32Array(rows.length * size);
  rows.forEach((row, i) => taken.set(data.subarray(row * size, (row + 1) * size), i * size));
  return { shape: [rows.length, ...rest], data: taken };
}

function mean(a: NdArray, b: NdArray): NdArray {
  return { shape: a.shape, data: a.data.map((value, i) => (value + b.data[i]!) / 2) };
}
