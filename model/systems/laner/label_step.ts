/** The label encoder in a training step: the states of histories before the rest of the step, and their gradients after. */
import type { TagHistories, TagStrings } from "../../../data/tags/tag_history.ts";
import type { NdArray } from "../../engine/nd_array.ts";
import type { Parameters } from "../../weights/parameters.ts";
import type { HeldLabelStates } from "./held_label_states.ts";
import type { HistoryStates } from "./history_states.ts";
import type { LabelStatesComputer } from "./label_states.ts";

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
}

/** Creates the step of label states in plain arrays. */
export function plainLabelStep(labelStates: LabelStatesComputer): LabelStep {
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
  };
}

/** Creates the step of label states that an engine holds. */
export function heldLabelStep(labelStates: HeldLabelStates): LabelStep {
  return {
    async forward(parameters, strings, histories) {
      await labelStates.encode(parameters, strings, histories);
      return await labelStates.lookUp(histories);
    },
    backward: (d) => labelStates.gradients(d),
  };
}
