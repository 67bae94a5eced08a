/** Stochastic gradient descent where an engine holds the parameters. */
import type { Engine } from "../../engine/engine.ts";
import { tf } from "../../engine/tf.ts";
import { pickParameters, withPrefix } from "../../weights/parameters.ts";
import type { TrainingOptimizer } from "../optimizer.ts";
import type { SgdOptions } from "../sgd.ts";
import { byNames } from "./by_names.ts";
import { denseGradients } from "./held_gradients.ts";
import { replaceAll } from "./replace_all.ts";
import { updateRates } from "./update_rates.ts";

/**
 * Creates the optimiser of `createSgd` on an engine, in float32. A table's gradient is of all its rows here, so that
 * weight decay is, too, as in PyTorch.
 */
export function createHeldSgd(
  engine: Engine,
  { learningRate, weightDecay = 0, rules = {} }: SgdOptions,
): TrainingOptimizer & { dispose(): void } {
  let nSteps = 0;
  const updates = byNames((names) => {
    const rates = updateRates(names, rules, weightDecay);
    return engine.compile(
      "SGD",
      (x) =>
        Object.fromEntries(names.map((name) => {
          const { rate, decay } = rates.inputsOf(name);
          const p = x[`p/${name}`]!;
          return [name, tf.sub(p, tf.add(tf.mul(x[`g/${name}`]!, x[rate]!), tf.mul(p, x[decay]!)))];
        })),
      {},
      { held: names },
    );
  });
  return {
    async step(parameters, gradients, rate = learningRate) {
      nSteps++;
      const names = Object.keys(gradients);
      const updated = await updates.of(names).run({
        ...withPrefix("p", pickParameters(parameters, names)),
        ...withPrefix("g", denseGradients(gradients)),
        ...updateRates(names, rules, weightDecay).at(rate),
      });
      replaceAll(parameters, updated);
    },
    state: () => ({ tensors: {}, values: { nSteps, rows: {} } }),
    restore(_parameters, { values }) {
      nSteps = values.nSteps;
    },
    dispose: () => updates.dispose(),
  };
}
