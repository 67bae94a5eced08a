/** The label encoder of a LANER, in plain arrays or where the engine holds arrays. */
import type { Engine } from "../../engine/engine.ts";
import { createHeldLabelStates } from "./held_label_states.ts";
import { createLabelStates } from "./label_states.ts";
import { heldLabelStep, type LabelStep, plainLabelStep } from "./label_step.ts";
import { heldHistories, keptHistories, type PredictedHistories } from "./predicted_histories.ts";

/** Encodes histories: those of a training step, or those of a prediction. */
export interface HistoryEncoder {
  step: LabelStep;
  predicted: PredictedHistories;
  dispose(): void;
}

/**
 * Creates the encoder of an engine. It serves one call of the LANER at a time.
 *
 * @param D Label width.
 * @param K Number of tags.
 * @param maxStrings The number of strings whose states are kept in plain arrays.
 */
export function createHistoryEncoder(
  engine: Engine,
  D: number,
  K: number,
  maxStrings: number,
): HistoryEncoder {
  if (engine.memory) {
    const states = createHeldLabelStates(engine, D, K);
    return { step: heldLabelStep(states), predicted: heldHistories(states, K), dispose: states.dispose };
  }
  const states = createLabelStates(engine, D, K);
  return {
    step: plainLabelStep(states),
    predicted: keptHistories(states, K, maxStrings),
    dispose: () => states.dispose(),
  };
}
