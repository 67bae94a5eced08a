/** Optimisers as the training loop knows them. */
import type { NdArray } from "../engine/nd_array.ts";
import { type RowGradient, sumRows } from "../nn/embedding_table.ts";
import type { Parameters } from "../weights/parameters.ts";

/** The gradient of a parameter: of all of it, or of some rows of a table. */
export type Gradient = NdArray | RowGradient;

/** Changes parameters by their gradients, wherever they are: an engine that holds them takes its time. */
export interface TrainingOptimizer {
  /** Updates the parameters; `learningRate` is for this step only. */
  step(
    parameters: Parameters,
    gradients: Record<string, Gradient>,
    learningRate?: number,
  ): void | Promise<void>;
  /** Passes over a step whose gradients are not finite; only an optimiser that counts such steps has this. */
  skip?(parameters: Parameters): void | Promise<void>;
  /** Returns all that it goes on from. */
  state(): OptimizerState | Promise<OptimizerState>;
  /** Goes on from a state, in place of what it has. */
  restore(parameters: Parameters, state: OptimizerState): void | Promise<void>;
}

/** Changes parameters in plain arrays, in place and at once. */
export interface Optimizer extends TrainingOptimizer {
  step(parameters: Parameters, gradients: Record<string, Gradient>, learningRate?: number): void;
  state(): OptimizerState;
  restore(parameters: Parameters, state: OptimizerState): void;
}

/** The state of an optimiser. The arrays are its own, except those of tables. */
export interface OptimizerState {
  /** Moments by parameter: Adam's "m/NAME" and "v/NAME"; of a table, [rows, width]. */
  tensors: Parameters;
  values: {
    nSteps: number;
    /** The number of steps that were passed over, where they are counted and there are any. */
    nSkipped?: number;
    /** The rows that the moments of a table are of. */
    rows: Record<string, number[]>;
  };
}

/** Adds up gradients by name; one that is not in all counts as 0 in the others. */
export function sumOf(all: readonly Record<string, Gradient>[]): Record<string, Gradient> {
  const sums: Record<string, Gradient> = {};
  for (const gradients of all) {
    for (const [name, gradient] of Object.entries(gradients)) {
      sums[name] = name in sums ? sum(sums[name]!, gradient) : gradient;
    }
  }
  return sums;
}

function sum(a: Gradient, b: Gradient): Gradient {
  if ("rows" in a && "rows" in b) {
    const data = new Float32Array(a.data.length + b.data.length);
    data.set(a.data);
    data.set(b.data, a.data.length);
    return sumRows(a.shape, Int32Array.of(...a.rows, ...b.rows), data);
  }
  if ("rows" in a || "rows" in b) {
    throw new Error("Cannot add the gradient of some rows to that of a whole table");
  }
  return { shape: a.shape, data: a.data.map((value, i) => value + b.data[i]!) };
}
