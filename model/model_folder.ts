/**
 * Trained models as files: tagger.json describes the model, head.safetensors holds its own layers.
 *
 * A system on a BERT encoder or on BART adds the files of a Hugging Face folder (config.json, model.safetensors,
 * tokenizer), which other programs can load; a system that reads words adds vocabularies.json.
 */
import { openFolder, type OpenFolderOptions } from "../data/open_folder.ts";
import type { TokenizerFiles } from "../data/pieces/tokenizer_files.ts";
import type { LoadedBertModel } from "./systems/bert_system.ts";
import type { Loaded, Model } from "./systems/definition.ts";
import { systemNames, systemOf } from "./systems/systems.ts";
import { taggerFields } from "./systems/tagger_fields.ts";

/** Returns the files of a model by name, with those of its tokenizer where it has them. */
export function writeModelFolder(
  model: Model & { tokenizerFiles?: TokenizerFiles },
): Record<string, string | Uint8Array> {
  const { system, tags, maxPieces } = model;
  const definition = systemOf(system);
  const tagger = {
    format: "laner-tagger",
    version: 1,
    system,
    tags: tags.tags,
    scheme: tags.scheme,
    ...definition.describe(model),
    maxPieces,
  };
  return {
    ...model.tokenizerFiles,
    "tagger.json": JSON.stringify(tagger, null, 2) + "\n",
    ...definition.files(model),
  };
}

/**
 * Loads a model folder.
 *
 * @param location Path or address of the folder.
 * @throws If a file is missing or malformed, or tensors are missing, unknown, of another shape than tagger.json says or
 * not finite.
 */
export async function loadModelFolder(
  location: string | URL,
  options: OpenFolderOptions = {},
): Promise<Loaded> {
  const folder = await openFolder(location, { ...options, probe: "tagger.json" });
  const json = await folder.readJson("tagger.json");
  const fields = taggerFields(json, folder.url("tagger.json").href, systemNames);
  return await systemOf(fields.system).load(folder, fields, { fetch: options.fetch });
}

/**
 * Loads a model with a BERT encoder.
 *
 * @throws As `loadModelFolder` does, and if the model's system has no encoder of its own.
 */
export async function loadBertModel(
  location: string | URL,
  options: OpenFolderOptions = {},
): Promise<LoadedBertModel> {
  const model = await loadModelFolder(location, options);
  if (systemOf(model.system).trains === "encoder") return model as LoadedBertModel;
  const rule = "its system must stand on a BERT encoder";
  throw new Error(`Cannot use the model at ${location}: ${rule}, current value is ${model.system}`);
}
