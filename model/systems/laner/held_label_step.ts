/**
 * The label encoder of a training step where the engine holds arrays. A string's parent always lies in the level
 * before, so the levels are a chain of runs that hand states to each other, some levels in each; nothing is read back.
 */
import type { TagHistories, TagStrings } from "../../../data/tags/tag_history.ts";
import type { Arrays, Engine } from "../../engine/engine.ts";
import { releaseHeld } from "../../engine/held_array.ts";
import type { NdArray } from "../../engine/nd_array.ts";
import { createRowSums } from "../../nn/row_sums.ts";
import { type Parameters, pickParameters } from "../../weights/parameters.ts";
import { compileHeldLabelGraphs, LEVELS, TABLE_PARAMETERS } from "./held_label_graphs.ts";
import { type Direction, DIRECTIONS, HALVES } from "./label_encoder.ts";
import type { HistoryStates, LabelStep } from "./label_step.ts";

/** A run of the chain, as the way back needs it. */
interface Link {
  /** What is read besides table and recurrent weights: of each level, and `h` and `c` before it. */
  inputs: Arrays;
  /** The number of strings of its last level. */
  nLast: number;
}

/** The last forward pass. */
interface Pass {
  parameters: Parameters;
  histories: TagHistories;
  nNodes: Record<Direction, number>;
  links: Record<Direction, Link[]>;
  tables: Record<Direction, NdArray>;
  /** All arrays that it holds. */
  held: Arrays[];
}

/**
 * Creates the step.
 *
 * @param D Label width.
 * @param K Number of tags.
 */
export function createHeldLabelStep(engine: Engine, D: number, K: number): LabelStep {
  const graphs = compileHeldLabelGraphs(engine, D, K);
  const rowSums = createRowSums(engine, D);
  const zeros = (...shape: [number, number]) => ({ shape, data: new Float32Array(shape[0] * shape[1]) });
  let pass: Pass | null = null;
  let gradients: Parameters = {};

  function release(): void {
    for (const arrays of [...pass?.held ?? [], gradients]) releaseHeld(arrays);
    pass = null;
    gradients = {};
  }

  /** Computes the states of all strings of a half, [strings, D]; row 0 is the empty string's. */
  async function statesOf(direction: Direction, strings: TagStrings, pass: Pass): Promise<NdArray> {
    const recurrent = recurrentOf(pass.parameters, direction);
    const levels = pass.histories.levels.map((level) => level[direction]);
    let all: NdArray = zeros(1, D);
    let before = { h: all, c: all };
    let start = 0;
    for (let first = 0; first < levels.length; first += LEVELS) {
      const { inputs, nLast, end } = levelInputs(
        strings[direction],
        levels.slice(first, first + LEVELS),
        start,
      );
      const read: Arrays = { ...inputs, ...before };
      pass.links[direction].push({ inputs: read, nLast });
      const made = await graphs.levels.run({ ...read, table: pass.tables[direction], recurrent, all });
      pass.held.push(made);
      ({ all, ...before } = made);
      start = end;
    }
    return all;
  }

  /** Adds up the gradients of states by string: of one half, [nNodes, D]. */
  async function stateGradients(direction: Direction, d: HistoryStates, pass: Pass): Promise<NdArray> {
    const { histories } = pass;
    const nodes = direction === "forward"
      ? { lastStates: histories.lastForward, history: histories.pairForward }
      : { lastStates: histories.lastBackward, history: histories.pairBackward };
    let sum: NdArray | null = null;
    for (const name of ["lastStates", "history"] as const) {
      const given = d[name];
      if (!given) continue;
      const halves = await graphs.halves.run({ d: given });
      const sums = await rowSums.run(halves[direction], nodes[name], pass.nNodes[direction]);
      const both: NdArray = sum ? (await graphs.sum.run({ a: sum, b: sums })).sum : sums;
      pass.held.push({ ...halves, sums, both });
      sum = both;
    }
    return sum ?? zeros(pass.nNodes[direction], D);
  }

  /** Goes back through the levels of a half, and returns the gradients of its table and recurrent weights. */
  async function goBack(direction: Direction, d: HistoryStates, pass: Pass) {
    const dStates = await stateGradients(direction, d, pass);
    const recurrent = recurrentOf(pass.parameters, direction);
    const links = pass.links[direction];
    const nLast = links.at(-1)?.nLast ?? 1;
    let made: Record<"h" | "c" | "table" | "recurrent", NdArray> = {
      h: zeros(nLast, D),
      c: zeros(nLast, D),
      table: zeros(K + 1, 4 * D),
      recurrent: zeros(4 * D, D),
    };
    for (const { inputs } of links.toReversed()) {
      made = await graphs.levelGradients.run({
        ...inputs,
        table: pass.tables[direction],
        recurrent,
        dStates,
        dh: made.h,
        dc: made.c,
        dTable: made.table,
        dRecurrent: made.recurrent,
      });
      pass.held.push(made);
    }
    return made;
  }

  return {
    async forward(parameters, strings, histories) {
      release();
      const tables = await graphs.tables.run(tableParameters(parameters));
      const nNodes = { forward: strings.forward.nNodes, backward: strings.backward.nNodes };
      pass = { parameters, histories, nNodes, links: { forward: [], backward: [] }, tables, held: [tables] };
      const forward = await statesOf("forward", strings, pass);
      const backward = await statesOf("backward", strings, pass);
      const states = await graphs.lookUp.run({ forward, backward, ...nodesOf(histories) });
      pass.held.push(states);
      return states;
    },

    async backward(d) {
      if (!pass) {
        throw new Error(
          "Cannot compute the gradients of label states: there are none, call forward() before",
        );
      }
      const inputs: Arrays = tableParameters(pass.parameters);
      const recurrent: Parameters = {};
      for (const direction of HALVES) {
        const made = await goBack(direction, d, pass);
        inputs[`${direction}.dTable`] = made.table;
        recurrent[`lstm.weight_hh_l0${DIRECTIONS[direction]}`] = made.recurrent;
      }
      const ofTables = await graphs.parameterGradients.run(inputs);
      return gradients = { ...ofTables, ...recurrent };
    },

    dispose() {
      release();
      for (const graph of Object.values(graphs)) graph.dispose();
      rowSums.dispose();
    },
  };
}

