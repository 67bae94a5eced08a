/** Trained character language models as files: char_lm.safetensors and characters.json. */
import { openFolder, type OpenFolderOptions } from "../../data/open_folder.ts";
import { type Vocabulary, vocabularyFromJson } from "../../data/words/word_vocabulary.ts";
import { checkFiniteWeights } from "../weights/finite.ts";
import type { Parameters } from "../weights/parameters.ts";
import { readSafetensors } from "../weights/safetensors.ts";

/** A trained model with the characters that it knows. */
export interface CharLmFolder {
  characters: Vocabulary;
  parameters: Parameters;
}

/**
 * Loads a character language model.
 *
 * @param location Path or address of the folder, as the stage of a direction writes it.
 * @throws If a file cannot be read, or does not hold what it should.
 */
export async function loadCharLmFolder(
  location: string | URL,
  options: OpenFolderOptions = {},
): Promise<CharLmFolder> {
  const folder = await openFolder(location, { ...options, probe: "characters.json" });
  const json = await folder.readJson("characters.json");
  const source = folder.url("char_lm.safetensors").href;
  const { tensors } = readSafetensors(await folder.readBytes("char_lm.safetensors"), source);
  const parameters: Parameters = Object.fromEntries([...tensors].map(([name, { shape, data }]) => {
    if (data instanceof Float32Array) return [name, { shape, data }];
    throw new Error(`Cannot use "${name}" at ${source}: it must be F32`);
  }));
  checkFiniteWeights(parameters, source);
  return { characters: vocabularyFromJson(json, folder.url("characters.json").href), parameters };
}
