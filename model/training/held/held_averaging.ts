/** Averages of weights that an engine holds. */
import type { Engine } from "../../engine/engine.ts";
import { releaseHeld } from "../../engine/held_array.ts";
import { tf } from "../../engine/tf.ts";
import { type Parameters, pickParameters, withoutPrefix, withPrefix } from "../../weights/parameters.ts";
import type { AveragingOptimizer, AveragingOptions } from "../averaging.ts";
import type { TrainingOptimizer } from "../optimizer.ts";
import { byNames } from "./by_names.ts";
import { replaceAll } from "./replace_all.ts";

/** Makes an optimiser average the parameters, as `averaging` does in plain arrays. */
export function heldAveraging(
  engine: Engine,
  optimizer: TrainingOptimizer,
  { decay, every, after }: AveragingOptions,
): AveragingOptimizer & { dispose(): void } {
  const memory = engine.memory!;
  let nSteps = 0;
  let nSkipped = 0;
  let average: Parameters = {};
  const updates = byNames((names) =>
    engine.compile(
      "average of weights",
      (x) =>
        Object.fromEntries(names.map((name) => {
          const before = x[`average/${name}`]!;
          return [name, tf.add(before, tf.mul(x.share!, tf.sub(x[`now/${name}`]!, before)))];
        })),
      {},
      { held: names },
    )
  );

  async function takeIn(parameters: Parameters, nth: number): Promise<void> {
    if (nth === 1) await begin(parameters);
    const names = Object.keys(average);
    const share = decay === null ? 1 / nth : 1 - decay;
    const updated = await updates.of(names).run({
      ...withPrefix("average", average),
      ...withPrefix("now", pickParameters(parameters, names)),
      share: { shape: [], data: Float32Array.of(share) },
    });
    replaceAll(average, updated);
  }

  async function begin(values: Parameters): Promise<void> {
    releaseHeld(average);
    average = {};
    for (const [name, array] of Object.entries(values)) average[name] = await memory.snapshot(array);
  }

  /** Counts a step, made or passed over, as `averaging` does. */
  async function count(parameters: Parameters): Promise<void> {
    nSteps++;
    const nth = (nSteps - after) / every;
    if (nth >= 1 && Number.isInteger(nth)) await takeIn(parameters, nth);
  }

  return {
    async step(parameters, gradients, learningRate) {
      await optimizer.step(parameters, gradients, learningRate);
      await count(parameters);
    },
    async skip(parameters) {
      nSkipped++;
      await count(parameters);
    },
    async state() {
      const { tensors, values } = await optimizer.state();
      return {
        tensors: { ...tensors, ...withPrefix("average", average) },
        values: nSkipped === 0 ? values : { ...values, nSkipped },
      };
    },
    async restore(parameters, state) {
      await optimizer.restore(parameters, state);
      nSkipped = state.values.nSkipped ?? 0;
      nSteps = state.values.nSteps + nSkipped;
      await begin(withoutPrefix("average", state.tensors));
    },
    exchange(parameters) {
      for (const [name, other] of Object.entries(average)) {
        average[name] = parameters[name]!;
        parameters[name] = other;
      }
    },
    dispose() {
      updates.dispose();
      releaseHeld(average);
    },
  };
}
