import { assert, assertEquals, assertRejects } from "@std/assert";
import { createRandom } from "../../data/random.ts";
import { vocabulariesToJson } from "../../data/words/vocabularies.ts";
import { loadEncoderFolder } from "../../model/bert/encoder_folder.ts";
import { SHAPE_TABLE, withShapeTable } from "../../model/bert/word_shapes.ts";
import { createEngine } from "../../model/engine/create_engine.ts";
import { loadBertModel, loadModelFolder } from "../../model/model_folder.ts";
import { createSystem } from "../../model/systems/create_system.ts";
import type { Model } from "../../model/systems/definition.ts";
import type { SystemName } from "../../model/systems/systems.ts";
import type { WordModel } from "../../model/systems/word_model.ts";
import { OverflowError } from "../../model/weights/finite.ts";
import { readSafetensors, writeSafetensors } from "../../model/weights/safetensors.ts";
import { tinyTokenizerJson } from "../data/tiny_tokenizer.ts";
import { BERT_SYSTEM_NAMES, isWordSystem, SYSTEM_NAMES } from "./families.ts";
import { tinyModel, tinySentences, tinyShapeTable } from "./tiny.ts";
import { type ModelFiles, withModelFolder } from "./tiny_model_folder.ts";

Deno.test("loadModelFolder() reads what writeModelFolder() wrote, and it predicts the same to the bit", async () => {
  const engine = await createEngine("onnx");
  const sentences = tinySentences(createRandom(1), 10);
  for (const name of SYSTEM_NAMES) {
    const model = tinyModel(name, 1);
    const system = createSystem(engine, model);
    const expected = await system.predict(sentences);
    const { loss } = await system.lossAndGradients(sentences);
    await withModelFolder(model, async (folder) => {
      const { tokenizer, tokenizerFiles, ...loaded } = await loadModelFolder(folder);
      // Vocabularies hold functions, which equal no others.
      assertEquals<unknown>(
        { ...loaded, vocabularies: jsonOf(loaded) },
        { ...model, vocabularies: jsonOf(model) },
      );
      assertEquals([...loaded.tags.tags], [...model.tags.tags]);
      for (const [name, bytes] of Object.entries(tokenizerFiles)) {
        assertEquals(bytes, await Deno.readFile(`${folder}/${name}`));
      }
      assertEquals(Object.keys(tokenizerFiles), "config" in model ? ["tokenizer.json"] : []);
      if ("vocabularySize" in tokenizer && "config" in model) {
        assertEquals(tokenizer.vocabularySize, model.config.vocabularySize);
      }
      const again = createSystem(engine, loaded);
      assertEquals(await again.predict(sentences), expected);
      assertEquals((await again.lossAndGradients(sentences)).loss, loss);
      again.dispose();
    });
    system.dispose();
  }
});

function jsonOf(model: Model): unknown {
  return "vocabularies" in model ? vocabulariesToJson((model as WordModel).vocabularies) : null;
}

Deno.test("loadModelFolder() keeps that a model predicts legal tags alone", async () => {
  for (const legalTags of [true, undefined]) {
    for (const name of BERT_SYSTEM_NAMES) {
      const model = { ...tinyModel(name, 1), legalTags };
      await withModelFolder(model, async (folder) => {
        assertEquals((await loadBertModel(folder)).legalTags, legalTags);
      });
    }
  }
});

Deno.test("loadModelFolder() keeps a table of word shapes, which the folder's encoder has, too", async () => {
  const engine = await createEngine("onnx");
  const sentences = tinySentences(createRandom(1), 6);
  for (const name of BERT_SYSTEM_NAMES) {
    const tiny = tinyModel(name, 1);
    const plain = { ...tiny, parameters: withShapeTable(tiny.parameters, false, tiny.config.hiddenWidth) };
    const table = tinyShapeTable(createRandom(2));
    const model = { ...plain, parameters: { ...plain.parameters, ...table } };
    await withModelFolder(model, async (folder) => {
      const loaded = await loadBertModel(folder);
      assertEquals(loaded.parameters, model.parameters);
      assertEquals((await loadEncoderFolder(folder)).shapeTable, table);
      const [before, after] = [createSystem(engine, model), createSystem(engine, loaded)];
      assertEquals(await after.predict(sentences), await before.predict(sentences));
      for (const system of [before, after]) system.dispose();
    });
    await withModelFolder(plain, async (folder) => {
      assertEquals((await loadEncoderFolder(folder)).shapeTable, {});
    });
  }
  const narrow = { ...tinyModel("laner", 1) };
  narrow.parameters = { ...narrow.parameters, [SHAPE_TABLE]: { shape: [8, 8], data: new Float32Array(64) } };
  await withModelFolder(narrow, (folder) =>
    assertRejects(
      () => loadModelFolder(folder),
      Error,
      '"word_shapes.weight" must have shape [9,8], current value is [8,8]',
    ).then(() => {}));
});

