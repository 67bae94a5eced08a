/** Averages of a model's weights over the steps or epochs of a training. */
import { copyParameters, type Parameters, withoutPrefix, withPrefix } from "../weights/parameters.ts";
import type { Optimizer, TrainingOptimizer } from "./optimizer.ts";

/** When and how weights are taken into an average. */
export interface AveragingOptions {
  /** The share of the average that remains when weights are taken in (EMA); null for the mean of all that were taken in (SWA). */
  decay: number | null;
  /** Steps from one time to the next. */
  every: number;
  /** Steps before the first `every`. */
  after: number;
}

/** An optimiser that keeps an average of the parameters, which its steps do not read. */
export interface AveragingOptimizer extends TrainingOptimizer {
  /** Exchanges the values of parameters and average; does nothing as long as there is no average. */
  exchange(parameters: Parameters): void;
}

/**
 * Makes an optimiser average the parameters after its steps, as PyTorch's `AveragedModel` does. The average begins with
 * the first weights that are taken in.
 */
export function averaging(
  optimizer: Optimizer,
  { decay, every, after }: AveragingOptions,
): Optimizer & AveragingOptimizer {
  let nSteps = 0;
  let nSkipped = 0;
  let average: Parameters = {};

  function takeIn(parameters: Parameters, nth: number): void {
    if (nth === 1) average = copyParameters(parameters);
    const share = decay === null ? 1 / nth : 1 - decay;
    for (const [name, { data }] of Object.entries(average)) {
      const now = parameters[name]!.data;
      for (let i = 0; i < data.length; i++) data[i]! += share * (now[i]! - data[i]!);
    }
  }

  /** Counts a step, made or passed over: epochs end after as many of both. */
  function count(parameters: Parameters): void {
    nSteps++;
    const nth = (nSteps - after) / every;
    if (nth >= 1 && Number.isInteger(nth)) takeIn(parameters, nth);
  }

  return {
    step(parameters, gradients, learningRate) {
      optimizer.step(parameters, gradients, learningRate);
      count(parameters);
    },
    skip(parameters) {
      nSkipped++;
      count(parameters);
    },
    state() {
      const { tensors, values } = optimizer.state();
      return {
        tensors: { ...tensors, ...withPrefix("average", average) },
        values: nSkipped === 0 ? values : { ...values, nSkipped },
      };
    },
    restore(parameters, state) {
      optimizer.restore(parameters, state);
      nSkipped = state.values.nSkipped ?? 0;
      nSteps = state.values.nSteps + nSkipped;
      average = copyParameters(withoutPrefix("average", state.tensors));
    },
    exchange(parameters) {
      for (const [name, { data }] of Object.entries(average)) {
        const other = parameters[name]!.data;
        for (let i = 0; i < data.length; i++) [data[i], other[i]] = [other[i]!, data[i]!];
      }
    },
  };
}
