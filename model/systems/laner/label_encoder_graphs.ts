/** The label encoder's graphs, for both halves of the BiLSTM side by side; label_states.ts runs them level by level. */
import type { Axes, Compiled, Engine } from "../../engine/engine.ts";
import { valueAndGradients } from "../../engine/gradients.ts";
import { type Tensor, type Tensors, tf } from "../../engine/tf.ts";
import { lstmCell, lstmCellGradient } from "../../nn/lstm_cell.ts";
import { type Direction, DIRECTIONS, HALVES, inputTable, isLabelParameter } from "./label_encoder.ts";

/** Compiled graphs; inputs and outputs of a half are named `forward.…` and `backward.…`. */
export interface LabelEncoderGraphs {
  /** `forward` and `backward`: what each tag adds to the gates. */
  tables: Compiled;
  /** States of the strings of one length from those of their parents; for training with their gates. */
  level: Compiled;
  trainingLevel: Compiled;
  /** Gradients of the parents' states from those of the strings of one length. */
  levelGradient: Compiled;
  /** Gradients of all parameters from those of all gates. */
  parameterGradients: Compiled;
}

/**
 * Compiles the graphs.
 *
 * @param D Label width.
 * @param K Number of tags.
 */
export function compileLabelEncoder(
  engine: Engine,
  D: number,
  K: number,
): LabelEncoderGraphs {
  const both =
    (make: (direction: Direction, input: (name: string) => Tensor) => Tensors) => (inputs: Tensors) =>
      Object.assign(
        {},
        ...HALVES.map((direction) => {
          const outputs = make(direction, (name) => inputs[`${direction}.${name}`]!);
          return Object.fromEntries(
            Object.entries(outputs).map(([name, tensor]) => [`${direction}.${name}`, tensor]),
          );
        }),
      );
  const axes = (byName: Axes): Axes =>
    Object.fromEntries(
      HALVES.flatMap((direction) =>
        Object.entries(byName).map(([name, dims]) => [
          `${direction}.${name}`,
          dims.map((dim) => (typeof dim === "string" ? `${direction}.${dim}` : dim)),
        ])
      ),
    );
  const n4D = ["n", 4 * D];
  const nD = ["n", D];
  const level = (label: string, withGates: boolean) =>
    engine.compile(
      label,
      both((_, input) => {
        const rows = (name: string) => tf.gather(input(name), input("parents") as tf.Tensor1D);
        const gateInput = tf.gather(input("table"), input("symbols") as tf.Tensor1D);
        const { h, c, gates } = lstmCell(gateInput, { h: rows("h"), c: rows("c") }, input("recurrent"));
        return { h, c, ...(withGates ? { gates } : {}) };
      }),
      axes({ symbols: ["n"], parents: ["n"], h: ["S", D], c: ["S", D] }),
    );
  return {
    tables: engine.compile("label encoder: tables", (inputs) => ({
      forward: inputTable(inputs, "forward"),
      backward: inputTable(inputs, "backward"),
    })),
    level: level("label encoder: level", false),
    trainingLevel: level("label encoder: level, with gates", true),
    levelGradient: engine.compile(
      "label encoder: gradient of a level",
      both((_, input) => {
        const before = tf.gather(input("before"), input("parents") as tf.Tensor1D);
        const d = { h: input("dh"), c: input("dc") };
        const { h, c, gates } = lstmCellGradient(
          input("gates"),
          before,
          input("after"),
          d,
          input("recurrent"),
        );
        return { h, c, gates };
      }),
      axes({ parents: ["n"], gates: n4D, before: ["S", D], after: nD, dh: nD, dc: nD }),
    ),
    parameterGradients: engine.compile(
      "label encoder: gradients of the parameters",
      (inputs) => {
        const parameters = Object.fromEntries(
          Object.entries(inputs).filter(([name]) => isLabelParameter(name)),
        );
        const recurrent: Tensors = {};
        const dTables: Tensors = {};
        for (const direction of HALVES) {
          const name = `lstm.weight_hh_l0${DIRECTIONS[direction]}`;
          const dGates = inputs[`${direction}.dGates`]!;
          const before = tf.gather(inputs[`${direction}.h`]!, inputs[`${direction}.parents`] as tf.Tensor1D);
          recurrent[name] = tf.matMul(dGates, before, true);
          dTables[direction] = tf.matMul(inputs[`${direction}.oneHot`]!, dGates, true);
          delete parameters[name];
        }
        const { gradients } = valueAndGradients((p) => {
          const parts = HALVES.map((direction) =>
            tf.sum(tf.mul(inputTable(p, direction), dTables[direction]!))
          );
          return tf.add(parts[0]!, parts[1]!);
        }, parameters);
        return { ...gradients, ...recurrent };
      },
      axes({ oneHot: ["n", K + 1], parents: ["n"], h: nD, dGates: n4D }),
    ),
  };
}
