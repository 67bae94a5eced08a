/** The place where a training keeps its parameters, and what it does with them there. */
import type { Parameters } from "../weights/parameters.ts";
import type { AdamOptions } from "./adam.ts";
import type { AveragingOptimizer, AveragingOptions } from "./averaging.ts";
import type { Gradient, TrainingOptimizer } from "./optimizer.ts";
import type { SgdOptions } from "./sgd.ts";

/** Gradients by parameter. */
export type Gradients = Record<string, Gradient>;

/** The operations of a training on parameters and gradients, wherever they are. */
export interface ParameterStore {
  /** Copies parameters. */
  copy(parameters: Parameters): Promise<Parameters>;
  /** Gives parameters the values of others of the same names. */
  assign(target: Parameters, source: Parameters): Promise<void>;
  /** Returns parameters as plain arrays, which may be the parameters' own. */
  read(parameters: Parameters): Promise<Parameters>;
  /** Finds the name of the first parameter, or gradient, that has a value which is NaN or infinite. */
  nameOfNotFinite(arrays: Gradients): Promise<string | undefined>;
  /**
   * Scales gradients down so that the norm of all of them together is at most `maxNorm`.
   *
   * @returns Gradients, which may be those given, in place, and the norm before.
   */
  clip(gradients: Gradients, maxNorm: number): Promise<{ gradients: Gradients; norm: number }>;
  /**
   * Adds a share of gradients to a sum; a parameter that the sum lacks has none so far.
   *
   * @returns The sum, in place of the one given.
   */
  addShares(sum: Gradients, gradients: Gradients, share: number): Promise<Gradients>;
  /** Makes Adam. */
  adam(options: AdamOptions): TrainingOptimizer;
  /** Makes stochastic gradient descent. */
  sgd(options: SgdOptions): TrainingOptimizer;
  /** Makes an optimiser average the parameters. */
  averaging(optimizer: TrainingOptimizer, options: AveragingOptions): AveragingOptimizer;
  /** Frees copies. */
  release(parameters: Parameters): void;
  /** Ends the training: the parameters are plain arrays again, with the values that they have now. */
  close(): Promise<void>;
}
