/** Stochastic gradient descent on plain arrays, as PyTorch computes it. */
import { matrixShape } from "../engine/nd_array.ts";
import type { Gradient, Optimizer } from "./optimizer.ts";
import type { ParameterRules } from "./parameter_rules.ts";

/** Settings. */
export interface SgdOptions {
  learningRate: number;
  /** L2 regularisation: weightDecay · parameter is added to the gradient. */
  weightDecay?: number;
  /** Rules for single parameters. */
  rules?: ParameterRules;
}

/**
 * Creates an optimiser without momentum: p ← p - learningRate · (gradient + weightDecay · p).
 *
 * Of a table of which some rows have a gradient, weight decay is of these rows only: the others, words that are not in
 * the batch, stay as they are. In PyTorch, where such a table's gradient is dense, they decay too.
 *
 * @example
 * ```ts
 * import { createSgd } from "@laner/laner";
 *
 * const parameters = { w: { shape: [1], data: Float32Array.of(1) } };
 * createSgd({ learningRate: 0.5 }).step(parameters, { w: { shape: [1], data: Float32Array.of(1) } });
 * console.log(parameters.w.data[0]); // 0.5
 * ```
 */
export function createSgd({ learningRate, weightDecay = 0, rules = {} }: SgdOptions): Optimizer {
  let nSteps = 0;
  return {
    step(parameters, gradients, rate = learningRate) {
      nSteps++;
      for (const [name, gradient] of Object.entries(gradients)) {
        const p = parameters[name]!.data;
        const rule = rules[name] ?? {};
        const ownRate = rate * (rule.rate ?? 1);
        const keep = 1 - ownRate * (weightDecay + (rule.weightDecay ?? 0));
        for (const { from, data } of parts(gradient)) {
          let i = from;
          for (let j = 0; j < data.length; i++, j++) p[i] = keep * p[i]! - ownRate * data[j]!;
        }
      }
    },
    state: () => ({ tensors: {}, values: { nSteps, rows: {} } }),
    restore(_parameters, { values }) {
      nSteps = values.nSteps;
    },
  };
}

/** Lists the runs of values that a gradient is of, and where each begins in the parameter. */
function parts(gradient: Gradient): { from: number; data: Float32Array }[] {
  if (!("rows" in gradient)) return [{ from: 0, data: gradient.data }];
  const [, width] = matrixShape(gradient);
  return Array.from(gradient.rows, (row, i) => ({
    from: row * width,
    data: gradient.data.subarray(i * width, (i + 1) * width),
  }));
}
