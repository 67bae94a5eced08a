import { assert, assertEquals, assertThrows } from "@std/assert";
import { BATCH_AXES, packBatch } from "../../../../data/batches/batch.ts";
import { createRandom } from "../../../../data/random.ts";
import { spansToSequence } from "../../../../data/tags/span_sequences.ts";
import { type Scheme, tagsToSpans } from "../../../../data/tags/tag_scheme.ts";
import { createTagSet } from "../../../../data/tags/tag_set.ts";
import { createDropout } from "../../../../model/bert/dropout_masks.ts";
import { embedPieces } from "../../../../model/bert/embeddings.ts";
import { encode, type EncoderLayout } from "../../../../model/bert/encoder.ts";
import { type WordLayout, wordStates } from "../../../../model/bert/words.ts";
import { createEngine } from "../../../../model/engine/create_engine.ts";
import type { Engine } from "../../../../model/engine/engine.ts";
import { type Tensor, type Tensors, tf } from "../../../../model/engine/tf.ts";
import { layerNorm } from "../../../../model/nn/ops.ts";
import { createBertTagger } from "../../../../model/systems/bert_tagger/bert_tagger.ts";
import { createLaner } from "../../../../model/systems/laner/laner.ts";
import type { Parts } from "../../../../model/systems/laner/predictor.ts";
import type { SystemName } from "../../../../model/systems/systems.ts";
import { createAdam } from "../../../../model/training/adam.ts";
import type { TaggedSentence } from "../../../../model/training/system.ts";
import { train } from "../../../../model/training/train.ts";
import { assignParameters, type Parameters } from "../../../../model/weights/parameters.ts";
import { assertClose } from "../../../close.ts";
import { type BertSystemName, isBertSystem, isWordSystem, SYSTEM_NAMES } from "../../families.ts";
import { assertMeans, assertSlopes, type Weighted } from "../../gradient_checks.ts";
import { HELD_ENGINES } from "../../held_engines.ts";
import { TINY_BERT, TINY_TAGS, tinyModel, tinyParameters, tinySentences, tinySystem } from "../../tiny.ts";
import { naiveGreedy } from "./naive_laner.ts";

/** The parts of each LANER. */
const LANERS = {
  "laner": { labelBackground: true, labelContext: true },
  "laner-without-label-context": { labelBackground: true, labelContext: false },
  "laner-without-label-background": { labelBackground: false, labelContext: true },
};

/** Losses of 20 steps with dropout on batches of 4 of 12 sentences. */
async function lossesOf(engine: Engine, name: SystemName, seed: number): Promise<number[]> {
  const random = createRandom(seed);
  const sentences = tinySentences(random, 12, 6);
  const losses: number[] = [];
  const system = tinySystem(engine, name, seed);
  const adam = createAdam({ learningRate: 1e-3 });
  for (let step = 0; step < 20; step++) {
    const batch = [0, 1, 2, 3].map((i) => sentences[(step * 4 + i) % 12]!);
    const { loss, gradients } = await system.lossAndGradients(batch, random);
    adam.step(system.parameters, gradients);
    losses.push(loss);
  }
  system.dispose();
  return losses;
}

Deno.test("lossAndGradients() gives the same losses on onnx and cpu over 20 training steps with dropout", async () => {
  const [onnx, cpu] = [await createEngine("onnx"), await createEngine("cpu")];
  for (const name of ["laner", "bert-tagger", "bert-crf", "lstm-crf"] as const) {
    const losses = await lossesOf(onnx, name, 1);
    assertClose(losses, await lossesOf(cpu, name, 1), 1e-4, name);
    const ends = [losses.slice(0, 3), losses.slice(-3)].map((part) => part.reduce((sum, x) => sum + x, 0));
    assert(ends[1]! < ends[0]!, `${name} must learn: ${losses}`);
  }
});

