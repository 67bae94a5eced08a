/** What the training loop knows about an optimiser. */
import type { RowGradient } from "./embeddings.ts";
import type { NdArray } from "./nd_array.ts";
import type { Parameters } from "./parameters.ts";

/** The gradient of a parameter: of all of it, or of some rows of a table. */
export type Gradient = NdArray | RowGradient;

/** Changes parameters by their gradients. */
export interface Optimizer {
  /** Updates the parameters in place; `learningRate` is for this step only. */
  step(parameters: Parameters, gradients: Record<string, Gradient>, learningRate?: number): void;
  /** All that it goes on from. */
  state(): OptimizerState;
  /** Goes on from a state, in place of what it has. */
  restore(parameters: Parameters, state: OptimizerState): void;
}

/** The state of an optimiser. The arrays are its own, except those of tables. */
export interface OptimizerState {
  /** Moments by parameter: Adam's "m/NAME" and "v/NAME"; of a table, [rows, width]. */
  tensors: Parameters;
  values: {
    nSteps: number;
    /** Which rows the moments of a table are of. */
    rows: Record<string, number[]>;
  };
}
