/** Cross-Domain LM and Flair against PyTorch (tests/oracle/systems/README_language_models.md). */
import { assertEquals } from "@std/assert";
import { MASKED } from "../data/batches/batch.ts";
import { createTagSet } from "../data/tags/tag_set.ts";
import { createVocabulary, type Vocabulary } from "../data/words/word_vocabulary.ts";
import { type CharLmState, createCharLm } from "../model/char_lm/char_lm.ts";
import { createStringEmbeddings } from "../model/char_lm/string_embeddings.ts";
import { createEngine } from "../model/engine/create_engine.ts";
import type { NdArray } from "../model/engine/nd_array.ts";
import { createCrfOutput } from "../model/nn/crf_output.ts";
import { createGeneratedLstm } from "../model/systems/cross_domain_lm/generated_lstm.ts";
import { createWordLm } from "../model/systems/cross_domain_lm/word_lm.ts";
import { createFlair } from "../model/systems/flair/flair.ts";
import { clipGradients } from "../model/training/adam.ts";
import { learningRateAfter } from "../model/training/learning_rate.ts";
import { type Gradient, sumOf } from "../model/training/optimizer.ts";
import { createSgd } from "../model/training/sgd.ts";
import type { Parameters } from "../model/weights/parameters.ts";
import { assertClose } from "./close.ts";
import { assertGradient } from "./model/gradient_checks.ts";
import { arraysOf, part } from "./oracle_arrays.ts";
import { readOwnOracle } from "./oracle_dir.ts";
import { testedEngines } from "./tested_engines.ts";

const TOLERANCE = 1e-5;
const DOMAINS = ["source", "target"] as const;

function assertGradients(actual: Record<string, Gradient>, expected: Parameters, what: string) {
  assertEquals(Object.keys(actual).sort(), Object.keys(expected).sort(), what);
  for (const [name, { data }] of Object.entries(expected)) {
    assertGradient(actual[name], data, TOLERANCE, `${what} ${name}`);
  }
}

interface CrossDomainLm {
  sizes: { input_width: number; H: number; V: number };
  weights: Record<string, number>;
  tags: Record<string, string[]>;
  tag_ids: Record<string, number[][]>;
  word_ids: Record<string, number[][]>;
  sampled_classes: number[];
}

