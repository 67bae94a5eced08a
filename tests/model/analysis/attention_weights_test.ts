import { assert, assertEquals, assertRejects } from "@std/assert";
import { BATCH_AXES, packBatch, PADDING_AXES, padWords } from "../../../data/batches/batch.ts";
import { createRandom, type Random } from "../../../data/random.ts";
import { HISTORY_AXES, historyLayout } from "../../../data/tags/history_layout.ts";
import { labelBackgroundWeights, labelContextWeights } from "../../../model/analysis/attention_weights.ts";
import { embedPieces } from "../../../model/bert/embeddings.ts";
import { encode, type EncoderLayout } from "../../../model/bert/encoder.ts";
import { type WordLayout, wordStates } from "../../../model/bert/words.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import type { Engine } from "../../../model/engine/engine.ts";
import { matrixShape } from "../../../model/engine/nd_array.ts";
import { type Tensor, type Tensors, tf } from "../../../model/engine/tf.ts";
import type { BertModel } from "../../../model/systems/bert_system.ts";
import {
  backgroundWeights,
  contextWeights,
  type HistoryLayout,
  type WordPadding,
} from "../../../model/systems/laner/biattention.ts";
import type { Parts } from "../../../model/systems/laner/predictor.ts";
import type { TaggedSentence } from "../../../model/training/system.ts";
import { assertClose } from "../../close.ts";
import type { BertSystemName } from "../families.ts";
import { naiveDecoding } from "../systems/laner/naive_laner.ts";
import { LABEL_WIDTH, TINY_BERT, TINY_TAGS, tinyModel, tinySentences } from "../tiny.ts";

const LANERS = {
  "laner": { labelBackground: true, labelContext: true },
  "laner-without-label-context": { labelBackground: true, labelContext: false },
  "laner-without-label-background": { labelBackground: false, labelContext: true },
} as const satisfies Record<string, Parts>;

/** h of one sentence as lists. */
async function statesOf(engine: Engine, model: BertModel, sentence: TaggedSentence): Promise<number[][]> {
  const batch = packBatch([sentence], TINY_BERT.nHeads);
  const compiled = engine.compile<Tensors & EncoderLayout & WordLayout & { embedded: Tensor }>(
    "states",
    (x) => ({ h: wordStates(encode(TINY_BERT, x, x.embedded, x), x) }),
    { ...BATCH_AXES(TINY_BERT.nHeads), embedded: ["T", TINY_BERT.hiddenWidth] },
  );
  const embedded = embedPieces(model.parameters, batch);
  const { h } = await compiled.run({ ...model.parameters, ...batch.encoder, ...batch.words, embedded });
  compiled.dispose();
  const [rows, width] = matrixShape(h!);
  return Array.from({ length: rows }, (_, i) => [...h!.data.subarray(i * width, (i + 1) * width)]);
}

/** A sentence of at least `nWords` words. */
function longSentence(random: Random, nWords = 6): TaggedSentence {
  let sentence = tinySentences(random, 1, 12)[0]!;
  while (sentence.tagIds.length < nWords) sentence = tinySentences(random, 1, 12)[0]!;
  return sentence;
}

for (const [system, parts] of Object.entries(LANERS) as [keyof typeof LANERS, Parts][]) {
  Deno.test(`attention weights of ${system} equal those of the word-by-word loop on 10 random models`, async () => {
    const engine = await createEngine("onnx");
    let telling = 0;
    for (let seed = 1; seed <= 10; seed++) {
      const model = tinyModel(system, seed);
      const sentence = longSentence(createRandom(seed));
      const h = await statesOf(engine, model, sentence);
      const given = [...sentence.tagIds as number[]];
      for (const tagIds of [undefined, given]) {
        const expected = naiveDecoding(parts, model.parameters, h, TINY_TAGS.nTags, tagIds);
        const compare = async (weigh: typeof labelContextWeights, weights: number[][], what: string) => {
          const ours = await weigh({ engine, model, sentence, tagIds });
          const name = `${what}, model ${seed}`;
          assertEquals(ours.tagIds, tagIds ?? expected.tags, name);
          assertEquals(ours.weights.map((row) => row.length), weights.map((row) => row.length), name);
          assertClose(ours.weights.flat(), weights.flat(), 1e-4, name);
          assertClose(
            ours.weights.map((row) => row.reduce((a, b) => a + b)),
            h.map(() => 1),
            1e-6,
            `${name}: sums`,
          );
          telling += ours.weights.flat().filter((weight) => weight > 0.05 && weight < 0.95).length;
        };
        if (parts.labelContext) await compare(labelContextWeights, expected.context, "label context");
        if (parts.labelBackground) {
          await compare(labelBackgroundWeights, expected.background, "label background");
        }
      }
    }
    assert(telling > 100, `only ${telling} weights that are neither 0 nor 1: the models tell nothing`);
  });
}

