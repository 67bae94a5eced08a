/**
 * Trained models as files. On a BERT encoder: an encoder folder as Hugging Face writes it (config.json,
 * model.safetensors, tokenizer), which any program that reads BERT can load, with the head beside it (tagger.json,
 * head.safetensors); on BART likewise. Of words: tagger.json, head.safetensors and vocabularies.json, beside an encoder folder if it reads
 * an encoder's states.
 */
import { type Folder, openFolder, type OpenFolderOptions } from "../data/open_folder.ts";
import type { Tokenizer } from "../data/pieces/tokenizer.ts";
import { WHOLE_WORDS } from "../data/pieces/whole_words.ts";
import { showValue } from "../data/show_value.ts";
import { vocabulariesFromJson, vocabulariesToJson } from "../data/words/vocabularies.ts";
import { loadBartFolder, writeBartFolder } from "./bart/bart_folder.ts";
import { bartShapes } from "./bart/bart_shapes.ts";
import { encoderShapes } from "./bert/bert_shapes.ts";
import { describeMisfits } from "./bert/bert_weights.ts";
import { loadEncoderFolder, writeEncoderFolder } from "./bert/encoder_folder.ts";
import { type BertModel, isBertModel, isWordModel, type LoadedModel, type Model } from "./systems/model.ts";
import type { WordSystemShape } from "./systems/system.ts";
import { SYSTEMS } from "./systems/systems.ts";
import { formatTaggerJson, readTaggerJson } from "./tagger_json.ts";
import { checkFiniteWeights } from "./weights/finite.ts";
import { type Parameters, withoutPrefix, withPrefix } from "./weights/parameters.ts";
import { readSafetensors, writeSafetensors } from "./weights/safetensors.ts";

/** What the names of an encoder's parameters begin with in a model that reads its states. */
const ENCODER = "encoder";