/** Loads a folder of which tagger.json is changed. */
async function loadChanged(change: Record<string, unknown>, system: SystemName = "laner") {
  await withModelFolder(
    tinyModel(system, 2),
    async (folder) => void await loadModelFolder(folder),
    (files) => {
      files["tagger.json"] = JSON.stringify({ ...JSON.parse(files["tagger.json"] as string), ...change });
    },
  );
}

Deno.test("loadModelFolder() says what is wrong with tagger.json", async () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ format: "other" }, 'it must be "laner-tagger", current value is "other"'],
    [{ version: 2 }, "it must be 1, current value is 2"],
    [{ system: "lanner" }, "Cannot use system"],
    [{ system: "toString" }, "Cannot use system"],
    [{ tags: "O" }, "Cannot use tags"],
    [{ tags: ["B-person", "O"] }, "first tag must be O"],
    [{ tags: ["O", "X-person"] }, "Cannot use tags"],
    [{ scheme: "BIO" }, "BIO"],
    [{ scheme: ["IOB2"] }, "Cannot use scheme"],
    [{ labelWidth: 1e300 }, "Cannot use labelWidth"],
    [{ labelWidth: 1e12 }, '"label_embedding.weight" must have shape [6,1000000000000]'],
    [{ labelWidth: 2.5 }, "Cannot use labelWidth"],
    [{ legalTags: "yes" }, "Cannot use legalTags"],
    [
      { legalTags: true, scheme: "IOBES", tags: ["O", "B-a", "I-a", "S-a", "S-b"] },
      'Cannot make legal tags: the set must have a tag that ends an entity after each that does not, current value has none after "B-a"',
    ],
    [{ maxPieces: 2 }, "it must be a whole number from 3, current value is 2"],
    [{ maxPieces: 49 }, "it must be at most max_position_embeddings of config.json, 48, current value is 49"],
  ];
  await loadChanged({});
  for (const [change, message] of cases) {
    const error = await assertRejects(() => loadChanged(change), Error, message);
    assert(/^Cannot use .*\/(tagger\.json|head\.safetensors): /.test(error.message), error.message);
  }
});

Deno.test("loadModelFolder() refuses keys and tags of tagger.json that are another system's", async () => {
  const tags = ["O", "B-person", "I-person", "B-place", "I-place"];
  const cases: [SystemName, Record<string, unknown>, string][] = [
    ["laner", { lengthRatio: 1 }, "Cannot use lengthRatio"],
    ["laner", { system: "lstm-crf" }, "Cannot use labelWidth"],
    ["laner", { system: "bartner", domains: { source: tags, target: tags } }, "Cannot use labelWidth"],
    ["lstm-crf", { labelWidth: 3 }, "it must be left out, as lstm-crf has no such key, current value is 3"],
    ["lstm-crf", { charLm: { width: 4, characterWidth: 3 } }, "Cannot use charLm"],
    ["lstm-crf", { system: "bert-crf" }, "Cannot use sizes"],
    ["lstm-crf", JSON.parse('{"__proto__": 1}'), "Cannot use __proto__"],
    ["flair", { charLm: { width: 4, characterWidth: 3, toString: 1 } }, "Cannot use charLm.toString"],
    ["coach", { tags: ["O", "B-mountain", "I-mountain"] }, "domains.source or domains.target alone"],
    ["coach", { tags: tags.slice(0, 2) }, 'all tags of its types, "I-person" too'],
    [
      "flair",
      { domains: { source: tags, target: tags.slice(0, 4) } },
      'all tags of its types, "I-place" too',
    ],
    ["flair", { domains: { source: tags, target: tags, third: tags } }, "Cannot use domains.third"],
    ["bartner", { domains: { source: tags, target: [...tags, "O"] } }, "Cannot use domains.target"],
    ["bartner", { scheme: "IOBES", tags: ["O"] }, "Cannot use domains.source"],
    ["bartner", { scheme: "x".repeat(1e6) }, "Cannot use scheme"],
    ["bartner", { tags: ["O", "x".repeat(1e6)] }, "Cannot use tags"],
    ["bartner", { maxPieces: 1000 }, "it must be at most max_position_embeddings of config.json"],
    ["bartner", { lengthRatio: 1000 }, "it must be at most max_position_embeddings of config.json"],
    ["bartner", { beamSize: 101 }, "it must be a whole number from 1 to 100, current value is 101"],
  ];
  for (const [system, change, message] of cases) {
    await loadChanged({}, system);
    const error = await assertRejects(() => loadChanged(change, system), Error, message);
    assert(/^Cannot use .*\/tagger\.json: /.test(error.message), error.message);
    assert(error.message.length < 1000, `${error.message.length} characters`);
  }
});

