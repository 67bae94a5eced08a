import { assert, assertEquals } from "@std/assert";
import { createRandom } from "../../../../data/random.ts";
import { createEngine } from "../../../../model/engine/create_engine.ts";
import { crfShapes } from "../../../../model/nn/crf_parameters.ts";
import { train } from "../../../../model/training/train.ts";
import { copyParameters } from "../../../../model/weights/parameters.ts";
import { assertClose } from "../../../close.ts";
import { valuesOf } from "../../gradient_checks.ts";
import { TINY_TAGS, tinySentences, tinySystem } from "../../tiny.ts";

Deno.test("train() teaches a BERT-CRF some sentences by heart, its transitions too", async () => {
  const engine = await createEngine("onnx");
  const random = createRandom(1);
  const system = tinySystem(engine, "bert-crf", 1);
  const sentences = tinySentences(random, 6, 6);
  const before = copyParameters(system.parameters);
  const { epochs } = await train(system, sentences, { epochs: 150, learningRate: 1e-2, random });
  assert(epochs[149]!.loss < 0.1 * epochs[0]!.loss, `losses from ${epochs[0]!.loss} to ${epochs[149]!.loss}`);
  const { tagIds } = await system.predict(sentences);
  assertEquals(tagIds.map((ids) => [...ids]), sentences.map(({ tagIds }) => [...Array.from(tagIds)]));
  for (const name of Object.keys(crfShapes(TINY_TAGS.nTags))) {
    const moved = system.parameters[name]!.data.map((x, i) => Math.abs(x - before[name]!.data[i]!));
    assert(moved.every((x) => x > 0.01), `${name} moved by ${moved}`);
  }
  system.dispose();
});

Deno.test("predict() of a BERT-CRF heeds transitions, start and end", async () => {
  const engine = await createEngine("onnx");
  const system = tinySystem(engine, "bert-crf", 4);
  const K = TINY_TAGS.nTags;
  const sentences = tinySentences(createRandom(4), 10);
  const { parameters } = system;
  // Each tag may only follow the one before it; sentences end in tag 2.
  parameters["crf.transitions"]!.data.forEach((_, i, data) =>
    data[i] = (Math.floor(i / K) + 1) % K === i % K ? 0 : -1e4
  );
  parameters["crf.end"]!.data.forEach((_, i, data) => data[i] = i === 2 ? 1e3 : 0);
  const cycle = (n: number) => Array.from({ length: n }, (_, i) => (2 + K * n - (n - 1 - i)) % K);
  const { tagIds } = await system.predict(sentences);
  assertEquals(tagIds.map((ids) => [...ids]), tagIds.map(({ length }) => cycle(length)));
  parameters["crf.start"]!.data.forEach((_, i, data) => data[i] = i === 3 ? 1e5 : 0);
  const { tagIds: started } = await system.predict(sentences);
  assertEquals(started.map((ids) => ids[0]), sentences.map(() => 3));
  system.dispose();
});

Deno.test("lossAndGradients() of a BERT-CRF uses the same dropout masks for loss and gradients", async () => {
  const engine = await createEngine("onnx");
  const system = tinySystem(engine, "bert-crf", 2);
  const sentences = tinySentences(createRandom(2), 5, 6);
  const step = async () => await system.lossAndGradients(sentences, createRandom(3));
  const { gradients } = await step();
  const name = "encoder.layer.1.output.dense.weight";
  const { data } = system.parameters[name]!;
  const expected = valuesOf(gradients[name]!);
  const greatest = expected.reduce((best, x, i) => (Math.abs(x) > Math.abs(expected[best]!) ? i : best), 0);
  const value = data[greatest]!;
  const at = async (x: number) => {
    data[greatest] = x;
    return (await step()).loss;
  };
  const slope = (await at(value + 1e-2) - await at(value - 1e-2)) / 2e-2;
  assert(Math.abs(slope) > 0.05, `the slope ${slope} is too small to tell`);
  assertClose([slope], [expected[greatest]!], 0.02 * Math.abs(slope), name);
  system.dispose();
});