Deno.test("lossAndGradients() draws dropout from the generator alone", async () => {
  const engine = await createEngine("onnx");
  const sentences = tinySentences(createRandom(2), 4);
  const system = tinySystem(engine, "laner", 2);
  const loss = async (seed?: number) =>
    (await system.lossAndGradients(sentences, seed === undefined ? undefined : createRandom(seed))).loss;
  const losses = [await loss(), await loss(), await loss(1), await loss(1), await loss(2)];
  assertEquals(losses[1], losses[0]);
  assertEquals(losses[3], losses[2]);
  assertEquals(new Set(losses).size, 3);
  const random = createRandom(1);
  const going = [];
  for (let step = 0; step < 3; step++) going.push((await system.lossAndGradients(sentences, random)).loss);
  assertEquals(new Set(going).size, 3, "each step draws anew");
  system.dispose();
});

Deno.test("encode() applies the dropout mask of every site, of sublayers before their residuals", async () => {
  const engine = await createEngine("onnx");
  const random = createRandom(9);
  const { hiddenWidth, nHeads } = TINY_BERT;
  const batch = packBatch(tinySentences(random, 3), nHeads);
  const parameters = tinyParameters("bert-tagger", random);
  const drawer = createDropout(await createEngine("onnx"), TINY_BERT);
  const masks = await drawer.draw(batch, random);
  const inputs = { ...parameters, ...batch.encoder, embedded: embedPieces(parameters, batch) };
  const norm = (x: Tensors, value: Tensor, name: string) =>
    layerNorm(value, x[`${name}.weight`]!, x[`${name}.bias`]!, TINY_BERT.layerNormEpsilon);
  const compiled = engine.compile<Tensors & EncoderLayout>("dropout", (x) => {
    const names = ["attention.output", "output"];
    const layers = [...Array(TINY_BERT.nLayers).keys()];
    const residuals = layers.flatMap((layer) => names.map((name) => `encoder.layer.${layer}.${name}`))
      .reduce(
        (value, name) => norm(x, value, `${name}.LayerNorm`),
        norm(x, x.embedded!, "embeddings.LayerNorm"),
      );
    return {
      states: encode(TINY_BERT, x, x.embedded!, x, x),
      plain: encode(TINY_BERT, x, x.embedded!, x),
      residuals,
    };
  }, { ...BATCH_AXES(nHeads), embedded: ["T", hiddenWidth], ...drawer.axes });
  const dropping = (isDropped: (site: string) => boolean) => {
    for (const [site, { data }] of Object.entries(masks)) data.fill(isDropped(site) ? 0 : 1);
    return compiled.run({ ...inputs, ...masks });
  };
  const none = await dropping(() => false);
  assertClose(none.states!.data, none.plain!.data, 1e-6, "nothing dropped");
  const all = await dropping((site) => /[0-9].(attention|output)$/.test(site));
  assertClose(all.states!.data, all.residuals!.data, 1e-5, "all sublayers dropped");
  assertEquals(Object.keys(masks).length, 1 + 3 * TINY_BERT.nLayers);
  for (const name of Object.keys(masks)) {
    const { states, plain } = await dropping((site) => site === name);
    const most = states!.data.reduce((max, value, i) => Math.max(max, Math.abs(value - plain!.data[i]!)), 0);
    assert(most > 0.01, `${name} changes nothing`);
  }
  compiled.dispose();
});

Deno.test("train() gives the same losses, scores, parameters and predictions twice, to the bit", async () => {
  const run = async () => {
    const engine = await createEngine("onnx");
    const system = tinySystem(engine, "laner", 3);
    const sentences = tinySentences(createRandom(3), 14);
    const record = await train(system, sentences, {
      epochs: 3,
      batchSize: 5,
      learningRate: 1e-2,
      random: createRandom(4),
      evaluate: async () => correct((await system.predict(sentences)).tagIds, sentences),
    });
    const prediction = await system.predict(sentences);
    const { parameters } = system;
    system.dispose();
    return { record, prediction, parameters };
  };
  const first = await run();
  assertEquals(await run(), first);
  assertEquals(new Set(first.record.epochs.map(({ loss }) => loss)).size, 3);
});

function correct(tagIds: Int32Array[], sentences: TaggedSentence[]): number {
  return sentences.flatMap((s, i) => Array.from(s.tagIds, (tag, w) => Number(tag === tagIds[i]![w])))
    .reduce((sum, hit) => sum + hit, 0);
}