Deno.test("labelContextWeights() has a row of i weights for word i, and the tag of a word changes later rows only", async () => {
  const engine = await createEngine("onnx");
  const model = tinyModel("laner", 3);
  const sentence = longSentence(createRandom(3));
  const n = sentence.tagIds.length;
  const changed = 2;
  const tagIds = new Array(n).fill(0);
  const other = tagIds.map((id, i) => (i === changed ? 1 : id));
  const { weights } = await labelContextWeights({ engine, model, sentence, tagIds });
  assertEquals(weights.map((row) => row.length), weights.map((_, i) => i + 1));
  assertEquals(weights[0], [1]);
  const { weights: after } = await labelContextWeights({ engine, model, sentence, tagIds: other });
  weights.forEach((row, i) => assertEquals(String(after[i]) !== String(row), i > changed, `word ${i}`));
});

Deno.test("contextWeights() and backgroundWeights() are the same alone as in any batch, also of late words only", async () => {
  const engine = await createEngine("onnx");
  const random = createRandom(4);
  const H = 4;
  const D = LABEL_WIDTH;
  const compiled = engine.compile<Tensors & WordPadding & HistoryLayout>("weights", (x) => ({
    context: contextWeights(x.contextQueries!, x.history!, x),
    background: backgroundWeights(x.queries!, x.words!, x),
  }), {
    ...PADDING_AXES,
    ...HISTORY_AXES,
    queries: ["W", H],
    words: ["V", H],
    contextQueries: ["W", 2 * D],
    history: ["R", 2 * D],
  });
  const normal = (shape: number[]) => ({
    shape,
    data: Float32Array.from({ length: shape[0]! * shape[1]! }, () => random.normal()),
  });
  const join = (arrays: { shape: number[]; data: Float32Array }[]) => ({
    shape: [arrays.reduce((sum, { shape }) => sum + shape[0]!, 0), arrays[0]!.shape[1]],
    data: Float32Array.from(arrays.flatMap(({ data }) => [...data])),
  });
  // Sentences of other lengths; of the last two the first words are not asked for.
  const lengths: [n: number, from: number][] = [[3, 0], [1, 0], [7, 0], [5, 2], [6, 5]];
  const sentences = lengths.map(([n, from]) => {
    const asked = n - from;
    const nPairs = (n * (n + 1) - from * (from + 1)) / 2;
    return {
      n,
      from,
      arrays: {
        words: normal([n, H]),
        queries: normal([asked, H]),
        contextQueries: normal([asked, 2 * D]),
        history: normal([nPairs, 2 * D]),
      },
    };
  });
  /** The weights of each sentence's words that are asked for, without padding. */
  const weigh = async (batch: typeof sentences) => {
    const from = batch.map((s) => s.from);
    const nWords = batch.map((s) => s.n);
    const names = ["words", "queries", "contextQueries", "history"] as const;
    const weights = await compiled.run({
      ...padWords(nWords, from),
      ...historyLayout(nWords, from),
      ...Object.fromEntries(names.map((name) => [name, join(batch.map(({ arrays }) => arrays[name]))])),
    });
    const context = weights.context!;
    const background = weights.background!;
    const M = context.shape[1]!;
    const N = background.shape[2]!;
    assertEquals([context.shape, background.shape], [[context.data.length / M, M], [batch.length, N, N]]);
    let row = 0;
    return batch.map(({ n, from }, b) =>
      Array.from({ length: n - from }, (_, i) => {
        const place = (b * N + from + i) * N;
        const ofContext = row++ * M;
        assert(
          context.data.subarray(ofContext + from + i + 1, ofContext + M).every((weight) => weight === 0),
        );
        assert(background.data.subarray(place + n, place + N).every((weight) => weight === 0));
        return {
          context: [...context.data.subarray(ofContext, ofContext + from + i + 1)],
          background: [...background.data.subarray(place, place + n)],
        };
      })
    );
  };
  const together = await weigh(sentences);
  const reversed = (await weigh(sentences.toReversed())).reverse();
  for (const [b, sentence] of sentences.entries()) {
    const alone = (await weigh([sentence]))[0]!;
    for (const [i, row] of alone.entries()) {
      for (const [name, batch] of Object.entries({ together, reversed })) {
        const other = batch[b]![i]!;
        assertClose(other.context, row.context, 1e-6, `context of ${b}, ${i}, ${name}`);
        assertClose(other.background, row.background, 1e-6, `background of ${b}, ${i}, ${name}`);
      }
    }
  }
  compiled.dispose();
});

