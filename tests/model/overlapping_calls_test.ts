/** Calls that overlap give what they give alone. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { createRandom } from "../../data/random.ts";
import { createEngine } from "../../model/engine/create_engine.ts";
import type { Engine } from "../../model/engine/engine.ts";
import type { SystemName } from "../../model/systems/systems.ts";
import { loadTagger, type Tagger } from "../../model/tagger.ts";
import { createAdam } from "../../model/training/adam.ts";
import type { System } from "../../model/training/system.ts";
import { train } from "../../model/training/train.ts";
import { copyParameters } from "../../model/weights/parameters.ts";
import { SYSTEM_NAMES } from "./families.ts";
import { tinyModel, tinySentences, tinySystem } from "./tiny.ts";
import { withModelFolder } from "./tiny_model_folder.ts";

/** Some texts of one to three sentences, of words that the tiny models know and words that they do not. */
function textsOf(seed: number, n: number): string[] {
  const random = createRandom(seed);
  const known = ["new", "yorkers", "like", "ooo", "eee", "york"];
  return Array.from({ length: n }, () => {
    const sentences = tinySentences(random, 1 + random.integer(2), 6).map(({ words }) =>
      words!.flatMap((word) => [word, known[random.integer(known.length)]]).join(" ")
    );
    return sentences.join(".\n");
  });
}

/** The seed of a tiny model that finds entities: few BARTNERs do. */
const seedOf = (name: SystemName) => name === "bartner" ? 13 : 5;

/** Runs `use` with a tagger of a tiny random model. */
async function withTagger(name: SystemName, engine: Engine, use: (tagger: Tagger) => Promise<void>) {
  await withModelFolder(tinyModel(name, seedOf(name)), async (folder) => {
    const tagger = await loadTagger(folder, { engine });
    await use(tagger);
    tagger.dispose();
  });
}

/** What a tagger finds in texts, one after another. */
async function oneByOne(tagger: Tagger, texts: readonly string[]) {
  const found = [];
  for (const text of texts) found.push(await tagger.predictText(text));
  return found;
}

for (const engineName of ["onnx", "cpu"] as const) {
  for (const name of SYSTEM_NAMES) {
    Deno.test(`predictText() finds the same in 40 texts at once as in one after another: ${name} on ${engineName}`, async () => {
      await withTagger(name, await createEngine(engineName), async (tagger) => {
        const texts = textsOf(1, 40);
        const expected = await oneByOne(tagger, texts);
        assertEquals(await Promise.all(texts.map((text) => tagger.predictText(text))), expected);
        assert(
          new Set(expected.map((entities) => JSON.stringify(entities))).size > 5,
          "texts differ too little",
        );
      });
    });
  }
}

Deno.test("predictText() answers 200 requests of 4 clients as it answers each alone", async () => {
  await withTagger("laner", await createEngine("onnx"), async (tagger) => {
    const texts = textsOf(2, 50);
    const expected = await oneByOne(tagger, texts);
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
      return Response.json(await tagger.predictText(await request.text()));
    });
    try {
      const address = `http://127.0.0.1:${server.addr.port}/`;
      const client = async (first: number) => {
        for (let i = 0; i < 50; i++) {
          const n = (first + i) % texts.length;
          const response = await fetch(address, { method: "POST", body: texts[n]! });
          assertEquals(await response.json(), expected[n]);
        }
      };
      await Promise.all([0, 13, 27, 40].map(client));
    } finally {
      await server.shutdown();
    }
  });
});