for (const [what, load] of Object.entries({ cpu: () => createEngine("cpu"), held: HELD_ENGINES.eager! })) {
  Deno.test(`${what}: train() and predict() leave no tensor behind`, async () => {
    const engine = await load();
    const sentences = tinySentences(createRandom(5), 6, 4);
    for (const name of SYSTEM_NAMES) {
      const before = tf.memory().numTensors;
      const system = tinySystem(engine, name, 5);
      const options = {
        epochs: 2,
        batchSize: 3,
        clipNorm: 1,
        accumulate: 2,
        average: { decay: 0.9, from: 1 },
      };
      const scores = [0.1, 0.2];
      const evaluate = () => Promise.resolve(scores.shift()!);
      await train(system, sentences, { ...options, random: createRandom(5), evaluate });
      await system.predict(sentences);
      system.dispose();
      assertEquals(tf.memory().numTensors, before, name);
    }
  });
}

/** Compiles h of one sentence: its words' encoder states. */
function compileStates(engine: Engine) {
  const compiled = engine.compile(
    "states",
    (x) => ({
      h: wordStates(
        encode(TINY_BERT, x, x.embedded!, x as unknown as EncoderLayout),
        x as unknown as WordLayout,
      ),
    }),
    { ...BATCH_AXES(TINY_BERT.nHeads), embedded: ["T", TINY_BERT.hiddenWidth] },
  );
  return async (parameters: Parameters, sentence: TaggedSentence): Promise<number[][]> => {
    const batch = packBatch([sentence], TINY_BERT.nHeads);
    const embedded = embedPieces(parameters, batch);
    const { h } = await compiled.run({ ...parameters, ...batch.encoder, ...batch.words, embedded });
    const n = h!.shape[0]!;
    const width = h!.shape[1]!;
    return Array.from({ length: n }, (_, i) => [...h!.data.subarray(i * width, (i + 1) * width)]);
  };
}

for (const [name, parts] of Object.entries(LANERS) as [keyof typeof LANERS, Parts][]) {
  Deno.test(`predict() of ${name} equals the word-by-word loop on 20 random models`, async () => {
    const engine = await createEngine("onnx");
    const system = createLaner({ engine, ...tinyModel(name, 0), parts });
    const statesOf = compileStates(engine);
    const passes: number[] = [];
    const changes = { tags: 0, words: 0 };
    for (let seed = 1; seed <= 20; seed++) {
      const random = createRandom(seed);
      const sentences = tinySentences(random, 5, 12);
      assignParameters(system.parameters, tinyParameters(name, random));
      const { tagIds, nPasses } = await system.predict(sentences);
      // Guesses that are right, wrong and in part right.
      const wrong = (ids: Int32Array) =>
        ids.map((id) => (random.uniform() < 0.5 ? random.integer(TINY_TAGS.nTags) : id));
      const guessed = sentences.map((one, i) => ({ ...one, guess: i % 2 ? wrong(tagIds[i]!) : tagIds[i] }));
      const again = await system.predict(guessed);
      assertEquals(again.tagIds, tagIds);
      assertEquals(again.nPasses.filter((n, i) => n !== 1 && i % 2 === 0), []);
      for (const [i, sentence] of sentences.entries()) {
        const h = await statesOf(system.parameters, sentence);
        const expected = naiveGreedy(parts, system.parameters, h, TINY_TAGS.nTags);
        assertEquals([...tagIds[i]!], expected, `model ${seed}, sentence ${i}`);
        assert(nPasses[i]! <= expected.length + 1);
        passes.push(nPasses[i]!);
        changes.words += expected.length;
        changes.tags += expected.filter((tag, word) => word > 0 && tag !== expected[word - 1]).length;
      }
    }
    system.dispose();
    // Otherwise the models were too simple to tell anything.
    assert(Math.max(...passes) >= 5, `passes: ${passes}`);
    assert(changes.tags > changes.words / 8, `${changes.tags} changes of tag in ${changes.words} words`);
  });
}

/** The rules of two schemes as a sentence of tags breaks them or not. */
const RULES: [Scheme, (tags: string[], isWhole: boolean) => boolean][] = [
  ["IOB2", (tags) => tags.every((tag, i) => tag[0] !== "I" || tags[i - 1]?.slice(1) === tag.slice(1))],
  [
    "IOBES",
    (tags, isWhole) =>
      [...tags, ...(isWhole ? ["O"] : [])].every((tag, i, all) => {
        const before = i === 0 ? "O" : all[i - 1]!;
        const isOpen = "BI".includes(before[0]!);
        return "IE".includes(tag[0]!) ? isOpen && before.slice(1) === tag.slice(1) : !isOpen;
      }),
  ],
];

