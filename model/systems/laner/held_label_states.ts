/**
 * The label encoder where the engine holds arrays, in a training step and in prediction. A string's parent always lies in the level
 * before, so the levels are a chain of runs that hand states to each other, some levels in each; nothing is read back.
 */
import type { HistoryNodes, TagHistories, TagStrings } from "../../../data/tags/tag_history.ts";
import type { Arrays, Engine } from "../../engine/engine.ts";
import { releaseHeld } from "../../engine/held_array.ts";
import type { NdArray } from "../../engine/nd_array.ts";
import { readArrays } from "../../engine/read_arrays.ts";
import { createRowSums } from "../../nn/row_sums.ts";
import { checkFinite } from "../../weights/finite.ts";
import { type Parameters, pickParameters } from "../../weights/parameters.ts";
import { compileHeldLabelGraphs, LEVELS, TABLE_PARAMETERS } from "./held_label_graphs.ts";
import { type Direction, DIRECTIONS, HALVES } from "./label_encoder.ts";
import type { HistoryStates } from "./history_states.ts";

/** A run of the chain, as the way back needs it. */
interface Link {
  /** What is read besides table and recurrent weights: of each level, and `h` and `c` before it. */
  inputs: Arrays;
  /** The number of strings of its last level. */
  nLast: number;
}

/** The label encoder on an engine. */
export interface HeldLabelStates {
  /**
   * Computes the states of all strings of histories; those of other strings are forgotten.
   *
   * @param parameters The label encoder's parameters (other names are ignored).
   * @param strings The strings of these histories, and no others.
   */
  encode(parameters: Parameters, strings: TagStrings, histories: TagHistories): Promise<void>;
  /** Lays out the states of some of the histories; the next `encode` releases them. */
  lookUp(nodes: HistoryNodes): Promise<Record<keyof HistoryStates, NdArray>>;
  /**
   * Computes the gradients of the parameters from those of the states of all histories; the next `encode` releases them.
   */
  gradients(d: HistoryStates): Promise<Parameters>;
  /**
   * Checks that the tables of the label encoder are finite: an LSTM makes numbers of what is none.
   *
   * @throws {OverflowError} If one value is not.
   */
  checkFinite(parameters: Parameters): Promise<void>;
  dispose(): void;
}

/** The last forward pass. */
interface Pass {
  parameters: Parameters;
  histories: TagHistories;
  /** The states of all strings of each half. */
  states: Record<Direction, NdArray>;
  nNodes: Record<Direction, number>;
  links: Record<Direction, Link[]>;
  tables: Record<Direction, NdArray>;
  /** All arrays that it holds. */
  held: Arrays[];
}

/**
 * Creates it.
 *
 * @param D Label width.
 * @param K Number of tags.
 */
export function createHeldLabelStates(engine: Engine, D: number, K: number): HeldLabelStates {
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

  /** Returns the last forward pass. */
  function lastPass(): Pass {
    if (!pass) throw new Error("Cannot look up label states: there are none, call encode() before");
    return pass;
  }

  return {
    async encode(parameters, strings, histories) {
      release();
      const tables = await graphs.tables.run(tableParameters(parameters));
      const nNodes = { forward: strings.forward.nNodes, backward: strings.backward.nNodes };
      const none = zeros(1, D);
      pass = {
        parameters,
        histories,
        states: { forward: none, backward: none },
        nNodes,
        links: { forward: [], backward: [] },
        tables,
        held: [tables],
      };
      for (const direction of HALVES) pass.states[direction] = await statesOf(direction, strings, pass);
    },

    async lookUp(nodes) {
      const { states, held } = lastPass();
      const found = await graphs.lookUp.run({ ...states, ...nodesOf(nodes) });
      held.push(found);
      return found;
    },

    async gradients(d) {
      const pass = lastPass();
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

    async checkFinite(parameters) {
      const tables = await graphs.tables.run(tableParameters(parameters));
      for (const table of Object.values(await readArrays(engine, tables))) checkFinite(table, "label states");
      releaseHeld(tables);
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

function nodesOf({ lastForward, lastBackward, pairForward, pairBackward }: HistoryNodes): Arrays {
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