Deno.test("labelContextWeights() gives the same again, whatever comes between", async () => {
  const engine = await createEngine("onnx");
  const random = createRandom(4);
  const model = tinyModel("laner", 4);
  const first = longSentence(random);
  const second = longSentence(random, 9);
  const weights = await labelContextWeights({ engine, model, sentence: first });
  const kept = structuredClone(weights);
  await labelContextWeights({ engine, model, sentence: second });
  assertEquals(weights, kept, "a later call must not change what an earlier one gave");
  assertEquals(await labelContextWeights({ engine, model, sentence: first }), kept);
});

Deno.test("attention weights of a sentence without words are none", async () => {
  const engine = await createEngine("onnx");
  const model = tinyModel("laner", 5);
  const sentence = { ids: [2, 3], firstPieces: [] };
  assertEquals(await labelContextWeights({ engine, model, sentence }), { tagIds: [], weights: [] });
  assertEquals(await labelBackgroundWeights({ engine, model, sentence, tagIds: [] }), {
    tagIds: [],
    weights: [],
  });
});

Deno.test("attention weights are refused of a model that lacks the part, and for tags that do not fit", async () => {
  const engine = await createEngine("onnx");
  const sentence = { ids: [2, 7, 8, 3], firstPieces: [1, 2] };
  const refused: [typeof labelContextWeights, BertSystemName, number[] | undefined, string][] = [
    [
      labelContextWeights,
      "bert-tagger",
      undefined,
      "label context: the model's system must have one, current value is bert-tagger",
    ],
    [
      labelContextWeights,
      "laner-without-label-context",
      [0, 0],
      "current value is laner-without-label-context",
    ],
    [
      labelBackgroundWeights,
      "laner-without-label-background",
      undefined,
      "of the label background: the model's system",
    ],
    [labelContextWeights, "laner", [0], "there must be one for each of the 2 words, current value is 1"],
    [labelContextWeights, "laner", [0, TINY_TAGS.nTags], "each must be from 0 to 4, current value is 5"],
    [labelBackgroundWeights, "laner", [-1, 0], "each must be from 0 to 4, current value is -1"],
    [labelBackgroundWeights, "laner", [0, 0.5], "each must be from 0 to 4, current value is 0.5"],
  ];
  for (const [weigh, system, tagIds, message] of refused) {
    await assertRejects(
      () => weigh({ engine, model: tinyModel(system, 6), sentence, tagIds }),
      Error,
      message,
    );
  }
});

/** An engine that counts what was compiled and not disposed. */
function counting(engine: Engine): Engine & { nAlive: number; nCompiled: number } {
  const counter = {
    name: engine.name,
    version: engine.version,
    nAlive: 0,
    nCompiled: 0,
    compile: ((...options) => {
      const compiled = engine.compile(...options);
      counter.nAlive++;
      counter.nCompiled++;
      return {
        run: (inputs) => compiled.run(inputs),
        dispose() {
          counter.nAlive--;
          compiled.dispose();
        },
      };
    }) as Engine["compile"],
  };
  return counter;
}

Deno.test("attention weights leave nothing in the engine, nor tensors, also when they fail", async () => {
  const engine = counting(await createEngine("cpu"));
  const model = tinyModel("laner", 7);
  const before = tf.memory().numTensors;
  const sentence = longSentence(createRandom(7));
  const unknownPiece = { ids: [2, 999, 3], firstPieces: [1] };
  for (const weigh of [labelContextWeights, labelBackgroundWeights]) {
    await weigh({ engine, model, sentence });
    await assertRejects(() => weigh({ engine, model, sentence: unknownPiece }), Error, "piece id 999");
    await assertRejects(
      () => weigh({ engine, model, sentence: unknownPiece, tagIds: [0] }),
      Error,
      "piece id 999",
    );
  }
  assert(engine.nCompiled > 0);
  assertEquals(engine.nAlive, 0);
  assertEquals(tf.memory().numTensors, before);
});