for (const [scheme, isLegal] of RULES) {
  Deno.test(`predict() of legal ${scheme} tags equals the word-by-word loop on 40 random models`, async () => {
    const engine = await createEngine("onnx");
    const tags = createTagSet(["person", "place"], { scheme });
    const K = tags.nTags;
    const parts = LANERS.laner;
    const statesOf = compileStates(engine);
    const options = { engine, ...tinyModel("laner", 0), tags, parts };
    const parameters = tinyParameters("laner", createRandom(1), tags);
    const system = createLaner({ ...options, parameters, legalTags: true });
    const counts = { words: 0, changed: 0, passes: 0 };
    for (let seed = 1; seed <= 40; seed++) {
      const random = createRandom(seed);
      const sentences = tinySentences(random, 4, 12);
      assignParameters(parameters, tinyParameters("laner", random, tags));
      const { tagIds, nPasses } = await system.predict(sentences);
      const guessed = sentences.map((one, i) => ({ ...one, guess: tagIds[i]!.map(() => random.integer(K)) }));
      assertEquals((await system.predict(guessed)).tagIds, tagIds);
      for (const [i, sentence] of sentences.entries()) {
        const h = await statesOf(parameters, sentence);
        const namesOf = (ids: readonly number[]) => ids.map((id) => tags.tagOf(id));
        const mayTake = (tag: number, before: readonly number[], isLast: boolean) =>
          isLegal(namesOf([...before, tag]), isLast);
        const expected = naiveGreedy(parts, parameters, h, K, mayTake);
        assertEquals([...tagIds[i]!], expected, `model ${seed}, sentence ${i}`);
        const free = naiveGreedy(parts, parameters, h, K);
        counts.words += expected.length;
        counts.changed += free.filter((tag, word) => tag !== expected[word]).length;
        counts.passes = Math.max(counts.passes, nPasses[i]!);
      }
    }
    system.dispose();
    // Otherwise the rule had nothing to do.
    assert(counts.changed > counts.words / 5 && counts.passes >= 4, JSON.stringify(counts));
  });
}

Deno.test("predict() of legal tags gives a BERT tagger's best legal tag, word by word", async () => {
  const engine = await createEngine("onnx");
  const model = tinyModel("bert-tagger", 1);
  const free = createBertTagger({ engine, ...model });
  const legal = createBertTagger({ engine, ...model, legalTags: true });
  const counts = { illegal: 0, words: 0 };
  for (let seed = 1; seed <= 20; seed++) {
    const sentences = tinySentences(createRandom(seed), 6);
    assignParameters(model.parameters, tinyParameters("bert-tagger", createRandom(seed)));
    const [any, only] = [(await free.predict(sentences)).tagIds, (await legal.predict(sentences)).tagIds];
    any.forEach((ids, i) => {
      const names = Array.from(only[i]!, (id) => TINY_TAGS.tagOf(id));
      assert(RULES[0]![1](names, true), names.join(" "));
      // Up to the first tag that may not follow, both choose the same.
      const first = ids.findIndex((_, word) =>
        !RULES[0]![1](Array.from(ids.slice(0, word + 1), (id) => TINY_TAGS.tagOf(id)), false)
      );
      const same = first < 0 ? ids.length : first;
      assertEquals([...only[i]!.slice(0, same)], [...ids.slice(0, same)]);
      counts.illegal += first < 0 ? 0 : 1;
      counts.words += ids.length;
    });
  }
  assert(counts.illegal > 20, JSON.stringify(counts));
  for (const system of [free, legal]) system.dispose();
});

Deno.test("createLaner() throws when it is to have neither part", async () => {
  const engine = await createEngine("onnx");
  const parts = { labelBackground: false, labelContext: false };
  assertThrows(
    () => createLaner({ engine, ...tinyModel("bert-tagger", 1), parts }),
    Error,
    "Cannot assemble a LANER: its parts must be a label background, a label context or both, current value is neither",
  );
});

