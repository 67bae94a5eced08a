/** LSTM-CRF, Coach and Multi-Cell LSTM against PyTorch (tests/oracle/systems). */
import { assertEquals } from "@std/assert";
import { createTagSet, type TagSet } from "../data/tags/tag_set.ts";
import { createVocabulary } from "../data/words/word_vocabulary.ts";
import { createEngine } from "../model/engine/create_engine.ts";
import { createBiLstm } from "../model/nn/bilstm.ts";
import { biLstmShapes } from "../model/nn/bilstm_shapes.ts";
import { createCoach } from "../model/systems/coach/coach.ts";
import { createLstmCrf } from "../model/systems/lstm_crf/lstm_crf.ts";
import { createMultiCellLstm } from "../model/systems/multi_cell_lstm/multi_cell_lstm.ts";
import type { Gradient } from "../model/training/optimizer.ts";
import type { Parameters } from "../model/weights/parameters.ts";
import { assertClose } from "./close.ts";
import { assertGradient } from "./model/gradient_checks.ts";
import { arraysOf, part } from "./oracle_arrays.ts";
import { readOwnOracle } from "./oracle_dir.ts";
import { testedEngines } from "./tested_engines.ts";

const TOLERANCE = 1e-5;

function assertGradients(actual: Record<string, Gradient>, expected: Record<string, ArrayLike<number>>) {
  assertEquals(Object.keys(actual).sort(), Object.keys(expected).sort());
  for (const [name, values] of Object.entries(expected)) {
    assertGradient(actual[name], values, TOLERANCE, `gradient by ${name}`);
  }
}

const valuesByName = (arrays: Parameters) =>
  Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data]));

const sentence = (words: string[], tagIds: number[]) => ({
  words,
  ids: new Int32Array(words.length),
  firstPieces: words.map((_, i) => i),
  tagIds,
});

interface LstmCrf {
  sizes: Record<string, number>;
  words: string[];
  characters: string[];
  sentences: string[][];
  character_ids: number[][][];
  tag_ids: number[][];
}

interface Coach {
  sizes: { word_width: number; H: number; n_layers: number };
  types: string[];
  words: string[];
  sentences: string[][];
  tag_ids: number[][];
}

interface MultiCell {
  sizes: { input_width: number; H: number };
  types: Record<"source" | "target", string[]>;
  tags: Record<"source" | "target", string[]>;
  tag_ids: Record<"source" | "target", number[][]>;
}

