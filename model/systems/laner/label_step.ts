/** The label encoder in a training step: the states of histories before the rest of the step, and their gradients after. */
import type { TagHistories, TagStrings } from "../../../data/tags/tag_history.ts";
import type { Engine } from "../../engine/engine.ts";
import type { NdArray } from "../../engine/nd_array.ts";
import type { Parameters } from "../../weights/parameters.ts";
import { createHeldLabelStep } from "./held_label_step.ts";
import type { LabelStatesComputer } from "./label_states.ts";

/** The states of histories, or their gradients: of the part that is left out, none. */
export interface HistoryStates {
  /** float32 [W, 2D]: the last state of each word's history. */
  lastStates?: NdArray | undefined;
  /** float32 [R, 2D]: the states of all pairs of a word and a place. */
  history?: NdArray | undefined;
}

/** Computes label states and their gradients, for one batch at a time. */
export interface LabelStep {
  /**
   * Computes the states of histories.
   *
   * @param parameters The label encoder's parameters (other names are ignored).
   * @param strings The strings of these histories, and no others.
   * @returns The states, which the next call overwrites, or releases.
   */
  forward(
    parameters: Parameters,
    strings: TagStrings,
    histories: TagHistories,
  ): Promise<Record<keyof HistoryStates, NdArray>>;
  /**
   * Computes the gradients of the label encoder's parameters.
   *
   * @param d Gradients of what the last `forward` returned.
   */
  backward(d: HistoryStates): Promise<Parameters>;
  dispose(): void;
}

/**
 * Creates the step of an engine.
 *
 * @param labelStates Computes states in plain arrays, which the step does, too, on engines that hold none.
 * @param D Label width.
 * @param K Number of tags.
 */
export function createLabelStep(
  engine: Engine,
  labelStates: LabelStatesComputer,
  D: number,
  K: number,
): LabelStep {
  return engine.memory ? createHeldLabelStep(engine, D, K) : plainLabelStep(labelStates);
}

function plainLabelStep(labelStates: LabelStatesComputer): LabelStep {
  let last: { strings: TagStrings; histories: TagHistories } | null = null;
  return {
    async forward(parameters, strings, histories) {
      last = { strings, histories };
      await labelStates.reset(parameters, true);
      await labelStates.compute(strings, histories.levels);
      return labelStates.lookUp(histories);
    },
    async backward(d) {
      if (!last) {
        throw new Error(
          "Cannot compute the gradients of label states: there are none, call forward() before",
        );
      }
      return await labelStates.gradients(last.strings, last.histories, d);
    },
    dispose() {},
  };
}
