import { assertEquals } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import { lossAndGradientsOf } from "../../../model/training/accumulate.ts";
import { PLAIN_STORE } from "../../../model/training/plain_store.ts";
import { train } from "../../../model/training/train.ts";
import { assertClose } from "../../close.ts";
import { SYSTEM_NAMES } from "../families.ts";
import { valuesOf } from "../gradient_checks.ts";
import { tinySentences, tinySystem } from "../tiny.ts";

for (const name of SYSTEM_NAMES) {
  Deno.test(`lossAndGradientsOf() of ${name} gives for parts of a batch what the whole batch gives`, async () => {
    const engine = await createEngine("onnx");
    const system = tinySystem(engine, name, 3);
    // Lengths differ, so that parts of as many sentences have different numbers of words.
    const sentences = tinySentences(createRandom(4), 7);
    const parts = [sentences.slice(0, 3), sentences.slice(3, 6), sentences.slice(6)];
    assertEquals(new Set(parts.map((part) => part.reduce((n, { tagIds }) => n + tagIds.length, 0))).size, 3);
    const whole = await system.lossAndGradients(sentences);
    const gradients = Object.entries(whole.gradients).map(([key, one]) => [key, valuesOf(one)] as const);
    const inParts = await lossAndGradientsOf(PLAIN_STORE, system, parts);
    assertClose([inParts.loss], [whole.loss], 2e-6, "loss");
    assertEquals(Object.keys(inParts.gradients).sort(), gradients.map(([key]) => key).sort());
    for (const [key, values] of gradients) {
      assertClose(valuesOf(inParts.gradients[key]!), values, 5e-6, key);
    }
    system.dispose();
  });
}

Deno.test("train() with accumulate sees the sentences of large batches in smaller ones, and makes as few steps", async () => {
  const engine = await createEngine("onnx");
  const run = async (sizes: { batchSize: number; accumulate?: number }) => {
    const system = tinySystem(engine, "bert-tagger", 3);
    let nBatches = 0;
    const { lossAndGradients } = system;
    // Without dropout, which parts draw anew.
    system.lossAndGradients = (sentences) => (nBatches++, lossAndGradients(sentences));
    const options = { ...sizes, epochs: 2, learningRate: 1e-2, random: createRandom(6) };
    const sgd = { decay: null, weightDecay: null, patience: null };
    await train(system, tinySentences(createRandom(4), 7), { ...options, sgd });
    system.dispose();
    return { nBatches, parameters: system.parameters };
  };
  const large = await run({ batchSize: 4 });
  const small = await run({ batchSize: 2, accumulate: 2 });
  assertEquals([large.nBatches, small.nBatches], [4, 8]);
  for (const [name, { data }] of Object.entries(large.parameters)) {
    assertClose(small.parameters[name]!.data, data, 5e-6, name);
  }
});
