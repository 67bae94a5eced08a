/** The Adam optimiser on plain arrays, as PyTorch computes it. */
import { type NdArray, putRows, takeRows } from "../engine/nd_array.ts";
import type { RowGradient } from "../nn/embedding_table.ts";
import type { Parameters } from "../weights/parameters.ts";
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
  /** What differs for single parameters. */
  rules?: ParameterRules;
}

/** First and second moment of a parameter; of a table, which rows ever had a gradient. */
interface Moments {
  /** Of the parameter. */
  shape: number[];
  m: Float32Array;
  v: Float32Array;
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
  const moments = new Map<string, Moments>();
  let nSteps = 0;

  return {
    step(parameters, gradients, rate = learningRate) {
      nSteps++;
      const correction = 1 / Math.sqrt(1 - beta2 ** nSteps);

      function update(
        p: Float32Array,
        { m, v }: Moments,
        from: number,
        to: number,
        g: Float32Array | null,
        gFrom: number,
        stepSize: number,
        keep: number,
      ) {
        let j = gFrom;
        for (let i = from; i < to; i++, j++) {
          const gradient = g === null ? 0 : g[j]!;
          const first = m[i] = beta1 * m[i]! + (1 - beta1) * gradient;
          const second = v[i] = beta2 * v[i]! + (1 - beta2) * gradient * gradient;
          p[i] = keep * p[i]! - stepSize * first / (Math.sqrt(second) * correction + epsilon);
        }
      }

      for (const [name, gradient] of Object.entries(gradients)) {
        const p = parameters[name]!.data;
        const rule = rules[name] ?? {};
        const decay = weightDecay + (rule.weightDecay ?? 0);
        const ownRate = rate * (rule.rate ?? 1);
        const stepSize = ownRate / (1 - beta1 ** nSteps);
        const keep = 1 - ownRate * decay;
        let state = moments.get(name);
        if (!state) {
          state = emptyMoments(parameters[name]!);
          moments.set(name, state);
        }
        if (!("rows" in gradient) || decay !== 0) {
          const dense = "rows" in gradient ? denseGradient(gradient) : gradient.data;
          update(p, state, 0, p.length, dense, 0, stepSize, keep);
          continue;
        }
        const width = gradient.shape[1]!;
        const now = new Set(gradient.rows);
        state.touched ??= new Set();
        for (const row of state.touched) {
          if (!now.has(row)) update(p, state, row * width, (row + 1) * width, null, 0, stepSize, keep);
        }
        gradient.rows.forEach((row, i) => {
          state.touched!.add(row);
          update(p, state, row * width, (row + 1) * width, gradient.data, i * width, stepSize, keep);
        });
      }
    },

    state() {
      const tensors: Parameters = {};
      const rows: Record<string, number[]> = {};
      for (const [name, { m, v, touched, shape }] of moments) {
        if (touched) rows[name] = [...touched];
        for (const [kind, data] of [["m", m], ["v", v]] as const) {
          tensors[`${kind}/${name}`] = touched
            ? takeRows({ shape: [shape[0]!, data.length / shape[0]!], data }, rows[name]!)
            : { shape, data };
        }
      }
      return { tensors, values: { nSteps, rows } };
    },

    restore(parameters, { tensors, values }) {
      nSteps = values.nSteps;
      moments.clear();
      for (const name of Object.keys(parameters)) {
        const m = tensors[`m/${name}`];
        const v = tensors[`v/${name}`];
        if (!m || !v) continue;
        const state = emptyMoments(parameters[name]!);
        const rows = values.rows[name];
        if (rows) {
          state.touched = new Set(rows);
          for (const [all, some] of [[state.m, m], [state.v, v]] as const) putRows(all, some, rows);
        } else {
          state.m.set(m.data);
          state.v.set(v.data);
        }
        moments.set(name, state);
      }
    },
  };
}

function emptyMoments({ shape, data }: NdArray): Moments {
  return { shape, m: new Float32Array(data.length), v: new Float32Array(data.length), touched: null };
}

/** A gradient of rows as one of the whole table. */
export function denseGradient({ shape, rows, data }: RowGradient): Float32Array {
  const dense = new Float32Array(shape[0]! * shape[1]!);
  putRows(dense, { shape: [rows.length, shape[1]!], data }, rows);
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
