/** The optimiser of a training, from its settings. */
import type { AverageSettings, TrainSettings } from "../settings/settings.ts";
import type { Parameters } from "../weights/parameters.ts";
import type { AveragingOptimizer, AveragingOptions } from "./averaging.ts";
import { parameterRules, type RuleSettings } from "./parameter_rules.ts";
import type { ParameterStore } from "./parameter_store.ts";

/** The settings that decide how parameters are changed. */
export type OptimizerSettings = RuleSettings & Pick<TrainSettings, "learningRate" | "sgd" | "average">;

/**
 * Makes the optimiser.
 *
 * @param store Keeps the parameters.
 * @param nSteps Steps in an epoch.
 * @param isOfEncoder Tells which parameters are an encoder's.
 */
export function trainingOptimizer(
  store: ParameterStore,
  parameters: Parameters,
  settings: OptimizerSettings,
  nSteps: number,
  isOfEncoder: (parameter: string) => boolean,
): AveragingOptimizer {
  const { learningRate, sgd, average } = settings;
  const rules = parameterRules(parameters, settings, isOfEncoder);
  const optimizer = sgd
    ? store.sgd({ learningRate, weightDecay: sgd.weightDecay ?? 0, rules })
    : store.adam({ learningRate, rules });
  return average
    ? store.averaging(optimizer, averagingOptions(average, nSteps))
    : { ...optimizer, exchange() {} };
}

function averagingOptions({ decay, from }: AverageSettings, nSteps: number): AveragingOptions {
  return { decay, every: decay === null ? nSteps : 1, after: (from - 1) * nSteps };
}
