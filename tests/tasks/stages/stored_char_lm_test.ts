import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { createVocabulary } from "../../../data/words/word_vocabulary.ts";
import { writeSafetensors } from "../../../model/weights/safetensors.ts";
import { readCharLm } from "../../../tasks/stages/stored_char_lm.ts";
import { withFolder } from "../../temporary_folder.ts";

Deno.test("readCharLm() reads weights, and names one that is no number", () =>
  withFolder(async (folder) => {
    const bias = { shape: [2], data: Float32Array.of(1, 2) };
    const path = join(folder, "char_lm.safetensors");
    const characters = createVocabulary([..."ab"]).toJson();
    await Deno.writeTextFile(join(folder, "characters.json"), JSON.stringify(characters));
    await Deno.writeFile(path, writeSafetensors({ "decoder.bias": bias }));
    assertEquals((await readCharLm(folder)).parameters, { "decoder.bias": bias });
    bias.data[1] = NaN;
    await Deno.writeFile(path, writeSafetensors({ "decoder.bias": bias }));
    await assertRejects(
      () => readCharLm(folder),
      Error,
      `Cannot use tensor "decoder.bias" at ${path}: all its values must be finite in 32 bits, current value at 1 is NaN`,
    );
  }));
