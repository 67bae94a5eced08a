/** Rules by which an optimiser treats single parameters. */
import type { TrainSettings } from "../settings/settings.ts";
import type { Parameters } from "../weights/parameters.ts";

/** The rule for one parameter; what it leaves out is as for all parameters. */
export interface ParameterRule {
  /** Multiple of the learning rate. */
  rate?: number;
  /** Decoupled weight decay of its own, added to that of all parameters. */
  weightDecay?: number;
}

/** Rules by the parameter's name. */
export type ParameterRules = Readonly<Record<string, ParameterRule>>;

/** The settings that rules are made of. */
export type RuleSettings = Pick<TrainSettings, "weightDecay" | "headRate" | "layerDecay">;

/**
 * Makes the rules of a model's parameters.
 *
 * The encoder's uppermost layer has the learning rate itself; what lies below the lowest layer, such as embeddings,
 * counts as one layer more. BART's decoder is counted as its encoder is, from its own uppermost layer.
 *
 * @param isOfEncoder Tells whether a parameter belongs to the encoder.
 */
export function parameterRules(
  parameters: Parameters,
  { weightDecay, headRate, layerDecay }: RuleSettings,
  isOfEncoder: (name: string) => boolean,
): ParameterRules {
  const ofEncoder = Object.keys(parameters).filter(isOfEncoder);
  const nLayers = Math.max(0, ...ofEncoder.map((name) => layerOf(name) + 1));
  const rateOf = (name: string) =>
    isOfEncoder(name) ? (layerDecay ?? 1) ** Math.max(0, nLayers - 1 - layerOf(name)) : headRate ?? 1;
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { shape }]) => [name, {
      rate: rateOf(name),
      weightDecay: isBiasOrNorm(name, shape) ? 0 : weightDecay ?? 0,
    }]),
  );
}

/** Tells whether a parameter shifts or scales what a layer gives: all that have one axis do, and some biases of two. */
function isBiasOrNorm(name: string, shape: readonly number[]): boolean {
  return shape.length === 1 || /\.bias/.test(name);
}

/** Reads the layer of a parameter of an encoder, from 0, off its Hugging Face name; -1 for what lies below. */
function layerOf(name: string): number {
  return Number(/\.layers?\.(\d+)\./.exec(name)?.[1] ?? -1);
}
