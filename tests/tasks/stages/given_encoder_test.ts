import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { givenBart } from "../../../tasks/stages/bart_stage.ts";
import { pretrainedEncoder } from "../../../tasks/stages/given_encoder.ts";
import { withFolder } from "../../temporary_folder.ts";

const GIVEN = {
  pretrainedEncoder: (folder: string) => pretrainedEncoder("onnx", folder),
  givenBart,
};

for (const [name, given] of Object.entries(GIVEN)) {
  Deno.test(`${name}() of a folder has another key for every change of a file that is read of it`, () =>
    withFolder(async (folder) => {
      const write = (name: string, text: string) => Deno.writeTextFile(join(folder, name), text);
      for (const name of ["config.json", "model.safetensors", "tokenizer.json"]) await write(name, "{}");
      const keyOf = async () => (await given(folder)).key;
      const keys = [await keyOf()];
      await write("README.md", "Of no file that is read.");
      assertEquals(await keyOf(), keys[0]);
      for (const lowercase of [true, false]) {
        await write("tokenizer_config.json", JSON.stringify({ do_lower_case: lowercase }));
        keys.push(await keyOf());
      }
      for (const name of ["config.json", "model.safetensors", "tokenizer.json"]) {
        await write(name, "[]");
        keys.push(await keyOf());
      }
      assertEquals(new Set(keys).size, keys.length);
    }));
}