for (const name of testedEngines(["onnx", "onnx-ffi", "cpu"])) {
  Deno.test(`${name}: Cross-Domain LM's weights, states, losses and gradients equal PyTorch's`, async () => {
    const engine = await createEngine(name);
    const folder = "systems/cross-domain-lm";
    const config = readOwnOracle<CrossDomainLm>(`${folder}/config.json`);
    const { sizes: { input_width, H } } = config;
    const given = arraysOf("cross-domain-lm/parameters");
    const inputs = arraysOf("cross-domain-lm/inputs");
    const expected = arraysOf("cross-domain-lm/expected");
    const lstm = createGeneratedLstm(engine, input_width, H);
    const sampled = config.sampled_classes;
    await lstm.generate({
      "generator.weight": given.W!,
      "domain_embedding.weight": given.domain_embeddings!,
      "task_embedding.weight": given.task_embeddings!,
    });
    const logCounts = expected.log_expected_counts!.data;
    const lm = createWordLm(engine, H, sampled.length);
    const draw = (targets: Int32Array) => ({
      sampledIds: Int32Array.from(sampled),
      targetBias: Float32Array.from(targets, (id) => -logCounts[id]!),
      sampledBias: Float32Array.from(
        [...targets].flatMap((target) => sampled.map((id) => (id === target ? MASKED : -logCounts[id]!))),
      ),
    });
    const gradients: Record<string, Gradient>[] = [];
    const dInputs: Record<string, Gradient> = {};
    let total = 0;
    for (const domain of DOMAINS) {
      const output = createCrfOutput(engine, 2 * H, config.tags[domain]!.length);
      for (const task of ["ner", "lm"] as const) {
        const job = `${task}_${domain}`;
        const ids = config.tag_ids[job] ?? config.word_ids[job]!;
        const states = await lstm.forward({ domain, task }, inputs[job]!, ids.map(({ length }) => length));
        assertClose(states.data, expected[`${job}.states`]!.data, TOLERANCE, `${job} states`);
        const found = task === "ner"
          ? await output.lossAndGradients(part(given, `${domain}.`), states, ids)
          : await lm.lossAndGradients(
            given,
            states,
            ids.map((s) => Int32Array.from(s)),
            1 / ids.length,
            draw,
          );
        assertClose([found.loss], expected[`loss.${job}`]!.data, TOLERANCE, `${job} loss`);
        const weight = config.weights[job]!;
        total += weight * found.loss;
        const own = Object.entries(found.gradients as Record<string, Gradient>);
        for (const { data } of [found.states, ...own.map(([, gradient]) => gradient)]) {
          data.forEach((value, i) => data[i] = weight * value);
        }
        const prefix = task === "ner" ? `${domain}.` : "";
        gradients.push(structuredClone(Object.fromEntries(own.map(([name, d]) => [prefix + name, d]))));
        dInputs[`inputs.${job}`] = structuredClone(await lstm.backward(found.states));
      }
      output.dispose();
    }
    assertClose([total], expected["loss.total"]!.data, TOLERANCE, "total loss");
    const generated = await lstm.gradients();
    const all = {
      ...sumOf(gradients),
      ...dInputs,
      W: generated["generator.weight"]!,
      domain_embeddings: generated["domain_embedding.weight"]!,
      task_embeddings: generated["task_embedding.weight"]!,
    };
    assertGradients(all, part(expected, "gradient."), "gradient by");
    lstm.dispose();
    lm.dispose();
  });

  Deno.test(`${name}: Flair's character language models learn as PyTorch's do`, async () => {
    const config = readOwnOracle<Flair>("systems/flair/config.json");
    const expected = arraysOf("flair/expected");
    const { character_width: characterWidth, lm_width: width } = config.sizes;
    const C = config.characters.length + 2;
    const lm = createCharLm(await createEngine(name), C, { characterWidth, width });
    for (const direction of ["forward", "backward"] as const) {
      const parameters = part(arraysOf("flair/parameters"), `${direction}.`);
      const sgd = createSgd({ learningRate: config.lm_training.learning_rate });
      let state: CharLmState | undefined;
      for (const [i, { ids, targets }] of config.chunks[direction].entries()) {
        const chunk = part(expected, `${direction}.chunk_${i + 1}.`);
        const block = {
          inputs: Int32Array.from(ids.flat()),
          targets: Int32Array.from(targets.flat()),
          nStreams: ids.length,
          length: ids[0]!.length,
        };
        const plain = await lm.loss(parameters, block, state);
        const step = await lm.lossAndGradients(parameters, block, state);
        assertClose([plain.loss, step.loss], [chunk.loss!.data[0]!, chunk.loss!.data[0]!], TOLERANCE, "loss");
        assertClose(step.state.h.data, chunk["state.h"]!.data, TOLERANCE, "h");
        assertClose(step.state.c.data, chunk["state.c"]!.data, TOLERANCE, "c");
        assertGradients(step.gradients, part(chunk, `gradient.${direction}.`), direction);
        const norm = clipGradients(step.gradients, config.lm_training.clip_norm);
        assertClose([norm], chunk.gradient_norm!.data, TOLERANCE, "norm");
        sgd.step(parameters, step.gradients);
        assertGradients(parameters, part(chunk, `after.${direction}.`), `${direction} after a step`);
        state = step.state;
      }
    }
    lm.dispose();
  });

  Deno.test(`${name}: Flair's string embeddings, scores, loss, gradients and paths equal PyTorch's`, async () => {
    const engine = await createEngine(name);
    const expected = arraysOf("flair/expected");
    const config = readOwnOracle<Flair>("systems/flair/config.json");
    const { sizes } = config;
    const given = renamed(arraysOf("flair/parameters"));
    const lmCharacters = vocabularyOf(config.characters);
    const charLm = { characterWidth: sizes.character_width, width: sizes.lm_width };
    const strings = createStringEmbeddings(engine, lmCharacters, charLm, given);
    const sentences = config.tokens.map((words, i) => ({
      words,
      ids: new Int32Array(words.length),
      firstPieces: words.map((_, i) => i),
      tagIds: config.tag_ids[i]!,
    }));
    assertClose(
      (await strings.of(sentences)).data,
      expected.string_embeddings!.data,
      TOLERANCE,
      "embeddings",
    );
    strings.dispose();

    const tokens = config.tokens.flat();
    const words = vocabularyOf(tokens);
    const W = sizes.word_width;
    const table: NdArray = { shape: [words.size, W], data: new Float32Array(words.size * W) };
    const { word_vectors } = arraysOf("flair/inputs");
    tokens.forEach((token, i) =>
      table.data.set(word_vectors!.data.subarray(i * W, (i + 1) * W), words.idOf(token) * W)
    );
    const tags = createTagSet(["task", "person"], { scheme: "IOBES" });
    assertEquals([...tags.tags], config.tags);
    const flair = createFlair({
      engine,
      tags,
      domains: { source: tags, target: tags },
      charLm,
      parameters: { ...given, "words.weight": table },
      vocabularies: { words, characters: lmCharacters, lmCharacters },
      sizes: {
        wordWidth: W,
        characterWidth: 1,
        characterFeatures: 0,
        width: sizes.H,
        nLayers: 1,
        dropout: 0,
      },
    });
    const { loss, gradients } = await flair.lossAndGradients(sentences);
    assertClose([loss], expected["tagger.loss"]!.data, TOLERANCE, "loss");
    const byParameters = part(expected, "tagger.gradient.");
    delete byParameters.inputs;
    assertGradients(gradients, byParameters, "gradient by");
    const { tagger } = readOwnOracle<{ tagger: { tag_ids: number[] }[] }>("systems/flair/decode.json");
    const { tagIds } = await flair.predict(sentences);
    assertEquals(tagIds.map((ids) => [...ids]), tagger.map(({ tag_ids }) => tag_ids));
    flair.dispose();
  });
}

