/** The optimiser of a training, from its settings. */
import type { AverageSettings, TrainSettings } from "../settings/settings.ts";
import type { Parameters } from "../weights/parameters.ts";
import { createAdam } from "./adam.ts";
import { averaging, type AveragingOptimizer } from "./averaging.ts";
import type { Optimizer } from "./optimizer.ts";
import { parameterRules, type RuleSettings } from "./parameter_rules.ts";
import { createSgd } from "./sgd.ts";

/** The settings that decide how parameters are changed. */
export type OptimizerSettings = RuleSettings & Pick<TrainSettings, "learningRate" | "sgd" | "average">;

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