function recurrentOf(parameters: Parameters, direction: Direction): NdArray {
  return parameters[`lstm.weight_hh_l0${DIRECTIONS[direction]}`]!;
}

function tableParameters(parameters: Parameters): Parameters {
  return pickParameters(parameters, TABLE_PARAMETERS);
}

function nodesOf({ lastForward, lastBackward, pairForward, pairBackward }: TagHistories): Arrays {
  return {
    lastForward: integers(lastForward),
    lastBackward: integers(lastBackward),
    pairForward: integers(pairForward),
    pairBackward: integers(pairBackward),
  };
}

/**
 * Lays out the levels of a run. Where there are fewer than a run has, each further one is a string that nobody reads.
 *
 * @param start The first string of the level before.
 * @returns The inputs, the number of strings of the last level, and the first of them.
 */
function levelInputs(
  { symbols, parents }: TagStrings[Direction],
  levels: readonly (readonly [start: number, end: number])[],
  start: number,
): { inputs: Arrays; nLast: number; end: number } {
  const inputs: Arrays = {};
  let before = start;
  let nBefore = (levels[0]?.[0] ?? start) - start;
  for (let level = 0; level < LEVELS; level++) {
    const [from, to] = levels[level] ?? [0, 0];
    const isThere = level < levels.length;
    const rows = isThere ? Int32Array.from({ length: to - from }, (_, i) => from + i) : Int32Array.of(0);
    inputs[`places.${level}`] = integers(Int32Array.from({ length: nBefore }, (_, i) => i));
    inputs[`rows.${level}`] = integers(rows);
    inputs[`symbols.${level}`] = integers(isThere ? symbols.slice(from, to) : Int32Array.of(0));
    inputs[`parents.${level}`] = integers(
      isThere ? parents.slice(from, to).map((parent) => parent - before) : Int32Array.of(0),
    );
    if (isThere) before = from;
    nBefore = rows.length;
  }
  return { inputs, nLast: nBefore, end: before };
}

function integers(data: Int32Array): NdArray<Int32Array> {
  return { shape: [data.length], data };
}