interface Flair {
  sizes: Record<"character_width" | "lm_width" | "word_width" | "input_width" | "H", number>;
  characters: string[];
  tokens: string[][];
  tags: string[];
  tag_ids: number[][];
  lm_training: { learning_rate: number; clip_norm: number };
  chunks: Record<"forward" | "backward", { ids: number[][]; targets: number[][] }[]>;
}

/** A vocabulary in the order of the words' texts. */
function vocabularyOf(words: readonly string[]): Vocabulary {
  const vocabulary = createVocabulary(words);
  assertEquals(vocabulary.words.length, words.length);
  return vocabulary;
}

function renamed(arrays: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [name.replace(/^(forward|backward)\./, "$1/"), array]),
  );
}

Deno.test("learningRateAfter() halves the rate when and where PyTorch does, and ends where Flair does", () => {
  const { tagger } = readOwnOracle<
    {
      tagger: {
        start: number;
        values: number[];
        learning_rates: number[];
        last_epoch: number;
        patience: number;
      };
    }
  >("systems/flair/annealing.json");
  const settings = { decay: null, weightDecay: null, patience: tagger.patience };
  const rates = tagger.values.map((_, i) =>
    learningRateAfter(tagger.start, settings, tagger.values.slice(0, i + 1))
  );
  const last = rates.findIndex((rate) => rate === null);
  assertEquals(last + 1, tagger.last_epoch);
  assertClose(
    rates.slice(0, last).map(Number),
    tagger.learning_rates.slice(0, last),
    1e-12,
    "learning rates",
  );
});

Deno.test("learningRateAfter() divides the rate by what has gone by, as NCRF++ does", () => {
  const settings = { decay: 0.05, weightDecay: null, patience: null };
  assertClose([learningRateAfter(0.015, settings, [])!], [0.015], 1e-12, "first");
  assertClose([learningRateAfter(0.015, settings, [0.1, 0.2])!], [0.015 / 1.1], 1e-12, "third");
});
