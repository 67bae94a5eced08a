/** Adam where an engine holds the parameters: one run changes all of them and their moments. */
import type { Engine } from "../../engine/engine.ts";
import { releaseHeld } from "../../engine/held_array.ts";
import { matrixShape, type NdArray, putRows } from "../../engine/nd_array.ts";
import { type Tensor, tf } from "../../engine/tf.ts";
import { type Parameters, sizeOf, withoutPrefix, withPrefix } from "../../weights/parameters.ts";
import type { AdamOptions } from "../adam.ts";
import type { TrainingOptimizer } from "../optimizer.ts";
import { byNames } from "./by_names.ts";
import { denseGradients } from "./held_gradients.ts";
import { replaceAll } from "./replace_all.ts";
import { updateRates } from "./update_rates.ts";

/**
 * Creates the optimiser of `createAdam` on an engine: the same steps in float32, so that they differ in last bits. Its
 * states are interchangeable.
 */
export function createHeldAdam(
  engine: Engine,
  options: AdamOptions = {},
): TrainingOptimizer & { dispose(): void } {
  const { learningRate = 5e-5, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  const { rules = {} } = options;
  const memory = engine.memory!;
  const moments: Record<"m" | "v", Parameters> = { m: {}, v: {} };
  let nSteps = 0;

  const updates = byNames((names) => {
    const rates = updateRates(names, rules, weightDecay);
    return engine.compile(
      "Adam",
      (x) => {
        const updated = names.flatMap((name) => {
          const of = (kind: string) => x[`${kind}/${name}`]!;
          const { rate, decay } = rates.inputsOf(name);
          const m = tf.add(tf.mul(of("m"), beta1), tf.mul(of("g"), 1 - beta1));
          const v = tf.add(tf.mul(of("v"), beta2), tf.mul(tf.square(of("g")), 1 - beta2));
          const scale = tf.add(tf.mul(tf.sqrt(v), x.correction!), epsilon);
          const step = tf.div(tf.mul(m, tf.mul(x[rate]!, x.perBias!)), scale);
          // What is taken off is small, and is added up before it is rounded to the parameter's last bit.
          const p = tf.sub(of("p"), tf.add(step, tf.mul(of("p"), x[decay]!)));
          return [[`p/${name}`, p], [`m/${name}`, m], [`v/${name}`, v]] as [string, Tensor][];
        });
        return Object.fromEntries(updated);
      },
      {},
      { held: names.flatMap((name) => [`p/${name}`, `m/${name}`, `v/${name}`]) },
    );
  });

  async function hold(kind: "m" | "v", name: string, array: NdArray): Promise<void> {
    const before = moments[kind][name];
    moments[kind][name] = await memory.hold(array);
    if (before) releaseHeld({ before });
  }

  return {
    async step(parameters, gradients, rate = learningRate) {
      nSteps++;
      const names = Object.keys(gradients);
      for (const name of names) {
        const { shape } = parameters[name]!;
        for (const kind of ["m", "v"] as const) {
          if (!moments[kind][name]) await hold(kind, name, { shape, data: new Float32Array(sizeOf(shape)) });
        }
      }
      const scalar = (value: number): NdArray => ({ shape: [], data: Float32Array.of(value) });
      const updated = await updates.of(names).run({
        ...withPrefix("p", Object.fromEntries(names.map((name) => [name, parameters[name]!]))),
        ...withPrefix("g", denseGradients(gradients)),
        ...withPrefix("m", moments.m),
        ...withPrefix("v", moments.v),
        ...updateRates(names, rules, weightDecay).at(rate),
        perBias: scalar(1 / (1 - beta1 ** nSteps)),
        correction: scalar(1 / Math.sqrt(1 - beta2 ** nSteps)),
      });
      replaceAll(parameters, withoutPrefix("p", updated));
      replaceAll(moments.m, withoutPrefix("m", updated));
      replaceAll(moments.v, withoutPrefix("v", updated));
    },

    state: () => ({
      tensors: { ...withPrefix("m", moments.m), ...withPrefix("v", moments.v) },
      values: { nSteps, rows: {} },
    }),

    async restore(parameters, { tensors, values }) {
      nSteps = values.nSteps;
      for (const [name, { shape }] of Object.entries(parameters)) {
        for (const kind of ["m", "v"] as const) {
          const saved = tensors[`${kind}/${name}`];
          if (!saved) continue;
          const rows = values.rows[name];
          await hold(kind, name, rows ? wholeTable(shape, saved, rows) : saved);
        }
      }
    },

    dispose() {
      updates.dispose();
      for (const kind of Object.values(moments)) releaseHeld(kind);
    },
  };
}

/** Puts rows that were saved alone into a table that is 0 elsewhere. */
function wholeTable(shape: number[], some: NdArray, rows: readonly number[]): NdArray {
  const [n, width] = matrixShape({ shape });
  const data = new Float32Array(n * width);
  putRows(data, some, rows);
  return { shape, data };
}
