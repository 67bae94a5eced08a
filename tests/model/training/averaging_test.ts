import { assertEquals } from "@std/assert";
import { averaging } from "../../../model/training/averaging.ts";
import { createSgd } from "../../../model/training/sgd.ts";
import AVERAGES from "../../oracle/optimisers/averages.json" with { type: "json" };
import { assertClose } from "../../close.ts";

const array = (values: number[]) => ({ shape: [values.length], data: Float32Array.from(values) });

Deno.test("averaging() equals PyTorch's AveragedModel after every step, SWA and EMA", () => {
  for (const { decay, after } of AVERAGES.cases) {
    const parameters = { p: array([0, 0, 0, 0, 0]) };
    const optimizer = averaging(createSgd({ learningRate: 1 }), { decay, every: 1, after: 0 });
    AVERAGES.steps.forEach((weights, step) => {
      // The gradient leads from where the parameters are to the step's weights.
      optimizer.step(parameters, { p: array(weights.map((value, i) => parameters.p.data[i]! - value)) });
      optimizer.exchange(parameters);
      assertClose(parameters.p.data, after[step]!, 1e-6, `decay ${decay}, step ${step}`);
      optimizer.exchange(parameters);
      assertClose(parameters.p.data, weights, 1e-6, "weights");
    });
  }
});

Deno.test("averaging() begins after some steps, takes every so many, and has nothing to exchange before", () => {
  const parameters = { p: array([0]) };
  const optimizer = averaging(createSgd({ learningRate: 1 }), { decay: null, every: 2, after: 2 });
  const averages = [1, 2, 3, 4, 5, 6].map(() => {
    optimizer.step(parameters, { p: array([-1]) });
    optimizer.exchange(parameters);
    const average = parameters.p.data[0];
    optimizer.exchange(parameters);
    return average;
  });
  assertEquals(averages, [1, 2, 3, 4, 4, 5]);
});