for (const name of testedEngines(["onnx", "onnx-ffi", "cpu"])) {
  Deno.test(`${name}: LSTM-CRF's loss, gradients and paths equal PyTorch's, without and with characters`, async () => {
    const engine = await createEngine(name);
    const config = readOwnOracle<LstmCrf>("systems/lstm-crf/config.json");
    const given = arraysOf("lstm-crf/parameters");
    const expected = arraysOf("lstm-crf/expected");
    const decoded = readOwnOracle<Record<string, { tag_ids: number[] }[]>>("systems/lstm-crf/decode.json");
    const vocabularies = {
      words: createVocabulary(config.words),
      characters: createVocabulary(config.characters),
    };
    const tags = createTagSet(["person", "place"]);
    const { sizes } = config;
    for (const [variant, characterFeatures] of [["plain", 0], ["cnn", sizes.n_filters]] as const) {
      const system = createLstmCrf({
        engine,
        tags,
        domains: { source: tags, target: tags },
        vocabularies,
        parameters: part(given, `${variant}.`),
        sizes: {
          wordWidth: sizes.word_width!,
          characterWidth: sizes.character_width!,
          characterFeatures: characterFeatures!,
          width: sizes.H!,
          nLayers: sizes.n_layers!,
          dropout: 0,
        },
      });
      const sentences = config.sentences.map((words, i) => sentence(words, config.tag_ids[i]!));
      const { loss, gradients } = await system.lossAndGradients(sentences);
      assertClose([loss], expected[`${variant}.loss`]!.data, TOLERANCE, "loss");
      assertGradients(gradients, valuesByName(part(expected, `gradient.${variant}.`)));
      const { tagIds } = await system.predict(sentences);
      assertEquals(tagIds.map((ids) => [...ids]), decoded[variant]!.map(({ tag_ids }) => tag_ids));
      system.dispose();
    }

    // A BiLSTM over the characters of words, as Lample et al. have it: the states after its last step each way.
    const options = { name: "char_lstm", inputWidth: sizes.character_width!, width: sizes.character_H! };
    const lstm = createBiLstm(engine, options);
    const parameters = part(given, "lstm.");
    const words = config.character_ids.flat();
    const characters = parameters["characters.weight"]!;
    const width = options.inputWidth;
    assertEquals(Object.keys(biLstmShapes(options)).every((name) => name in parameters), true);
    const x = words.flat().flatMap((id) => [...characters.data.subarray(id * width, (id + 1) * width)]);
    const { last } = await lstm.forward(
      parameters,
      { shape: [x.length / width, width], data: Float32Array.from(x) },
      words.map(({ length }) => length),
    );
    assertClose(last.data, expected["lstm.character_features"]!.data, TOLERANCE, "end states");
    lstm.dispose();
  });

  Deno.test(`${name}: Coach's losses and gradients equal PyTorch's, with template regularisation too`, async () => {
    const engine = await createEngine(name);
    const config = readOwnOracle<Coach>("systems/coach/config.json");
    const given = arraysOf("coach/parameters");
    const inputs = arraysOf("coach/inputs");
    const expected = arraysOf("coach/expected");
    const tags = createTagSet(config.types);
    const characters = createVocabulary(["a"]);
    const { sizes } = config;
    const sentences = config.sentences.map((words, i) => sentence(words, config.tag_ids[i]!));
    const entityCounts = config.tag_ids.map((ids) =>
      ids.filter((id) => tags.tagOf(id).startsWith("B-")).length
    );
    // There, means over entities and over the sentences that have some; here, all are means over sentences.
    const B = sentences.length;
    const shares: Record<string, number> = {
      crf: 1,
      typing: entityCounts.reduce((sum, n) => sum + n, 0) / B,
      templates: entityCounts.filter((n) => n > 0).length / B,
    };
    for (const templates of [0, 1]) {
      const isOurs = (name: string) => templates > 0 || !/^(template|utterance)_/.test(name);
      const renamed = Object.entries(given).filter(([name]) => isOurs(name)).map(([name, { shape, data }]) =>
        name.endsWith("_attention")
          ? [`${name}.weight`, { shape: [1, shape[0]!], data }]
          : [name, { shape, data }]
      );
      const system = createCoach({
        engine,
        tags,
        domains: { source: tags, target: tags },
        vocabularies: { words: createVocabulary(config.words), characters },
        parameters: { ...Object.fromEntries(renamed), types: inputs.types },
        sizes: {
          wordWidth: sizes.word_width,
          characterWidth: 1,
          characterFeatures: 0,
          dropout: 0,
          width: sizes.H,
          nLayers: sizes.n_layers,
          ...(templates ? { templates } : {}),
        },
      });
      const losses = ["crf", "typing", ...(templates ? ["templates"] : [])];
      const { loss, gradients } = await system.lossAndGradients(sentences);
      const total = losses.reduce((sum, one) => sum + shares[one]! * expected[`loss.${one}`]!.data[0]!, 0);
      assertClose([loss], [total], TOLERANCE, "loss");
      const sums: Record<string, number[]> = {};
      for (const one of losses) {
        for (const [name, { data }] of Object.entries(part(expected, `${one}.gradient.`))) {
          const own = name.endsWith("_attention") ? `${name}.weight` : name;
          sums[own] = Array.from(data, (value, i) => shares[one]! * value + (sums[own]?.[i] ?? 0));
        }
      }
      assertGradients(gradients, sums);
      const decoded = readOwnOracle<{ sentences: { tag_ids: number[] }[] }>("systems/coach/decode.json");
      const { tagIds } = await system.predict(sentences);
      assertEquals(tagIds.map((ids) => [...ids]), decoded.sentences.map(({ tag_ids }) => tag_ids));
      system.dispose();
    }
  });

  Deno.test(`${name}: Multi-Cell LSTM's losses, gradients and paths equal PyTorch's in both domains`, async () => {
    const config = readOwnOracle<MultiCell>("systems/multi-cell-lstm/config.json");
    const engine = await createEngine(name);
    const given = arraysOf("multi-cell-lstm/parameters");
    const inputs = arraysOf("multi-cell-lstm/inputs");
    const expected = arraysOf("multi-cell-lstm/expected");
    const decoded = readOwnOracle<Record<string, { tag_ids: number[] }[]>>(
      "systems/multi-cell-lstm/decode.json",
    );
    const setOf = (types: string[]) => createTagSet(types, { scheme: "IOBES" });
    const { source, target } = config.types;
    const domains = { source: setOf(source), target: setOf(target) };
    const width = config.sizes.input_width;
    for (const domain of ["source", "target"] as const) {
      assertEquals([...domains[domain].tags], config.tags[domain]);
      // Each word of the domain is one of a kind, whose vector is the word's given input.
      const names = config.tag_ids[domain].flat().map((_, i) => `word ${String(i).padStart(2, "0")}`);
      const words = createVocabulary(names);
      const table = new Float32Array(words.size * width);
      table.set(inputs[domain]!.data, 2 * width);
      const tags: TagSet = domains[domain];
      const parameters = Object.fromEntries(
        Object.entries(given).map(([name, array]) => [name.replace(/^(source|target)\./, "$1/"), array]),
      );
      const system = createMultiCellLstm({
        engine,
        tags,
        domains,
        vocabularies: { words, characters: createVocabulary(["a"]) },
        parameters: { ...parameters, "words.weight": { shape: [words.size, width], data: table } },
        sizes: {
          wordWidth: width,
          characterWidth: 1,
          characterFeatures: 0,
          dropout: 0,
          width: config.sizes.H,
          nLayers: 1,
        },
      });
      let first = 0;
      const sentences = config.tag_ids[domain].map((tagIds) => ({
        ...sentence(names.slice(first, first += tagIds.length), tagIds),
        domain,
      }));
      const { loss, gradients } = await system.lossAndGradients(sentences);
      assertClose([loss], expected[`loss.${domain}`]!.data, TOLERANCE, `${domain} loss`);
      const { [`inputs.${domain}`]: dInputs, ...byParameters } = part(expected, `${domain}.gradient.`);
      const wordGradient = [...new Array(2 * width).fill(0), ...dInputs!.data];
      assertGradients(gradients, {
        ...Object.fromEntries(
          Object.entries(byParameters).map((
            [name, { data }],
          ) => [name.replace(/^(source|target)\./, "$1/"), data]),
        ),
        "words.weight": wordGradient,
      });
      const { tagIds } = await system.predict(sentences);
      assertEquals(tagIds.map((ids) => [...ids]), decoded[domain]!.map(({ tag_ids }) => tag_ids));
      system.dispose();
    }
  });
}
