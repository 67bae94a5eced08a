/** Systems that read words: their sizes, and that they can learn. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { WHOLE_WORDS } from "../../../data/pieces/whole_words.ts";
import { createRandom } from "../../../data/random.ts";
import { createSampleCorpora } from "../../../data/sample/corpora.ts";
import { scoreSpans } from "../../../data/scores/scores.ts";
import { createTagSet, tagSetOf } from "../../../data/tags/tag_set.ts";
import { createVocabularies } from "../../../data/words/vocabularies.ts";
import { createVocabulary } from "../../../data/words/word_vocabulary.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import { loadModelFolder } from "../../../model/model_folder.ts";
import { createSystem } from "../../../model/systems/create_system.ts";
import { SYSTEMS } from "../../../model/systems/systems.ts";
import type { WordModel } from "../../../model/systems/word_model.ts";
import type { WordSystem } from "../../../model/systems/word_system.ts";
import { createTagger } from "../../../model/tagger.ts";
import { train } from "../../../model/training/train.ts";
import { initialParameters, sizeOf, withPrefix } from "../../../model/weights/parameters.ts";
import type { WordSizes } from "../../../model/words/word_states.ts";
import { encodeTagged } from "../../../model/train_model.ts";
import { isWordSystem, SYSTEM_NAMES, type WordSystemName } from "../families.ts";
import { TINY_BERT, tinyEncoder, tinyModel, tinySentences, tinySystem } from "../tiny.ts";
import { withModelFolder } from "../tiny_model_folder.ts";

const WORD_SYSTEMS = SYSTEM_NAMES.filter((name): name is WordSystemName => isWordSystem(name));

for (const name of WORD_SYSTEMS) {
  Deno.test(`${name} learns 20 sentences by heart`, async () => {
    const corpora = createSampleCorpora(3, { target: { train: 20, dev: 0, test: 0, text: 0 } });
    const sentences = corpora.target.train;
    const tags = tagSetOf(sentences);
    const sizes = {
      wordWidth: 16,
      characterWidth: 8,
      characterFeatures: 8,
      width: 16,
      nLayers: 1,
      dropout: 0,
    };
    const definition: WordSystem = SYSTEMS[name];
    const domains = { source: tags, target: tags };
    const vocabularies = createVocabularies(sentences, definition.vectorWords?.(domains) ?? [], true);
    const lmCharacters = createVocabulary([
      "\n",
      ...vocabularies.words.words.flatMap((word) => [...word, " "]),
    ]);
    const charLm = { width: 12, characterWidth: 6 };
    const about = { vocabularies: { ...vocabularies, lmCharacters }, charLm, sizes, tags, domains };
    const random = createRandom(1);
    const parameters = initialParameters(definition.shapes(about), random);
    definition.initialise?.(parameters, about);
    const model = { system: name, ...about, parameters, maxPieces: 128 };
    const system = createSystem(await createEngine("onnx"), model);
    const tagger = createTagger(system, WHOLE_WORDS, model);
    const gold = sentences.map(({ tags }) => tags);
    const score = async () => {
      const tagged = await tagger.predict(sentences.map(({ words }) => words));
      return scoreSpans(gold, tagged.map(({ tags }) => tags)).f1;
    };
    const encoded = encodeTagged(sentences, model, WHOLE_WORDS);
    let f1 = 0;
    const learned = new AbortController();
    await train(system, encoded, {
      epochs: 80,
      patience: null,
      batchSize: 5,
      learningRate: 0.01,
      random,
      evaluate: async () => f1 = await score(),
      // With all entities found nothing is left to learn: the best epoch is kept.
      onProgress: () => f1 === 1 && learned.abort(),
      signal: learned.signal,
    });
    assertEquals(await score(), 1);
    tagger.dispose();
  });
}

Deno.test("multi-cell-lstm reads the states of an encoder, which is stored with it and not trained", async () => {
  const engine = await createEngine("onnx");
  const random = createRandom(3);
  const sentences = tinySentences(random, 6);
  const plain = tinyModel("multi-cell-lstm", 3) as WordModel;
  const about = { ...plain, encoder: TINY_BERT };
  const parameters = {
    ...initialParameters(SYSTEMS["multi-cell-lstm"].shapes(about), random),
    ...withPrefix("encoder", tinyEncoder(random)),
  };
  const model: WordModel = { ...about, parameters };
  const system = createSystem(engine, model);
  assertEquals(Object.keys(system.parameters).filter((name) => name.startsWith("encoder/")), []);
  const before = structuredClone(parameters["encoder/embeddings.word_embeddings.weight"]!.data);
  const alone: Int32Array[] = [];
  for (const sentence of sentences) alone.push((await system.predict([sentence])).tagIds[0]!);
  const expected = await system.predict(sentences);
  const { loss } = await system.lossAndGradients(sentences);
  assertEquals(expected.tagIds, alone);
  await withModelFolder(model, async (folder) => {
    const loaded = await loadModelFolder(folder);
    assert("vocabularySize" in loaded.tokenizer, "the encoder's tokenizer");
    const again = createSystem(engine, loaded);
    assertEquals(await again.predict(sentences), expected);
    assertEquals((await again.lossAndGradients(sentences)).loss, loss);
    again.dispose();
  });
  const other = createSystem(engine, {
    ...model,
    parameters: { ...parameters, ...withPrefix("encoder", tinyEncoder(createRandom(4))) },
  });
  assert(
    Math.abs((await other.lossAndGradients(sentences)).loss - loss) > 1e-3,
    "another encoder, another loss",
  );
  await train(system, sentences, { epochs: 2, batchSize: 3, random });
  assertEquals(parameters["encoder/embeddings.word_embeddings.weight"]!.data, before);
  for (const one of [system, other]) one.dispose();
});

/** The numbers of parameters that the published systems have, worked out from their code, by what their names begin with. */
function countsOf(name: WordSystemName, sizes: WordSizes, source: string[], target: string[]) {
  const domains = { source: createTagSet(source), target: createTagSet(target) };
  const vocabularies = createVocabularies([{ words: ["a"] }], [], true);
  const tags = domains.target;
  const counts: Record<string, number> = {};
  const charLm = { width: 2048, characterWidth: 100 };
  const lmCharacters = vocabularies.characters;
  const about = { vocabularies: { ...vocabularies, lmCharacters }, sizes, tags, domains, charLm };
  const shapes = SYSTEMS[name].shapes(about);
  for (const [name, shape] of Object.entries(shapes)) {
    const part = name.match(/^(source|target)\/crf|^(source|target)\/emissions|^[a-z_]+/)![0];
    counts[part] = (counts[part] ?? 0) + sizeOf(shape);
  }
  return counts;
}