Deno.test("two taggers on one engine, and on two, find at once what each finds alone", async () => {
  const onnx = await createEngine("onnx");
  const engines = [onnx, onnx, await createEngine("cpu"), await createEngine("wasm")];
  const texts = textsOf(3, 10);
  const names = ["laner", "bert-tagger", "laner", "bert-crf"] as const;
  const use = async (at: number, taggers: readonly Tagger[]): Promise<void> => {
    if (at < names.length) {
      return await withTagger(names[at]!, engines[at]!, (tagger) => use(at + 1, [...taggers, tagger]));
    }
    const expected = [];
    for (const tagger of taggers) expected.push(await oneByOne(tagger, texts));
    const all = taggers.map((tagger) => Promise.all(texts.map((text) => tagger.predictText(text))));
    assertEquals(await Promise.all(all), expected);
  };
  await use(0, []);
});

/** Trains for an epoch, with the given seed; the bits of what it has learned. */
async function trained(system: System, seed: number): Promise<Float32Array[]> {
  const random = createRandom(seed);
  const sentences = tinySentences(random, 20);
  await train(system, sentences, { epochs: 1, batchSize: 4, learningRate: 0.01, random });
  return Object.values(copyParameters(system.parameters)).map(({ data }) => data);
}

for (const name of SYSTEM_NAMES) {
  Deno.test(`train() learns the same bits beside predictions of its own and of another system: ${name}`, async () => {
    const engine = await createEngine("onnx");
    const sentences = tinySentences(createRandom(4), 12);
    const alone = tinySystem(engine, name, 1);
    const expected = await trained(alone, 2);
    const other = tinySystem(engine, name, 3);
    const predicted = await other.predict(sentences);
    const own = tinySystem(engine, name, 1);
    let isTraining = true;
    const predictor = async (system: System, check: (tagIds: Int32Array[]) => void) => {
      while (isTraining) check((await system.predict(sentences)).tagIds);
    };
    const beside = [
      predictor(other, (tagIds) => assertEquals(tagIds, predicted.tagIds)),
      predictor(own, () => {}),
    ];
    const learned = await trained(own, 2);
    isTraining = false;
    await Promise.all(beside);
    assertEquals(learned, expected);
    for (const system of [alone, other, own]) system.dispose();
  });
}

Deno.test("predict() beside a training has the parameters of one step", async () => {
  const engine = await createEngine("onnx");
  const sentences = tinySentences(createRandom(4), 30);
  const nSteps = 12;
  /** Twelve steps, and what is predicted after each. */
  const run = async (afterStep: (system: System) => unknown) => {
    const system = tinySystem(engine, "laner", 1);
    const adam = createAdam({ learningRate: 0.05 });
    afterStep(system);
    for (let step = 0; step < nSteps; step++) {
      const { gradients } = await system.lossAndGradients(sentences.slice(step, step + 4));
      adam.step(system.parameters, gradients);
      await afterStep(system);
    }
    return system;
  };
  const keyOf = ({ tagIds }: { tagIds: Int32Array[] }) => tagIds.map((ids) => ids.join(" ")).join("\n");
  const possible = new Set<string>();
  const seen = new Set<string>();
  (await run(async (system) => possible.add(keyOf(await system.predict(sentences))))).dispose();
  const pending: Promise<unknown>[] = [];
  const system = await run((system) => {
    // Not awaited: the next step is asked for while this waits.
    pending.push(system.predict(sentences).then((prediction) => seen.add(keyOf(prediction))));
  });
  await Promise.all(pending);
  system.dispose();
  assert(possible.size > 5, "predictions differ too little from step to step");
  assertEquals([...seen].filter((one) => !possible.has(one)), []);
});

Deno.test("dispose() lets calls end that were made before it, and refuses those after it", async () => {
  const engine = await createEngine("onnx");
  await withModelFolder(tinyModel("laner", 5), async (folder) => {
    const tagger = await loadTagger(folder, { engine });
    const texts = textsOf(6, 8);
    const expected = await oneByOne(tagger, texts);
    const pending = texts.map((text) => tagger.predictText(text));
    tagger.dispose();
    await assertRejects(() => tagger.predictText(texts[0]!), Error, "it has been disposed");
    assertEquals(await Promise.all(pending), expected);
  });
});
