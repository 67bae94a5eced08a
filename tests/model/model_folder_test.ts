import { assert, assertEquals, assertRejects } from "@std/assert";
import { createRandom } from "../../data/random.ts";
import { vocabulariesToJson } from "../../data/words/vocabularies.ts";
import { createEngine } from "../../model/engine/create_engine.ts";
import type { Model } from "../../model/model.ts";
import { loadModelFolder } from "../../model/model_folder.ts";
import { SYSTEM_NAMES } from "../../model/systems.ts";
import { createSystem } from "../../model/tagger.ts";
import { readSafetensors, writeSafetensors } from "../../model/weights/safetensors.ts";
import { tinyTokenizerJson } from "../data/tiny_tokenizer.ts";
import { tinyModel, tinySentences } from "./tiny.ts";
import { withModelFolder } from "./tiny_model_folder.ts";

Deno.test("loadModelFolder() reads what writeModelFolder() wrote, and it predicts the same to the bit", async () => {
  const engine = await createEngine("onnx"), sentences = tinySentences(createRandom(1), 10);
  for (const name of SYSTEM_NAMES) {
    const model = tinyModel(name, 1), system = createSystem(engine, model);
    const expected = await system.predict(sentences), { loss } = await system.lossAndGradients(sentences);
    await withModelFolder(model, async (folder) => {
      const { tokenizer, ...loaded } = await loadModelFolder(folder);
      // Vocabularies hold functions, which equal no others.
      assertEquals({ ...loaded, vocabularies: jsonOf(loaded) }, { ...model, vocabularies: jsonOf(model) });
      assertEquals([...loaded.tags.tags], [...model.tags.tags]);
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
  return "vocabularies" in model ? vocabulariesToJson(model.vocabularies) : null;
}

/** Loads a folder of which tagger.json is changed. */
async function loadChanged(change: Record<string, unknown>) {
  await withModelFolder(
    tinyModel("laner", 2),
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
    [{ maxPieces: 2 }, "it must be a whole number from 3, current value is 2"],
    [{ maxPieces: 49 }, "it must be at most max_position_embeddings of config.json, 48, current value is 49"],
  ];
  await loadChanged({});
  for (const [change, message] of cases) {
    const error = await assertRejects(() => loadChanged(change), Error, message);
    assert(/^Cannot use .*\/(tagger\.json|head\.safetensors): /.test(error.message), error.message);
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
