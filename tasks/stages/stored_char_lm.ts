/** Reading back the character language models that `char_lm_stage.ts` trains. */
import { join } from "node:path";
import { type Vocabulary, vocabularyFromJson } from "../../data/words/word_vocabulary.ts";
import { checkFiniteWeights } from "../../model/weights/finite.ts";
import type { Parameters } from "../../model/weights/parameters.ts";
import { readSafetensors } from "../../model/weights/safetensors.ts";
import { errorMessage } from "../errors.ts";
import { readInsideFolder } from "../files/inside_folder.ts";

/**
 * Reads what the stage of a direction wrote.
 *
 * @throws If a file cannot be read, or does not hold what it should.
 */
export async function readCharLm(dir: string): Promise<{ characters: Vocabulary; parameters: Parameters }> {
  const read = (name: string) => readInsideFolder(join(dir, name), "the character language model");
  const json = JSON.parse(new TextDecoder().decode(await read("characters.json")));
  const source = join(dir, "char_lm.safetensors");
  const { tensors } = readSafetensors(await read("char_lm.safetensors"), source);
  const parameters: Parameters = Object.fromEntries([...tensors].map(([name, { shape, data }]) => {
    if (data instanceof Float32Array) return [name, { shape, data }];
    throw new Error(errorMessage({ act: "use", subject: name, place: source, rule: "it must be F32" }));
  }));
  checkFiniteWeights(parameters, source);
  return { characters: vocabularyFromJson(json, join(dir, "characters.json")), parameters };
}
