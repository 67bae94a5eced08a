/**
 * The label encoder's states for whole batches, one per distinct tag string, and their gradients. The states
 * depend on tags and label parameters alone, so they are computed before the rest of a training step and their
 * gradients are handed back after it.
 */
import type { HistoryNodes, TagHistories, TagStrings, TrieLevel } from "../../../data/tags/tag_history.ts";
import { createBuffers } from "../../engine/buffers.ts";
import type { Engine } from "../../engine/engine.ts";
import type { NdArray } from "../../engine/nd_array.ts";
import { checkFinite } from "../../weights/finite.ts";
import type { Parameters } from "../../weights/parameters.ts";
import { DIRECTIONS, HALVES, isLabelParameter } from "./label_encoder.ts";
import { compileLabelEncoder } from "./label_encoder_graphs.ts";
import { addRows, emptyHalf, type Halves, NO_GATES, sideBySide } from "./label_halves.ts";

/**
 * Computes label states on an engine. From one `reset` to the next it serves one caller, as it holds the states of that
 * caller's strings.
 */
export interface LabelStatesComputer {
  /**
   * Starts afresh: the strings known so far are forgotten. To be called when parameters change.
   *
   * @param parameters The label encoder's parameters (other names are ignored).
   * @param forGradients True if `gradients` will be called, which takes more memory.
   */
  reset(parameters: Parameters, forGradients: boolean): Promise<void>;
  /**
   * Computes the states of new strings.
   *
   * @param levels Their nodes, as `tagHistories` lists them.
   * @throws If states of other strings were computed since `reset`.
   */
  compute(strings: TagStrings, levels: readonly TrieLevel[]): Promise<void>;
  /**
   * Lays out the states of histories whose strings have all been computed.
   *
   * @returns `lastStates` float32 [W, 2D] and `history` float32 [R, 2D] (see model/systems/laner/predictor.ts), which the next
   * call overwrites.
   */
  lookUp(nodes: HistoryNodes): { lastStates: NdArray; history: NdArray };
  /**
   * Computes the gradients of the parameters from those of the states that the last `lookUp` returned; the strings must
   * have been computed in one call, the first since `reset`.
   */
  gradients(
    strings: TagStrings,
    histories: TagHistories,
    d: { lastStates?: NdArray | undefined; history?: NdArray | undefined },
  ): Promise<
    Parameters
  >;
  dispose(): void;
}

/**
 * Creates the computation of label states.
 *
 * @param engine Runs the levels: the strings of one length at a time, each from its parents.
 * @param D Label width.
 * @param K Number of tags.
 */
