/** The optimiser of a training, from its settings. */
import type { Parameters } from "../weights/parameters.ts";
import { createAdam } from "./adam.ts";
import { averaging, type AveragingOptimizer } from "./averaging.ts";
import type { SgdSettings } from "./learning_rate.ts";
import type { Optimizer } from "./optimizer.ts";
import { parameterRules, type RuleSettings } from "./parameter_rules.ts";
import { createSgd } from "./sgd.ts";

/** Keys of the configuration that decide how parameters are changed. */
export interface OptimizerSettings extends RuleSettings {
  learningRate: number;
  /** Plain gradient descent; null for Adam. */
  sgd: SgdSettings | null;
  /** An average of the weights; null for none. */
  average: AverageSettings | null;
}

/** An average of the weights: keys of the configuration. */
export interface AverageSettings {
  /** What remains of the average at each step; null for the mean of the weights at the ends of epochs. */
  decay: number | null;
  /** The first epoch whose weights are in it, from 1. */
  from: number;
}

/**
 * Makes the optimiser.
 *
 * @param nSteps Steps in an epoch.
 * @param isOfEncoder Tells which parameters are an encoder's.
 */
export function trainingOptimizer(
  parameters: Parameters,
  settings: OptimizerSettings,
  nSteps: number,
  isOfEncoder: (parameter: string) => boolean,
): AveragingOptimizer {
  const { learningRate, sgd, average } = settings;
  const rules = parameterRules(parameters, settings, isOfEncoder);
  const optimizer = sgd
    ? createSgd({ learningRate, weightDecay: sgd.weightDecay ?? 0, rules })
    : createAdam({ learningRate, rules });
  return average ? averaged(optimizer, average, nSteps) : { ...optimizer, exchange() {} };
}

function averaged(
  optimizer: Optimizer,
  { decay, from }: AverageSettings,
  nSteps: number,
): AveragingOptimizer {
  return averaging(optimizer, { decay, every: decay === null ? nSteps : 1, after: (from - 1) * nSteps });
}