/** What the loss is a mean over: words, sentences where there is a CRF, the numbers that BARTNER writes. */
function nRowsOf(name: SystemName, { tagIds }: TaggedSentence): number {
  if (name === "bert-crf" || isWordSystem(name)) return 1;
  if (isBertSystem(name)) return tagIds.length;
  const spans = tagsToSpans(Array.from(tagIds, (id) => TINY_TAGS.tagOf(id)));
  return spansToSequence(spans, tagIds.length, TINY_TAGS.entityTypes).length;
}

for (const name of SYSTEM_NAMES) {
  Deno.test(`a sentence scores the same alone as in any batch with ${name}`, async () => {
    const engine = await createEngine("onnx");
    const system = tinySystem(engine, name, 6);
    const sentences = tinySentences(createRandom(6), 36, 9);
    const tagsAlone: Int32Array[] = [];
    for (const sentence of sentences) tagsAlone.push((await system.predict([sentence])).tagIds[0]!);
    assertEquals((await system.predict(sentences)).tagIds, tagsAlone);
    assertEquals((await system.predict([...sentences].reverse())).tagIds, tagsAlone.toReversed());
    const weighted = async (batch: TaggedSentence[]): Promise<Weighted> => ({
      nRows: batch.reduce((sum, sentence) => sum + nRowsOf(name, sentence), 0),
      ...structuredClone(await system.lossAndGradients(batch)),
    });
    const alone: Weighted[] = [];
    for (const sentence of sentences) alone.push(await weighted([sentence]));
    assertMeans(await weighted(sentences), alone);
    system.dispose();
  });

  Deno.test(`lossAndGradients() of ${name} gives the slopes of the loss, of every parameter`, async () => {
    const engine = await createEngine("onnx");
    const system = tinySystem(engine, name, 8);
    const sentences = tinySentences(createRandom(8), 4, 6);
    const { parameters } = system;
    const { gradients } = await system.lossAndGradients(sentences);
    // The sentences are of the target: what the source has of its own has no part in the loss.
    const trained = Object.keys(parameters)
      .filter((name) => !name.startsWith("source/"));
    assertEquals(Object.keys(gradients).sort(), trained.sort());
    const loss = async () => (await system.lossAndGradients(sentences)).loss;
    await assertSlopes(parameters, gradients, loss, isBertSystem(name) ? 1e-2 : 2e-3);
    system.dispose();
  });
}

Deno.test("predict() gives the same however many tag strings LANER keeps, and sentences it decodes together", async () => {
  const engine = await createEngine("onnx");
  const sentences = tinySentences(createRandom(8), 70);
  for (const [name, parts] of Object.entries(LANERS)) {
    const model = tinyModel(name as BertSystemName, 8);
    const steps: number[] = [];
    const predicted: unknown[] = [];
    for (const maxStrings of [undefined, 200, 1]) {
      const system = createLaner({ engine, ...model, parts, maxStrings });
      const progress: number[] = [];
      predicted.push(await system.predict(sentences, (done) => progress.push(done)));
      steps.push(progress.length);
      system.dispose();
    }
    assertEquals(predicted[1], predicted[0]);
    assertEquals(predicted[2], predicted[0]);
    assertEquals([steps[0], steps[2]], [1, 70]);
    assert(steps[1]! > 2 && steps[1]! < 30, `${steps[1]} batches`);
  }
});

Deno.test("predict() gives no tags to a sentence without words, and tells its progress", async () => {
  const engine = await createEngine("onnx");
  const random = createRandom(7);
  for (const name of ["laner", "bert-tagger", "bert-crf", "lstm-crf"] as const) {
    const system = tinySystem(engine, name, 7);
    const done: number[] = [];
    const sentences = [...tinySentences(random, 34, 2), {
      ids: [2, 3],
      firstPieces: [],
      words: [],
      tagIds: [],
    }];
    const { tagIds } = await system.predict(sentences, (n) => done.push(n));
    assertEquals(tagIds.map(({ length }) => length), sentences.map(({ tagIds }) => tagIds.length));
    // LANER decodes as many together as their histories allow.
    assertEquals(done, name === "laner" ? [35] : [32, 35]);
    assertEquals((await system.predict([])).tagIds, []);
    system.dispose();
  }
});
