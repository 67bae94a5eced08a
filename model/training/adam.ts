/** The Adam optimiser, as PyTorch computes it. */
import { matrixShape, type NdArray, putRows, takeRows } from "../engine/nd_array.ts";
import type { RowGradient } from "../nn/embedding_table.ts";
import type { Parameters } from "../weights/parameters.ts";
import type { AdamCoefficients } from "./adam_loop.ts";
import { type MakeMoments, type Moments, plainMoments, vectorMoments } from "./adam_moments.ts";
import type { Gradient, Optimizer } from "./optimizer.ts";
import type { ParameterRules } from "./parameter_rules.ts";

/** Settings; the defaults are PyTorch's, the learning rate is the paper's. */
export interface AdamOptions {
  learningRate?: number;
  beta1?: number;
  beta2?: number;
  epsilon?: number;
  /** Decoupled weight decay (AdamW). */
  weightDecay?: number;
  /** Rules for single parameters. */
  rules?: ParameterRules;
}

/** Adam's state of a parameter; of a table, with the rows that ever had a gradient. */
interface ParameterState {
  shape: number[];
  moments: Moments;
  touched: Set<number> | null;
}

/**
 * Creates an optimiser (Kingma & Ba 2015): m and v with bias correction, ε outside of the root.
 *
 * Rows of a table that never had a gradient have zero moments, and Adam leaves them as they are; so updating the
 * rows that had one at some time is the same as updating the whole table.
 *
 * @example
 * ```ts
 * import { createAdam } from "@laner/laner";
 *
 * const parameters = { w: { shape: [1], data: Float32Array.of(1) } };
 * const adam = createAdam({ learningRate: 0.1 });
 * adam.step(parameters, { w: { shape: [1], data: Float32Array.of(5) } });
 * console.log(parameters.w.data[0]); // 0.9: the first step is one learning rate, whatever the gradient's size
 * ```
 */
export function createAdam(options: AdamOptions = {}): Optimizer {
  const { learningRate = 5e-5, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  const { rules = {} } = options;
  const states = new Map<string, ParameterState>();
  let makeMoments: MakeMoments | null = null;
  let nSteps = 0;

  function newState({ shape, data }: NdArray): ParameterState {
    makeMoments ??= vectorMoments() ?? plainMoments;
    return { shape, moments: makeMoments(data.length), touched: null };
  }

  return {
    step(parameters, gradients, rate = learningRate) {
      nSteps++;
      const correction = 1 / Math.sqrt(1 - beta2 ** nSteps);
      for (const [name, gradient] of Object.entries(gradients)) {
        const parameter = parameters[name]!;
        const rule = rules[name] ?? {};
        const decay = weightDecay + (rule.weightDecay ?? 0);
        const ownRate = rate * (rule.rate ?? 1);
        const stepSize = ownRate / (1 - beta1 ** nSteps);
        const coefficients = { beta1, beta2, keep: 1 - ownRate * decay, stepSize, correction, epsilon };
        const isNew = !states.has(name);
        const state = states.get(name) ?? newState(parameter);
        states.set(name, state);
        if ("rows" in gradient && decay === 0) {
          // To look through a table takes as long as a step, and a new one has no moments.
          state.touched ??= isNew ? new Set() : rowsWithMoments(state);
          updateRows(parameter.data, state.moments, state.touched, gradient, coefficients);
        } else {
          const dense = "rows" in gradient ? denseGradient(gradient) : gradient.data;
          state.moments.update(parameter.data, 0, dense, coefficients);
        }
      }
    },

    state() {
      const tensors: Parameters = {};
      const rows: Record<string, number[]> = {};
      for (const [name, { moments, touched, shape }] of states) {
        // A vector may have rows too, of one value each.
        const [n = 1] = shape;
        if (touched) rows[name] = [...touched];
        for (const [kind, data] of Object.entries(moments.arrays())) {
          tensors[`${kind}/${name}`] = touched
            ? takeRows({ shape: [n, data.length / n], data }, rows[name]!)
            : { shape, data };
        }
      }
      return { tensors, values: { nSteps, rows } };
    },

    restore(parameters, { tensors, values }) {
      nSteps = values.nSteps;
      states.clear();
      makeMoments = null;
      for (const [name, parameter] of Object.entries(parameters)) {
        const m = tensors[`m/${name}`];
        const v = tensors[`v/${name}`];
        if (!m || !v) continue;
        const state = newState(parameter);
        const arrays = state.moments.arrays();
        const rows = values.rows[name];
        if (rows) {
          state.touched = new Set(rows);
          putRows(arrays.m, m, rows);
          putRows(arrays.v, v, rows);
        } else {
          arrays.m.set(m.data);
          arrays.v.set(v.data);
        }
        states.set(name, state);
      }
    },
  };
}

/** Finds the rows of a table that have moments, in a state that does not name them: that of an engine that holds it. */
function rowsWithMoments({ shape, moments }: ParameterState): Set<number> {
  const { m, v } = moments.arrays();
  const [n = 1] = shape;
  const width = m.length / n;
  const isUsed = (row: number, array: Float32Array) =>
    array.subarray(row * width, (row + 1) * width).some((value) => value !== 0);
  return new Set(
    Array.from({ length: n }, (_, row) => row).filter((row) => isUsed(row, m) || isUsed(row, v)),
  );
}

/** Updates the rows of a table that have a gradient now, or had one before. */
function updateRows(
  p: Float32Array,
  moments: Moments,
  touched: Set<number>,
  gradient: RowGradient,
  coefficients: AdamCoefficients,
): void {
  const { rows, data } = gradient;
  const [, width] = matrixShape(gradient);
  const now = new Set(rows);
  const update = (row: number, g: Float32Array | null) =>
    moments.update(p.subarray(row * width, (row + 1) * width), row * width, g, coefficients);
  for (const row of touched) if (!now.has(row)) update(row, null);
  rows.forEach((row, i) => {
    touched.add(row);
    update(row, data.subarray(i * width, (i + 1) * width));
  });
}

/** Turns a gradient of rows into one of the whole table, float32 [rows · width]. */
export function denseGradient({ shape, rows, data }: RowGradient): Float32Array {
  const [n, width] = matrixShape({ shape });
  const dense = new Float32Array(n * width);
  putRows(dense, { shape: [rows.length, width], data }, rows);
  return dense;
}

/**
 * Scales gradients in place so that the norm of all of them together is at most `maxNorm`, as PyTorch does.
 *
 * @returns The norm before.
 */
export function clipGradients(gradients: Record<string, Gradient>, maxNorm: number): number {
  let sum = 0;
  for (const { data } of Object.values(gradients)) {
    for (let i = 0; i < data.length; i++) sum += data[i]! * data[i]!;
  }
  const norm = Math.sqrt(sum);
  const scale = maxNorm / (norm + 1e-6);
  if (scale < 1) {
    for (const { data } of Object.values(gradients)) for (let i = 0; i < data.length; i++) data[i]! *= scale;
  }
  return norm;
}
