/** How an optimiser treats single parameters. */
import type { Parameters } from "../weights/parameters.ts";

/** How an optimiser treats one parameter; what is left out is as for all. */
export interface ParameterRule {
  /** Decoupled weight decay of its own, added to that of all parameters. */
  weightDecay?: number;
}

/** Rules by the parameter's name. */
export type ParameterRules = Readonly<Record<string, ParameterRule>>;

/** The settings that rules are made of. */
export interface RuleSettings {
  /** Decoupled weight decay of all parameters but biases and layer norms; null for none. */
  weightDecay: number | null;
}

/** Makes the rules of a model's parameters. */
export function parameterRules(parameters: Parameters, { weightDecay }: RuleSettings): ParameterRules {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { shape }]) => [name, {
      weightDecay: isBiasOrNorm(name, shape) ? 0 : weightDecay ?? 0,
    }]),
  );
}

/** Tells whether a parameter shifts or scales what a layer gives: all that have one axis do, and some biases of two. */
function isBiasOrNorm(name: string, shape: readonly number[]): boolean {
  return shape.length === 1 || /\.bias/.test(name);
}
