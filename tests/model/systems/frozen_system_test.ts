import { assert, assertEquals } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import { createFrozenSystem } from "../../../model/systems/frozen_system.ts";
import { createSystem } from "../../../model/systems/create_system.ts";
import { SYSTEM_NAMES } from "../families.ts";
import { tinyModel, tinySentences } from "../tiny.ts";

const sentences = tinySentences(createRandom(5), 40);
const engine = await createEngine("onnx", { nThreads: 1 });

for (const name of SYSTEM_NAMES) {
  Deno.test(`createFrozenSystem() of a ${name} predicts as createSystem() does, in any batch`, async () => {
    const predicted = new Set<number>();
    for (const seed of [1, 2, 3, 4, 5]) {
      const model = tinyModel(name, seed);
      const plain = createSystem(engine, model);
      const frozen = createFrozenSystem(engine, model);
      const { tagIds: expected } = await plain.predict(sentences);
      assertEquals((await frozen.predict(sentences)).tagIds, expected);
      assertEquals((await frozen.predict(sentences.slice(0, 3))).tagIds, expected.slice(0, 3));
      for (const system of [plain, frozen]) system.dispose();
      for (const tag of expected.flatMap((ids) => [...ids])) predicted.add(tag);
    }
    assert(predicted.size > 1, "more than one tag is predicted");
  });
}

Deno.test("createFrozenSystem() reads weights once, where createSystem() reads them in every prediction", async () => {
  const predictions = async (create: typeof createSystem) => {
    const model = tinyModel("bert-tagger", 11);
    const system = create(engine, model);
    const before = await system.predict(sentences);
    for (const [name, { data }] of Object.entries(model.parameters)) {
      if (!name.startsWith("embeddings.")) data.reverse();
    }
    const after = await system.predict(sentences);
    system.dispose();
    return [before.tagIds, after.tagIds];
  };
  const [, expected] = await predictions(createFrozenSystem);
  const [before, after] = await predictions(createSystem);
  assertEquals(expected, before);
  assert(JSON.stringify(after) !== JSON.stringify(before));
});