const TYPES_OF_AI = [
  ...["algorithm", "conference", "country", "field", "location", "metrics", "misc", "organisation", "person"],
  ...["product", "programlang", "researcher", "task", "university"],
];
const TYPES_OF_NEWS = ["person", "organisation", "location", "misc"];

Deno.test("lstm-crf and coach have as many parameters as CrossNER's", () => {
  // Words of 300 numbers with 100 more for their characters, in one table.
  const sizes = {
    wordWidth: 400,
    characterWidth: 1,
    characterFeatures: 0,
    width: 256,
    nLayers: 2,
    dropout: 0.5,
  };
  const lstmCrf = countsOf("lstm-crf", sizes, TYPES_OF_NEWS, TYPES_OF_AI);
  const K = 29;
  assertEquals(lstmCrf.bilstm, 2_924_544);
  assertEquals([lstmCrf.emissions, lstmCrf.crf], [513 * K, K ** 2 + 2 * K]);
  assertEquals(lstmCrf.bilstm! + lstmCrf.emissions! + lstmCrf.crf!, 2_940_320);
  const coach = countsOf("coach", sizes, TYPES_OF_NEWS, TYPES_OF_AI);
  assertEquals(coach.bilstm! + coach.emissions! + coach.crf!, 2_926_098);
  assertEquals(coach.entity_lstm, 1_142_400);
});

Deno.test("multi-cell-lstm has as many parameters as the published one, but for the rows of its CRFs' ends", () => {
  const sizes = {
    wordWidth: 100,
    characterWidth: 30,
    characterFeatures: 50,
    width: 100,
    nLayers: 1,
    dropout: 0.5,
  };
  const counts = countsOf("multi-cell-lstm", sizes, TYPES_OF_NEWS, TYPES_OF_AI);
  const N = 15;
  const input = 150;
  assertEquals(counts.cells, 2 * N * (200 * input + 20_200));
  assertEquals(counts.composition, 2 * (300 * input + 30_300));
  assertEquals(counts.source! + counts.target!, 2 * 80_400); // attention
  assertEquals(counts.types, 201 * N);
  assertEquals(counts.char_cnn, 4_550);
  // There, START, STOP and padding are tags like any others.
  for (const [domain, types] of [["source", 4], ["target", 14]] as const) {
    const K = 4 * types + 1;
    assertEquals(counts[`${domain}/emissions`]! + counts[`${domain}/crf`]!, 201 * K + K ** 2 + 2 * K);
  }
});

Deno.test("flair has as many parameters as the published one, but for START, STOP and the unknown among its tags", () => {
  const sizes = {
    wordWidth: 100,
    characterWidth: 1,
    characterFeatures: 0,
    width: 256,
    nLayers: 1,
    dropout: 0.5,
  };
  const counts = countsOf("flair", sizes, TYPES_OF_NEWS, TYPES_OF_AI);
  const K = 4 * 14 + 1;
  assertEquals([counts.reproject, counts.bilstm], [17_610_612, 9_121_792]);
  assertEquals(counts.emissions! + counts.crf!, 513 * K + K ** 2 + 2 * K);
});

Deno.test("cross-domain-lm has as many parameters as the published one, but for the rows of its CRFs' ends", () => {
  const sizes = {
    wordWidth: 100,
    characterWidth: 30,
    characterFeatures: 50,
    width: 100,
    nLayers: 1,
    dropout: 0.5,
  };
  const counts = countsOf("cross-domain-lm", sizes, TYPES_OF_NEWS, TYPES_OF_AI);
  assertEquals(counts.generator, 12_902_400);
  assertEquals([counts.domain_embedding, counts.task_embedding], [2 * 8, 2 * 8]);
  const nWords = 3; // PAD, UNK and the one word
  assertEquals(counts.lm, 101 * (nWords - 1));
});

Deno.test("multi-cell-lstm refuses a batch of two domains", async () => {
  const system = tinySystem(await createEngine("onnx"), "multi-cell-lstm", 1);
  const [first, second] = tinySentences(createRandom(1), 2);
  await assertRejects(
    () => system.lossAndGradients([first!, { ...second!, domain: "source" }]),
    Error,
    "a batch of two domains",
  );
  system.dispose();
});
