/** The graphs of held_label_states.ts: the label encoder for engines that hold arrays, some levels of strings in a run. */
import type { Axes, Compiled, Engine } from "../../engine/engine.ts";
import { valueAndGradients } from "../../engine/gradients.ts";
import { type Tensor, type Tensors, tf } from "../../engine/tf.ts";
import { lstmCell, type LstmState } from "../../nn/lstm_cell.ts";
import { DIRECTIONS, HALVES, inputTable, isLabelParameter } from "./label_encoder.ts";

/** Levels in a run. */
export const LEVELS = 8;

/** Compiled graphs, all of whose outputs are held. */
export interface HeldLabelGraphs {
  /** `forward` and `backward`: what each tag adds to the gates, float32 [K+1, 4D]. */
  tables: Compiled<"forward" | "backward">;
  /** The states of some levels, put below `all`, [S, D], and `h` and `c` of the last of these levels. */
  levels: Compiled<"all" | "h" | "c">;
  /** The gradients of the level before by `h` and `c`, and the sums of those by `table` and `recurrent` so far. */
  levelGradients: Compiled<"h" | "c" | "table" | "recurrent">;
  /** The states of histories by those of strings. */
  lookUp: Compiled<"lastStates" | "history">;
  /** The halves of the gradients of states. */
  halves: Compiled<"forward" | "backward">;
  sum: Compiled<"sum">;
  /** The gradients of all parameters. */
  parameterGradients: Compiled;
}

/**
 * Compiles the graphs.
 *
 * @param D Label width.
 * @param K Number of tags.
 */
export function compileHeldLabelGraphs(engine: Engine, D: number, K: number): HeldLabelGraphs {
  const nD = (axis: string) => [axis, D];
  const levelAxes: Axes = { h: nD("S"), c: nD("S") };
  for (let level = 0; level < LEVELS; level++) {
    levelAxes[`symbols.${level}`] = [`n.${level}`];
    levelAxes[`parents.${level}`] = [`n.${level}`];
    levelAxes[`places.${level}`] = [level === 0 ? "S" : `n.${level - 1}`];
    levelAxes[`rows.${level}`] = [`n.${level}`];
  }
  const last = nD(`n.${LEVELS - 1}`);
  return {
    tables: engine.compile(
      "held label encoder: tables",
      (x) => ({
        forward: inputTable(x, "forward"),
        backward: inputTable(x, "backward"),
      }),
      {},
      { held: ["forward", "backward"] },
    ),
    levels: engine.compile(
      "held label encoder: levels",
      (x) => {
        const states = statesOfLevels(x, x, tagIds(K));
        const { h, c } = states.at(-1)!;
        return { all: tf.concat([x.all!, ...states.map(({ h }) => h)], 0), h, c };
      },
      { ...levelAxes, all: nD("A") },
      { held: ["all", "h", "c"] },
    ),
    levelGradients: engine.compile(
      "held label encoder: gradients of levels",
      (x) => {
        const { h, c, table, recurrent } = x as Record<string, Tensor>;
        const by = { h: h!, c: c!, table: table!, recurrent: recurrent! };
        // What is made inside is gone when the gradients are computed.
        const tags = tagIds(K);
        const { gradients } = valueAndGradients((p) => {
          const states = statesOfLevels(p, x, tags);
          const { h, c } = states.at(-1)!;
          const products = states.map(({ h }, level) => tf.mul(h, rowsOf(x.dStates!, x[`rows.${level}`]!)));
          return [...products, tf.mul(h, x.dh!), tf.mul(c, x.dc!)]
            .map((product): Tensor => tf.sum(product))
            .reduce((sum, product) => tf.add(sum, product));
        }, by);
        return {
          h: gradients.h!,
          c: gradients.c!,
          table: tf.add(gradients.table!, x.dTable!),
          recurrent: tf.add(gradients.recurrent!, x.dRecurrent!),
        };
      },
      { ...levelAxes, dStates: nD("N"), dh: last, dc: last },
      { held: ["h", "c", "table", "recurrent"] },
    ),
    lookUp: engine.compile(
      "held label encoder: look-up",
      (x) => ({
        lastStates: tf.concat([rowsOf(x.forward!, x.lastForward!), rowsOf(x.backward!, x.lastBackward!)], 1),
        history: tf.concat([rowsOf(x.forward!, x.pairForward!), rowsOf(x.backward!, x.pairBackward!)], 1),
      }),
      {
        forward: nD("F"),
        backward: nD("B"),
        lastForward: ["W"],
        lastBackward: ["W"],
        pairForward: ["R"],
        pairBackward: ["R"],
      },
      { held: ["lastStates", "history"] },
    ),
    halves: engine.compile(
      "held label encoder: halves",
      ({ d }) => ({ forward: tf.slice(d!, [0, 0], [-1, D]), backward: tf.slice(d!, [0, D], [-1, D]) }),
      { d: ["R", 2 * D] },
      { held: ["forward", "backward"] },
    ),
    sum: engine.compile("held label encoder: sum", ({ a, b }) => ({ sum: tf.add(a!, b!) }), {
      a: nD("N"),
      b: nD("N"),
    }, { held: ["sum"] }),
    parameterGradients: engine.compile(
      "held label encoder: gradients of the parameters",
      (x) => {
        const parameters = Object.fromEntries(Object.entries(x).filter(([name]) => isLabelParameter(name)));
        const { gradients } = valueAndGradients((p) => {
          const parts = HALVES.map((direction): Tensor =>
            tf.sum(tf.mul(inputTable(p, direction), x[`${direction}.dTable`]!))
          );
          return tf.add(parts[0]!, parts[1]!);
        }, parameters);
        return gradients;
      },
      {},
      { held: TABLE_PARAMETERS },
    ),
  };
}

