import { assertEquals } from "@std/assert";
import { createAdam } from "../../../model/training/adam.ts";
import { parameterRules } from "../../../model/training/parameter_rules.ts";
import { systemOf } from "../../../model/systems/systems.ts";
import { createSgd } from "../../../model/training/sgd.ts";
import type { Parameters } from "../../../model/weights/parameters.ts";
import OPTIMISERS from "../../oracle/optimisers/optimisers.json" with { type: "json" };
import { assertClose } from "../../close.ts";
import { tinyModel } from "../tiny.ts";

const { learningRate, start, gradients, cases } = OPTIMISERS;
const shapes: Record<string, number[]> = OPTIMISERS.shapes;

const NONE = { weightDecay: null, headRate: null, layerDecay: null };

const { isOfMaterial: isOfEncoder } = systemOf("bert-tagger");

function parametersOf(values: Record<string, number[]>): Parameters {
  return Object.fromEntries(
    Object.entries(values).map(([name, data]) => [name, {
      shape: shapes[name]!,
      data: Float32Array.from(data),
    }]),
  );
}

Deno.test("parameterRules() makes optimisers step as PyTorch's with a group for each parameter do", () => {
  for (const { optimizer: kind, weightDecay, headRate, layerDecay, end } of cases) {
    const parameters = parametersOf(start);
    const rules = parameterRules(parameters, { weightDecay, headRate, layerDecay }, isOfEncoder);
    const optimizer = kind === "adam"
      ? createAdam({ learningRate, rules })
      : createSgd({ learningRate, rules });
    for (const gradient of gradients) optimizer.step(parameters, parametersOf(gradient));
    for (const [name, values] of Object.entries(end)) {
      const what = `${kind}, decay ${weightDecay}, head ${headRate}, layers ${layerDecay}: ${name}`;
      assertClose(parameters[name]!.data, values, 2e-6, what);
    }
  }
});

Deno.test("parameterRules() leaves biases of two axes, as of a Multi-Cell LSTM's cells, without weight decay", () => {
  const parameters = {
    "cells.bias": { shape: [2, 1], data: Float32Array.of(1, 1) },
    "cells.weight": { shape: [2, 1], data: Float32Array.of(1, 1) },
  };
  const rules = parameterRules(parameters, { ...NONE, weightDecay: 0.1 }, () => false);
  assertEquals(Object.values(rules).map(({ weightDecay }) => weightDecay), [0, 0.1]);
});

Deno.test("parameterRules() counts BART's layers from the top of its encoder and of its decoder", () => {
  const { parameters } = tinyModel("bartner", 1);
  const rules = parameterRules(
    parameters,
    { ...NONE, headRate: 5, layerDecay: 0.5 },
    systemOf("bartner").isOfMaterial,
  );
  const rates = ["encoder.layers.0.fc1.weight", "decoder.layers.0.fc1.bias", "shared.weight"].map((name) =>
    rules[name]!.rate
  );
  assertEquals(rates, [1, 1, 0.5]);
  assertEquals(rules["pointer.inner.weight"]!.rate, 5);
});

Deno.test("parameterRules() changes nothing when nothing is set", () => {
  const { parameters } = tinyModel("laner", 1);
  for (const rule of Object.values(parameterRules(parameters, NONE, isOfEncoder))) {
    assertEquals(rule, { rate: 1, weightDecay: 0 });
  }
});
