import { assert, assertEquals, assertRejects } from "@std/assert";
import { createTokenizer } from "../../../data/pieces/tokenizer.ts";
import { createRandom } from "../../../data/random.ts";
import { createTagSet } from "../../../data/tags/tag_set.ts";
import { labelContextWeights } from "../../../model/analysis/attention_weights.ts";
import { analyseLabels } from "../../../model/analysis/label_analysis.ts";
import { mapLabels } from "../../../model/analysis/label_map.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import type { BertModel } from "../../../model/systems/bert_system.ts";
import { createSystem } from "../../../model/systems/create_system.ts";
import { createTagger } from "../../../model/tagger.ts";
import { tinyTokenizerJson } from "../../data/tiny_tokenizer.ts";
import { only } from "../../only.ts";
import { tinyModel, tinyParameters } from "../tiny.ts";

const TOKENIZER = createTokenizer(tinyTokenizerJson());
const WORDS = ["New", "yorkers", "like", "京", "."];

function sourceModel(): BertModel {
  const tags = createTagSet(["person", "place", "team"]);
  return { ...tinyModel("laner", 1), tags, parameters: tinyParameters("laner", createRandom(1), tags) };
}

Deno.test("analyseLabels() maps the tags of both models and attends with the tags that the target's tagger predicts", async () => {
  const engine = await createEngine("onnx");
  const source = sourceModel();
  const distinct = new Set<string>();
  for (let seed = 2; seed <= 6; seed++) {
    const target = tinyModel("laner", seed);
    const table = (model: BertModel) => model.parameters["label_embedding.weight"]!;
    const { before, after, attention } = await analyseLabels({
      engine,
      source,
      target,
      tokenizer: TOKENIZER,
      words: WORDS,
    });
    assertEquals(before, mapLabels(table(source), source.tags));
    assertEquals(after, mapLabels(table(target), target.tags));
    const tagger = createTagger(createSystem(engine, target), TOKENIZER, target);
    const { tags } = only(await tagger.predict([WORDS]));
    tagger.dispose();
    assertEquals([attention!.words, attention!.tags], [WORDS, tags]);
    const sentence = TOKENIZER.encodeWords(WORDS);
    const tagIds = tags.map((tag) => target.tags.idOf(tag));
    assertEquals(
      attention!.weights,
      (await labelContextWeights({ engine, model: target, sentence, tagIds })).weights,
    );
    for (const tag of tags) distinct.add(tag);
  }
  assert(distinct.size > 2, `only ${[...distinct]} were predicted`);
});

Deno.test("analyseLabels() does without a source, and lists as many nearest tags as told", async () => {
  const engine = await createEngine("onnx");
  const target = tinyModel("laner", 2);
  const options = { engine, target, tokenizer: TOKENIZER, words: WORDS, nNearest: 2 };
  const { before, after } = await analyseLabels({ ...options, source: null });
  assertEquals(before, null);
  assertEquals(after.nearest.map((list) => list.length), new Array(5).fill(2));
  const withSource = await analyseLabels({ ...options, source: sourceModel() });
  assertEquals(withSource.before?.nearest.map((list) => list.length), new Array(7).fill(2));
});

Deno.test("analyseLabels() refuses models without label embeddings or context, and sentences that are empty or too long", async () => {
  const engine = await createEngine("onnx");
  const laner = tinyModel("laner", 2);
  const tagger = tinyModel("bert-tagger", 2);
  const long = new Array(11).fill("new"); // the tiny model takes 12 pieces with [CLS] and [SEP]
  const refused: [BertModel | null, BertModel, string[], string][] = [
    [tagger, laner, WORDS, "must have them, current value is bert-tagger"],
    [null, tagger, WORDS, "must have them, current value is bert-tagger"],
    [
      null,
      tinyModel("laner-without-label-context", 2),
      WORDS,
      "must have one, current value is laner-without-label-context",
    ],
    [null, laner, [], 'Cannot analyse "": a sentence must have a word'],
    [null, laner, long, "at most 12 pieces, current value is 2 parts"],
  ];
  for (const [source, target, words, message] of refused) {
    await assertRejects(
      () => analyseLabels({ engine, source, target, tokenizer: TOKENIZER, words }),
      Error,
      message,
    );
  }
  const fits = await analyseLabels({
    engine,
    source: null,
    target: laner,
    tokenizer: TOKENIZER,
    words: long.slice(1),
  });
  assertEquals(fits.attention!.weights.length, 10);
});
