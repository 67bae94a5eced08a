import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { createVocabulary } from "../../../data/words/word_vocabulary.ts";
import { loadCharLmFolder } from "../../../model/char_lm/char_lm_folder.ts";
import { writeSafetensors } from "../../../model/weights/safetensors.ts";
import { withFolder } from "../../temporary_folder.ts";

Deno.test("loadCharLmFolder() reads weights, and names one that is no number", () =>
  withFolder(async (folder) => {
    const bias = { shape: [2], data: Float32Array.of(1, 2) };
    const path = join(folder, "char_lm.safetensors");
    const characters = createVocabulary([..."ab"]).toJson();
    await Deno.writeTextFile(join(folder, "characters.json"), JSON.stringify(characters));
    await Deno.writeFile(path, writeSafetensors({ "decoder.bias": bias }));
    assertEquals((await loadCharLmFolder(folder)).parameters, { "decoder.bias": bias });
    bias.data[1] = NaN;
    await Deno.writeFile(path, writeSafetensors({ "decoder.bias": bias }));
    await assertRejects(
      () => loadCharLmFolder(folder),
      Error,
      `Cannot use tensor "decoder.bias" at file://${path}: all its values must be finite in 32 bits, current value at 1 is NaN`,
    );
  }));