Deno.test("loadModelFolder() names a file's tensor that has one value which is no number, for all systems", async () => {
  for (const system of SYSTEM_NAMES) {
    for (const file of ["head.safetensors", "model.safetensors"]) {
      for (const value of [NaN, Infinity, -Infinity]) {
        let spoilt = "";
        const change = (files: ModelFiles) => {
          if (!(file in files)) return;
          const tensors = new Map(readSafetensors(files[file] as Uint8Array).tensors);
          const [name, { shape, data }] = [...tensors].at(-1)!;
          assert(data instanceof Float32Array);
          tensors.set(name, { dtype: "F32", shape, data: data.with(data.length - 1, value) });
          files[file] = writeSafetensors(tensors);
          spoilt = `Cannot use tensor "${name}" at `;
        };
        const load = () =>
          withModelFolder(tinyModel(system, 5), async (folder) => void await loadModelFolder(folder), change);
        if (file === "model.safetensors" && isWordSystem(system)) continue;
        const { message } = await assertRejects(load, Error, `/${file}: all its values must be finite`);
        assert(message.startsWith(spoilt) && message.includes(`is ${value};`), message);
      }
    }
  }
});

Deno.test("a system refuses to predict by weights that are so large that scores overflow", async () => {
  const engine = await createEngine("onnx");
  const sentences = tinySentences(createRandom(3), 4);
  for (const name of SYSTEM_NAMES) {
    const model = tinyModel(name, 6);
    for (const { data } of Object.values(model.parameters)) {
      data.forEach((x, i) => data[i] = Math.sign(x) * 3e38);
    }
    const system = createSystem(engine, model);
    await assertRejects(
      () => system.predict(sentences),
      OverflowError,
      "Cannot go on from what is not finite",
      name,
    );
    system.dispose();
  }
});

Deno.test("a system refuses to predict from numbers that overflow before an LSTM, which makes numbers of them again", async () => {
  const engine = await createEngine("onnx");
  const sentences = tinySentences(createRandom(3), 4);
  const cases: [SystemName, string, string][] = [
    ["lstm-crf", "words.weight", "gates of bilstm, layer 0"],
    ["coach", "bilstm.weight_ih_l1", "gates of bilstm, layer 1"],
    ["flair", "forward/embedding.weight", "gates of character LM"],
    ["cross-domain-lm", "words.weight", "gates of lstm, layer 0"],
    ["multi-cell-lstm", "cells.weight_ih", "cells of"],
    ["laner", "label_embedding.weight", "label states"],
  ];
  for (const [name, tensor, what] of cases) {
    const model = tinyModel(name, 6);
    const { data } = model.parameters[tensor]!;
    data.forEach((x, i) => data[i] = Math.sign(x) * 3e38);
    const system = createSystem(engine, model);
    await assertRejects(() => system.predict(sentences), OverflowError, `the ${what}`);
    system.dispose();
  }
});

Deno.test("loadModelFolder() names every tensor of the head that is missing, unknown or of another shape", async () => {
  const head = (change: (tensors: Record<string, { shape: number[]; data: Float32Array }>) => void) =>
    withModelFolder(tinyModel("laner", 3), async (folder) => void await loadModelFolder(folder), (files) => {
      const { tensors } = readSafetensors(files["head.safetensors"] as Uint8Array);
      const named = Object.fromEntries(tensors) as unknown as Parameters<typeof change>[0];
      change(named);
      files["head.safetensors"] = writeSafetensors(named);
    });
  await head(() => {});
  const error = await assertRejects(() =>
    head((tensors) => {
      delete tensors["out.bias"];
      tensors["crf.transitions"] = { shape: [1], data: new Float32Array(1) };
      tensors["background_query.bias"] = { shape: [2], data: new Float32Array(2) };
    }), Error);
  for (const part of ["out.bias", "crf.transitions", "background_query.bias", "[2]", "head.safetensors"]) {
    assert(error.message.includes(part), error.message);
  }
  // Another set of tags than the head was made for.
  const misfit = await assertRejects(() => loadChanged({ tags: ["O", "B-person", "I-person"] }), Error);
  for (const part of ["label_embedding.weight", "out.weight", "out.bias"]) {
    assert(misfit.message.includes(part), misfit.message);
  }
});

Deno.test("loadModelFolder() names the file that is missing", async () => {
  for (
    const name of ["tagger.json", "head.safetensors", "config.json", "model.safetensors", "tokenizer.json"]
  ) {
    await assertRejects(
      () =>
        withModelFolder(
          tinyModel("bert-tagger", 4),
          async (folder) => void await loadModelFolder(folder),
          (files) => delete files[name],
        ),
      Error,
      name,
    );
  }
});

Deno.test("loadModelFolder() refuses a tokenizer with pieces that the weights have not", async () => {
  const json = tinyTokenizerJson();
  json.model.vocab["one more"] = 10_000;
  await assertRejects(
    () =>
      withModelFolder(
        tinyModel("laner", 5),
        async (folder) => void await loadModelFolder(folder),
        (files) => files["tokenizer.json"] = JSON.stringify(json),
      ),
    Error,
    "vocab_size of config.json must be at least the tokenizer's 10001 pieces",
  );
});