/** The files of a model by name, without those of a BERT encoder's tokenizer, which its caller copies. */
export function writeModelFolder(model: Model): Record<string, string | Uint8Array> {
  const tagger = { "tagger.json": formatTaggerJson(model) }, { parameters } = model;
  if (isWordModel(model)) {
    const own = Object.entries(parameters).filter(([name]) => !name.startsWith(`${ENCODER}/`));
    return {
      ...(model.encoder ? writeEncoderFolder(model.encoder, withoutPrefix(ENCODER, parameters)) : {}),
      ...tagger,
      "vocabularies.json": JSON.stringify(vocabulariesToJson(model.vocabularies)) + "\n",
      "head.safetensors": writeSafetensors(Object.fromEntries(own)),
    };
  }
  const names = Object.keys(isBertModel(model) ? encoderShapes(model.config) : bartShapes(model.config));
  const part = (names: string[]) => Object.fromEntries(names.map((name) => [name, parameters[name]]));
  const head = part(Object.keys(parameters).filter((name) => !names.includes(name)));
  return {
    ...(isBertModel(model)
      ? writeEncoderFolder(model.config, part(names))
      : writeBartFolder(model.config, part(names))),
    ...tagger,
    "head.safetensors": writeSafetensors(head),
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
): Promise<LoadedModel> {
  const folder = await openFolder(location, { ...options, probe: "tagger.json" });
  const place = folder.url("tagger.json").href;
  const tagger = readTaggerJson(await folder.readJson("tagger.json"), place);
  if ("lengthRatio" in tagger) {
    const { config, parameters, tokenizer } = await loadBartFolder(folder.location, { fetch: options.fetch });
    checkPositions(
      config.maxPositions,
      { maxPieces: tagger.maxPieces, lengthRatio: tagger.lengthRatio },
      place,
    );
    const head = await readHead(folder, () => SYSTEMS[tagger.system].headShapes({ ...tagger, config }));
    return { ...tagger, config, parameters: { ...parameters, ...head }, tokenizer };
  }
  if (!("labelWidth" in tagger)) {
    const source = folder.url("vocabularies.json").href;
    const vocabularies = vocabulariesFromJson(await folder.readJson("vocabularies.json"), source);
    const { readsEncoder, ...rest } = tagger,
      about: WordSystemShape & typeof rest = { ...rest, vocabularies };
    const definition = SYSTEMS[tagger.system];
    if (about.charLm && !vocabularies.lmCharacters) {
      const rule = `${tagger.system} needs lmCharacters`;
      throw new Error(`Cannot use vocabularies at ${source}: ${rule}, current value is undefined`);
    }
    const shapesOf = (about: WordSystemShape, nTensors: number) => {
      // The names of all tensors are listed before they are looked for, and every layer has tensors of its own.
      checkAtMost("sizes.nLayers", about.sizes.nLayers, nTensors, "the tensors of head.safetensors", place);
      try {
        return definition.shapes(about);
      } catch (error) {
        throw new Error(`Cannot use sizes at ${place}: ${(error as Error).message}`, { cause: error });
      }
    };
    if (!readsEncoder) {
      return {
        ...about,
        parameters: await readHead(folder, (nTensors) => shapesOf(about, nTensors)),
        tokenizer: WHOLE_WORDS,
      };
    }
    const { config, parameters, tokenizer } = await loadEncoderFolder(folder.location, {
      fetch: options.fetch,
    });
    checkPositions(config.maxPositions, { maxPieces: tagger.maxPieces }, place);
    const whole = { ...about, encoder: config };
    const head = await readHead(folder, (nTensors) => {
      const own = Object.entries(shapesOf(whole, nTensors)).filter(([name]) =>
        !name.startsWith(`${ENCODER}/`)
      );
      return Object.fromEntries(own);
    });
    return {
      ...whole,
      parameters: { ...withPrefix(ENCODER, parameters), ...head },
      tokenizer: tokenizer!,
    };
  }
  const { config, parameters: encoder, tokenizer } = await loadEncoderFolder(folder.location, {
    fetch: options.fetch,
  });
  const { system, tags, labelWidth, maxPieces } = tagger;
  checkPositions(config.maxPositions, { maxPieces }, place);
  const head = await readHead(
    folder,
    () => SYSTEMS[system].headShapes(config.hiddenWidth, labelWidth, tags.nTags),
  );
  const parameters = { ...encoder, ...head };
  return { ...tagger, config, parameters, tokenizer: tokenizer! };
}

/**
 * Loads a model that stands on a BERT encoder.
 *
 * @throws As `loadModelFolder` does, and if the model's system has no encoder.
 */
export async function loadBertModel(
  location: string | URL,
  options: OpenFolderOptions = {},
): Promise<BertModel & { tokenizer: Tokenizer }> {
  const model = await loadModelFolder(location, options);
  if ("labelWidth" in model) return model;
  const rule = "its system must stand on a BERT encoder";
  throw new Error(`Cannot use the model at ${location}: ${rule}, current value is ${model.system}`);
}

/** Checks a number of tagger.json against one of another file. */
function checkAtMost(key: string, value: number, most: number, what: string, place: string): void {
  if (value <= most) return;
  throw new Error(
    `Cannot use ${key} at ${place}: it must be at most ${what}, ${most}, current value is ${value}`,
  );
}

/** Checks numbers of tagger.json that nothing fits the positions of an encoder, or decoder, beyond. */
function checkPositions(most: number, numbers: Record<string, number>, place: string): void {
  for (const [key, value] of Object.entries(numbers)) {
    checkAtMost(key, value, most, "max_position_embeddings of config.json", place);
  }
}

/**
 * The parameters of a head.
 *
 * @param shapesOf The shapes that they must have, of the number of tensors that the file has.
 */
async function readHead(
  folder: Folder,
  shapesOf: (nTensors: number) => Record<string, number[]>,
): Promise<Parameters> {
  const source = folder.url("head.safetensors").href;
  const { tensors } = readSafetensors(await folder.readBytes("head.safetensors"), source);
  // Any text may be a name, __proto__ too.
  const head: Parameters = Object.create(null);
  for (const [name, { shape, data }] of tensors) {
    if (!(data instanceof Float32Array)) {
      throw new Error(`Cannot use tensor ${showValue(name)} at ${source}: it must be F32`);
    }
    head[name] = { shape, data };
  }
  const misfits = describeMisfits(head, shapesOf(tensors.size));
  if (misfits.length > 0) {
    throw new Error(
      `Cannot use the weights at ${source}: they do not fit tagger.json: ${misfits.join("; ")}`,
    );
  }
  checkFiniteWeights(head, source);
  return { ...head };
}