/** The parameters of which the tables are made: all but the recurrent weights. */
export const TABLE_PARAMETERS: readonly string[] = [
  "label_embedding.weight",
  ...Object.values(DIRECTIONS).flatMap((suffix) =>
    ["weight_ih", "bias_ih", "bias_hh"].map((name) => `lstm.${name}_l0${suffix}`)
  ),
];

/** Makes the ids of all tags, and of START. */
function tagIds(K: number): Tensor {
  return tf.tensor1d(Array.from({ length: K + 1 }, (_, tag) => tag), "int32");
}

/**
 * Computes the states of the strings of some levels.
 *
 * @param p `h` and `c` [S, D] of the level before, `table` [K+1, 4D] and `recurrent` [4D, D].
 * @param x Of each level: `symbols` and `parents` of its strings, and `places`, 0, 1, 2 … of the level before.
 * @param tags int32 [K+1]: 0, 1, 2 … of the table.
 */
function statesOfLevels(p: Tensors, x: Tensors, tags: Tensor): LstmState[] {
  let before: LstmState = { h: p.h!, c: p.c! };
  return Array.from({ length: LEVELS }, (_, level) => {
    const parent = (states: Tensor) => rowsOf(states, x[`parents.${level}`]!, x[`places.${level}`]!);
    const input = rowsOf(p.table!, x[`symbols.${level}`]!, tags);
    const { h, c } = lstmCell(input, { h: parent(before.h), c: parent(before.c) }, p.recurrent!);
    return before = { h, c };
  });
}

/**
 * Takes rows of a matrix.
 *
 * @param rows int32 [n].
 * @param places int32 [S]: 0, 1, 2 … of the matrix's rows, for the gradient, which is a product: rows that are taken
 * twice get the sum.
 */
function rowsOf(matrix: Tensor, rows: Tensor, places?: Tensor): Tensor {
  if (!places) return tf.gather(matrix, rows as tf.Tensor1D);
  const take = tf.customGrad((matrix) => ({
    value: tf.gather(matrix as Tensor, rows as tf.Tensor1D),
    gradFunc: (dy: Tensor) => {
      const isTaken = tf.equal(tf.expandDims(rows, 1), tf.expandDims(places, 0)); // [n, S]
      return tf.matMul(tf.cast(isTaken, "float32"), dy as tf.Tensor2D, true);
    },
  }));
  return take(matrix);
}
