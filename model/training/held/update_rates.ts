/** The learning rate and weight decay of each parameter, as inputs of an update that the engine computes. */
import type { NdArray } from "../../engine/nd_array.ts";
import type { ParameterRules } from "../parameter_rules.ts";

/** The rates of some parameters; those that are treated alike share an input. */
export interface UpdateRates {
  /** The inputs of each parameter: the learning rate, and what is taken off the parameter itself. */
  inputsOf(name: string): { rate: string; decay: string };
  /** The values of all inputs in a step. */
  at(learningRate: number): Record<string, NdArray>;
}

/**
 * Groups parameters by their rules.
 *
 * @param weightDecay Decay of all parameters, in addition to their own.
 */
export function updateRates(
  names: readonly string[],
  rules: ParameterRules,
  weightDecay: number,
): UpdateRates {
  const ruleOf = (name: string) => {
    const { rate = 1, weightDecay: own = 0 } = rules[name] ?? {};
    return { rate, decay: weightDecay + own };
  };
  const keyOf = (name: string) => JSON.stringify(ruleOf(name));
  const keys = [...new Set(names.map(keyOf))];
  const scalar = (value: number): NdArray => ({ shape: [], data: Float32Array.of(value) });
  const inputs = (key: string) => ({
    rate: `rate.${keys.indexOf(key)}`,
    decay: `decay.${keys.indexOf(key)}`,
  });
  return {
    inputsOf: (name) => inputs(keyOf(name)),
    at: (learningRate) =>
      Object.fromEntries(keys.flatMap((key) => {
        const { rate, decay } = JSON.parse(key) as ReturnType<typeof ruleOf>;
        const own = learningRate * rate;
        return [[inputs(key).rate, scalar(own)], [inputs(key).decay, scalar(own * decay)]];
      })),
  };
}