export function createLabelStates(engine: Engine, D: number, K: number): LabelStatesComputer {
  const compiled = compileLabelEncoder(engine, D, K);
  let parameters: Parameters = {};
  let tables: Record<string, NdArray> = {};
  let keepGates = false;
  /** The strings whose states are held. */
  let held: TagStrings | null = null;
  const buffer = createBuffers();
  const states = createBuffers();
  const made = createBuffers();
  const back = createBuffers();
  const gradients = createBuffers();
  let halves: Halves = { forward: emptyHalf(D), backward: emptyHalf(D) };

  return {
    async reset(newParameters, forGradients) {
      keepGates = forGradients;
      held = null;
      parameters = Object.fromEntries(
        Object.entries(newParameters).filter(([name]) => isLabelParameter(name)),
      );
      tables = await compiled.tables.run(parameters);
      // In training, the loss shows numbers that are not finite.
      for (const table of forGradients ? [] : Object.values(tables)) checkFinite(table, "label states");
    },

    async compute(strings, levels) {
      if (held && held !== strings) {
        throw new Error("Cannot compute label states: those of other strings are held, call reset() before");
      }
      held = strings;
      for (const direction of HALVES) {
        const n = strings[direction].nNodes;
        halves[direction] = {
          h: states(`${direction}.h`, n * D),
          c: states(`${direction}.c`, n * D),
          gates: keepGates ? states(`${direction}.gates`, n * 4 * D) : NO_GATES,
        };
      }
      const step = keepGates ? compiled.trainingLevel : compiled.level;
      for (const level of levels) {
        const inputs: Parameters | Record<string, NdArray<Int32Array>> = {};
        for (const direction of HALVES) {
          const [start, end] = level[direction];
          const { parents, symbols } = strings[direction];
          const { h, c } = halves[direction];
          Object.assign(inputs, {
            [`${direction}.table`]: tables[direction],
            [`${direction}.recurrent`]: parameters[`lstm.weight_hh_l0${DIRECTIONS[direction]}`],
            [`${direction}.symbols`]: { shape: [end - start], data: symbols.subarray(start, end) },
            [`${direction}.parents`]: { shape: [end - start], data: parents.subarray(start, end) },
            [`${direction}.h`]: { shape: [start, D], data: h.subarray(0, start * D) },
            [`${direction}.c`]: { shape: [start, D], data: c.subarray(0, start * D) },
          });
        }
        const outputs = await step.run(inputs, made);
        for (const direction of HALVES) {
          const start = level[direction][0];
          const half = halves[direction];
          half.h.set(outputs[`${direction}.h`]!.data, start * D);
          half.c.set(outputs[`${direction}.c`]!.data, start * D);
          if (keepGates) half.gates.set(outputs[`${direction}.gates`]!.data, start * 4 * D);
        }
      }
    },

    lookUp({ lastForward, lastBackward, pairForward, pairBackward }) {
      const lastStates = buffer("lastStates", lastForward.length * 2 * D);
      const history = buffer("history", pairForward.length * 2 * D);
      return {
        lastStates: sideBySide(halves, lastForward, lastBackward, D, lastStates),
        history: sideBySide(halves, pairForward, pairBackward, D, history),
      };
    },

    async gradients(strings, histories, d) {
      const nodes = {
        forward: [histories.lastForward, histories.pairForward],
        backward: [histories.lastBackward, histories.pairBackward],
      };
      const dh: Record<string, Float32Array> = {};
      const dc: typeof dh = {};
      const dGates: typeof dh = {};
      for (const direction of HALVES) {
        const n = strings[direction].nNodes;
        const column = direction === "forward" ? 0 : D;
        dh[direction] = buffer(`${direction}.dh`, n * D).fill(0);
        dc[direction] = buffer(`${direction}.dc`, n * D).fill(0);
        dGates[direction] = buffer(`${direction}.dGates`, n * 4 * D);
        dGates[direction].fill(0, 0, 4 * D); // the empty string's; all others are written
        if (d.lastStates) addRows(dh[direction], nodes[direction][0]!, d.lastStates.data, 2 * D, column, D);
        if (d.history) addRows(dh[direction], nodes[direction][1]!, d.history.data, 2 * D, column, D);
      }
      for (const level of histories.levels.toReversed()) {
        const inputs: Parameters | Record<string, NdArray<Int32Array>> = {};
        for (const direction of HALVES) {
          const [start, end] = level[direction];
          const n = end - start;
          const half = halves[direction];
          const rows = (array: Float32Array, width = D) => ({
            shape: [n, width],
            data: array.subarray(start * width, end * width),
          });
          Object.assign(inputs, {
            [`${direction}.recurrent`]: parameters[`lstm.weight_hh_l0${DIRECTIONS[direction]}`],
            [`${direction}.parents`]: { shape: [n], data: strings[direction].parents.subarray(start, end) },
            [`${direction}.gates`]: rows(half.gates, 4 * D),
            [`${direction}.before`]: { shape: [start, D], data: half.c.subarray(0, start * D) },
            [`${direction}.after`]: rows(half.c),
            [`${direction}.dh`]: rows(dh[direction]!),
            [`${direction}.dc`]: rows(dc[direction]!),
          });
        }
        const outputs = await compiled.levelGradient.run(inputs, back);
        for (const direction of HALVES) {
          const [start, end] = level[direction];
          const parents = strings[direction].parents.subarray(start, end);
          addRows(dh[direction]!, parents, outputs[`${direction}.h`]!.data, D, 0, D);
          addRows(dc[direction]!, parents, outputs[`${direction}.c`]!.data, D, 0, D);
          dGates[direction]!.set(outputs[`${direction}.gates`]!.data, start * 4 * D);
        }
      }
      const inputs: Record<string, NdArray | NdArray<Int32Array>> = { ...parameters };
      for (const direction of HALVES) {
        const n = strings[direction].nNodes;
        const { parents, symbols } = strings[direction];
        const oneHot = buffer(`${direction}.oneHot`, n * (K + 1)).fill(0);
        for (let node = 1; node < n; node++) oneHot[node * (K + 1) + symbols[node]!] = 1;
        inputs[`${direction}.oneHot`] = { shape: [n, K + 1], data: oneHot };
        inputs[`${direction}.parents`] = { shape: [n], data: parents.subarray(0, n) };
        inputs[`${direction}.h`] = { shape: [n, D], data: halves[direction].h.subarray(0, n * D) };
        inputs[`${direction}.dGates`] = { shape: [n, 4 * D], data: dGates[direction]! };
      }
      return await compiled.parameterGradients.run(inputs, gradients);
    },

    dispose() {
      for (const step of Object.values(compiled)) step.dispose();
      halves = { forward: emptyHalf(D), backward: emptyHalf(D) };
    },
  };
}
