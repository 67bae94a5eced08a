/** All that a training needs to go on exactly where it was: plain arrays, and plain data beside them. */
import { type Random, type RandomState, restoreRandom } from "../../data/random.ts";
import { nameOfNotFinite } from "../weights/finite.ts";
import { assignParameters, type Parameters, withoutPrefix, withPrefix } from "../weights/parameters.ts";
import type { Optimizer, OptimizerState } from "./optimizer.ts";

/**
 * The state of a training between two steps. Most arrays are the training's own, which its next step changes: whoever
 * keeps a state has to write or copy them before returning.
 */
export interface TrainingState {
  tensors: Parameters;
  /** What JSON can say. */
  values: Record<string, unknown>;
}

/** Where a training begins and what it hands its state to. */
export interface TrainingCheckpoint {
  /** The state to go on from; without it the training begins anew. */
  resume?: TrainingState | null;
  /**
   * Is called between all steps, and waited for.
   *
   * @param state Collects the state, which takes a moment: to be called only if the state will be kept.
   * @param isLast Whether the training stops here: if this state is not kept, its last steps are lost.
   */
  save(state: () => TrainingState, isLast: boolean): Promise<void>;
}

/** What every training changes as it goes. */
export interface TrainingParts {
  parameters: Parameters;
  optimizer: Optimizer;
  /** Its generators, always in the same order. */
  random: readonly RandomState[];
}

/**
 * Puts a state together.
 *
 * @param more What the training has besides; not under the names "parameters/…" and "optimizer/…", "optimizer" and "random".
 * @throws If a parameter is not finite: such a state is not worth going on from.
 */
export function trainingState(
  { parameters, optimizer, random }: TrainingParts,
  more: TrainingState,
): TrainingState {
  const spoilt = nameOfNotFinite(parameters);
  if (spoilt !== undefined) {
    throw new Error(`Cannot go on training: "${spoilt}" has values that are not finite`);
  }
  const { tensors, values } = optimizer.state();
  return {
    tensors: {
      ...withPrefix("parameters", parameters),
      ...withPrefix("optimizer", tensors),
      ...more.tensors,
    },
    values: { optimizer: values, random, ...more.values },
  };
}

/**
 * Puts a state's values into parameters and optimiser.
 *
 * @returns The generators as they were.
 */
export function restoreTraining(
  { tensors, values }: TrainingState,
  { parameters, optimizer }: Omit<TrainingParts, "random">,
): Random[] {
  assignParameters(parameters, withoutPrefix("parameters", tensors));
  const state = values.optimizer as OptimizerState["values"];
  optimizer.restore(parameters, { tensors: withoutPrefix("optimizer", tensors), values: state });
  return (values.random as RandomState[]).map(restoreRandom);
}
