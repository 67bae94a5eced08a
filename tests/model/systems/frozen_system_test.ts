import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import type { Engine } from "../../../model/engine/engine.ts";
import type { Weights } from "../../../model/engine/weights.ts";
import { createFrozenSystem } from "../../../model/systems/frozen_system.ts";
import { createSystem } from "../../../model/systems/create_system.ts";
import { OverflowError } from "../../../model/weights/finite.ts";
import { SYSTEM_NAMES } from "../families.ts";
import { tinyModel, tinySentences } from "../tiny.ts";

const sentences = tinySentences(createRandom(5), 40);
const engine = await createEngine("onnx", { nThreads: 1 });

/** An engine that holds arrays: there the embeddings of a batch are looked up while the batch before runs. */
const holding = await createEngine("onnx-ffi", { nThreads: 1 });

for (const name of SYSTEM_NAMES) {
  Deno.test(`createFrozenSystem() of a ${name} predicts as createSystem() does, in any batch and engine`, async () => {
    const predicted = new Set<number>();
    for (const seed of [1, 2, 3, 4, 5]) {
      const model = tinyModel(name, seed);
      const plain = createSystem(engine, model);
      const { tagIds: expected } = await plain.predict(sentences);
      plain.dispose();
      for (const one of [engine, holding]) {
        const frozen = createFrozenSystem(one, model);
        assertEquals((await frozen.predict(sentences)).tagIds, expected);
        assertEquals((await frozen.predict(sentences.slice(0, 3))).tagIds, expected.slice(0, 3));
        frozen.dispose();
      }
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

Deno.test("createFrozenSystem() quantises the matrices of the encoder or BART alone", () => {
  for (const name of ["laner", "bartner"] as const) {
    const model = tinyModel(name, 1);
    const seen = new Set<Weights | undefined>();
    const spy: Engine = {
      name: "onnx",
      version: "none",
      hasInt8: true,
      compile(_label, _fn, _axes, options) {
        seen.add(options?.weights);
        return { run: () => Promise.reject(new Error("not asked for")), dispose() {} };
      },
    };
    createFrozenSystem(spy, model, { quantize: "int8" }).dispose();
    assertEquals(seen.size, 1);
    const { constants, int8 } = [...seen][0]!;
    const names = (some: ReadonlySet<unknown>) =>
      Object.keys(model.parameters).filter((name) => some.has(model.parameters[name]));
    assertEquals(names(constants), Object.keys(model.parameters));
    const quantized = names(int8!);
    assertEquals(
      quantized,
      Object.keys(model.parameters).filter((name) =>
        /^(embeddings|encoder|decoder|shared)\b.*/.test(name) && model.parameters[name]!.shape.length === 2
      ),
    );
    assert(quantized.length > 10);
  }
});

for (const name of ["bert-tagger", "bert-crf", "laner", "bartner"] as const) {
  Deno.test(`createFrozenSystem() of a ${name} predicts nearly the same in int8`, async () => {
    let [nWords, nEqual] = [0, 0];
    for (const seed of [1, 2, 3]) {
      const model = tinyModel(name, seed);
      const systems = [{}, { quantize: "int8" } as const].map((options) =>
        createFrozenSystem(engine, model, options)
      );
      const [expected, found] = await Promise.all(systems.map((system) => system.predict(sentences)));
      expected!.tagIds.forEach((ids, i) =>
        ids.forEach((id, word) => {
          nWords++;
          if (found!.tagIds[i]![word] === id) nEqual++;
        })
      );
      for (const system of systems) system.dispose();
    }
    assert(nEqual / nWords > 0.8, `${nEqual} of ${nWords}`);
  });
}

Deno.test("createFrozenSystem() refuses to quantise a system without an encoder, and on an engine without int8", async () => {
  const quantize = "int8";
  for (const name of ["lstm-crf", "multi-cell-lstm"] as const) {
    assertThrows(
      () => createFrozenSystem(engine, tinyModel(name, 1), { quantize }),
      Error,
      `Cannot quantise the model: its system must stand on a BERT encoder or BART, current value is ${name}`,
    );
  }
  const cpu = await createEngine("cpu");
  assertThrows(
    () => createFrozenSystem(cpu, tinyModel("laner", 1), { quantize }),
    Error,
    "Cannot compute in int8: the engine must be onnx, onnx-ffi or wasm, current value is cpu",
  );
});

Deno.test("createFrozenSystem() predicts nothing from numbers that overflow, in int8 either", async () => {
  for (const quantize of [undefined, "int8"] as const) {
    const model = tinyModel("bert-tagger", 1);
    for (const [name, { data }] of Object.entries(model.parameters)) {
      if (/layer\.0\.(intermediate|output)\.dense\.weight/.test(name)) data.fill(3e38);
    }
    const system = createFrozenSystem(engine, model, { quantize });
    await assertRejects(() => system.predict(sentences), OverflowError);
    system.dispose();
  }
});
