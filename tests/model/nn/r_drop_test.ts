import { assert, assertEquals, assertRejects } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import { rDropArrays, twice } from "../../../model/nn/r_drop.ts";
import { createSystem } from "../../../model/systems/create_system.ts";
import { systemOf } from "../../../model/systems/systems.ts";
import { train } from "../../../model/training/train.ts";
import { assertClose } from "../../close.ts";
import { SYSTEM_NAMES } from "../families.ts";
import { valuesOf } from "../gradient_checks.ts";
import { tinyModel, tinySentences, tinySystem } from "../tiny.ts";

/** Systems whose passes can be compared. */
const NAMES = [
  "laner",
  "laner-without-label-context",
  "laner-without-label-background",
  "bert-tagger",
] as const;

Deno.test("rDropArrays() pairs each word with itself in the other pass", () => {
  assertEquals([...rDropArrays(6, 0.5).otherPass!.data], [3, 4, 5, 0, 1, 2]);
});

Deno.test("lossAndGradients() with R-Drop is that of two passes, plus the weight times what is not negative", async () => {
  const engine = await createEngine("onnx");
  const sentences = tinySentences(createRandom(1), 4);
  for (const name of NAMES) {
    const system = tinySystem(engine, name, 2);
    const run = async (some: typeof sentences, rDrop?: number) => {
      const { loss, gradients } = await system.lossAndGradients(some, createRandom(3), rDrop);
      const values = Object.entries(gradients).map(([key, one]) => [key, valuesOf(one)] as const);
      return { loss, gradients: Object.fromEntries(values) };
    };
    // Loss and gradients are linear in the weight, from those of both passes without it.
    const [none, half, two] = [
      await run(twice(sentences)),
      await run(sentences, 0.5),
      await run(sentences, 2),
    ];
    assert(half.loss > none.loss + 0.01, `${name}: ${half.loss}, ${none.loss}`);
    assertClose([two.loss - none.loss], [4 * (half.loss - none.loss)], 1e-4, name);
    assertEquals(Object.keys(half.gradients).sort(), Object.keys(none.gradients).sort());
    for (const [key, values] of Object.entries(two.gradients)) {
      const start = none.gradients[key]!;
      const step = half.gradients[key]!;
      assertClose(values, step.map((x, i) => start[i]! + 4 * (x - start[i]!)), 2e-4, `${name} ${key}`);
    }
    system.dispose();
  }
});

Deno.test("lossAndGradients() with R-Drop is the plain one where there is no dropout", async () => {
  const engine = await createEngine("onnx");
  const sentences = tinySentences(createRandom(1), 4);
  for (const name of NAMES) {
    const system = tinySystem(engine, name, 2);
    const plain = await system.lossAndGradients(sentences);
    const expected = Object.entries(plain.gradients).map(([key, one]) => [key, valuesOf(one)] as const);
    const { loss, gradients } = await system.lossAndGradients(sentences, undefined, 3);
    assertClose([loss], [plain.loss], 1e-5, name);
    for (const [key, values] of expected) {
      assertClose(valuesOf(gradients[key]!), values, 1e-5, `${name} ${key}`);
    }
    system.dispose();
  }
});

Deno.test("train() with R-Drop trains the systems that can, and refuses the others", async () => {
  const engine = await createEngine("onnx");
  const sentences = tinySentences(createRandom(1), 4);
  for (const name of SYSTEM_NAMES) {
    const system = createSystem(engine, tinyModel(name, 1));
    const canCompare = systemOf(name).can.comparePasses;
    assertEquals(system.comparesPasses ?? false, canCompare, name);
    const losses = async (rDrop: number | null) => {
      const other = tinySystem(engine, name, 1);
      const { epochs } = await train(other, sentences, { epochs: 1, rDrop, random: createRandom(2) });
      other.dispose();
      return epochs[0]!.loss;
    };
    if (canCompare) assert(await losses(0.5) !== await losses(null), name);
    else await assertRejects(() => losses(0.5), Error, 'Cannot train with "rDrop": the system must compare');
    system.dispose();
  }
});
