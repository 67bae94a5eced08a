/**
 * A trained model as files: an encoder folder as Hugging Face writes it (config.json, model.safetensors, tokenizer),
 * which any program that reads BERT can load, with the head beside it (tagger.json, head.safetensors).
 */
import { openFolder, type OpenFolderOptions } from "../data/files.ts";
import type { Scheme } from "../data/tag.ts";
import { showValue } from "../data/show_value.ts";
import { TagSet } from "../data/tag_set.ts";
import type { Tokenizer } from "../data/tokenizer.ts";
import type { BertConfig } from "./bert_config.ts";
import { encoderShapes } from "./bert_shapes.ts";
import { describeMisfits } from "./bert_weights.ts";
import { loadEncoderFolder, writeEncoderFolder } from "./encoder_folder.ts";
import type { Parameters } from "./parameters.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";
import { isSystemName, SYSTEM_NAMES, type SystemName, SYSTEMS } from "./systems.ts";

/** A trained model, in memory. */
export interface Model {
  system: SystemName;
  config: BertConfig;
  /** The encoder's and the head's parameters. */
  parameters: Parameters;
  tags: TagSet;
  labelWidth: number;
  /** Most pieces of a sentence; longer ones are split. */
  maxPieces: number;
}

/** What tagger.json holds. */
interface TaggerJson {
  format: "laner-tagger";
  version: 1;
  system: SystemName;
  tags: string[];
  scheme: Scheme;
  labelWidth: number;
  maxPieces: number;
}

/** The files of a model by name, without those of its tokenizer, which its caller copies. */
export function writeModelFolder(model: Model): Record<string, string | Uint8Array> {
  const { system, config, parameters, tags, labelWidth, maxPieces } = model;
  const encoderNames = Object.keys(encoderShapes(config));
  const part = (names: string[]) => Object.fromEntries(names.map((name) => [name, parameters[name]]));
  const tagger: TaggerJson = {
    format: "laner-tagger",
    version: 1,
    system,
    tags: [...tags.tags],
    scheme: tags.scheme,
    labelWidth,
    maxPieces,
  };
  return {
    ...writeEncoderFolder(config, part(encoderNames)),
    "tagger.json": JSON.stringify(tagger, null, 2) + "\n",
    "head.safetensors": writeSafetensors(
      part(Object.keys(parameters).filter((name) => !encoderNames.includes(name))),
    ),
  };
}

/**
 * Loads a model folder.
 *
 * @param location Path or address of the folder.
 * @throws If a file is missing or malformed, or tensors are missing, unknown or of another shape than tagger.json says.
 */
export async function loadModelFolder(
  location: string | URL,
  options: OpenFolderOptions = {},
): Promise<Model & { tokenizer: Tokenizer }> {
  const folder = await openFolder(location, { ...options, probe: "tagger.json" });
  const place = folder.url("tagger.json").href;
  const { system, tags, labelWidth, maxPieces } = readTaggerJson(await folder.readJson("tagger.json"), place);
  const { config, parameters: encoder, tokenizer } = await loadEncoderFolder(folder.location, {
    fetch: options.fetch,
  });
  if (maxPieces > config.maxPositions) {
    const rule = `it must be at most max_position_embeddings of config.json, ${config.maxPositions}`;
    throw new Error(`Cannot use maxPieces at ${place}: ${rule}, current value is ${maxPieces}`);
  }
  const source = folder.url("head.safetensors").href;
  const { tensors } = readSafetensors(await folder.readBytes("head.safetensors"), source);
  const head: Parameters = {};
  for (const [name, { shape, data }] of tensors) {
    if (!(data instanceof Float32Array)) {
      throw new Error(`Cannot use tensor ${showValue(name)} at ${source}: it must be F32`);
    }
    head[name] = { shape, data };
  }
  const misfits = describeMisfits(
    head,
    SYSTEMS[system].headShapes(config.hiddenWidth, labelWidth, tags.nTags),
  );
  if (misfits.length > 0) {
    throw new Error(
      `Cannot use the weights at ${source}: they do not fit tagger.json: ${misfits.join("; ")}`,
    );
  }
  return {
    system,
    config,
    parameters: { ...encoder, ...head },
    tags,
    labelWidth,
    maxPieces,
    tokenizer: tokenizer!,
  };
}

function readTaggerJson(
  json: unknown,
  place: string,
): Omit<TaggerJson, "tags" | "scheme"> & { tags: TagSet } {
  const fail = (key: string, rule: string, value: unknown): never => {
    throw new Error(
      `Cannot use ${key} at ${place}: it must be ${rule}, current value is ${showValue(value)}`,
    );
  };
  const object = typeof json === "object" && json !== null ? json as Record<string, unknown> : {};
  const { format, version, system, tags, scheme, labelWidth, maxPieces } = object;
  if (format !== "laner-tagger") fail("format", '"laner-tagger"', format);
  if (version !== 1) fail("version", "1", version);
  if (typeof system !== "string" || !isSystemName(system)) {
    return fail("system", `one of ${SYSTEM_NAMES.join(", ")}`, system);
  }
  if (!Array.isArray(tags) || tags.some((tag) => typeof tag !== "string")) {
    return fail("tags", "a list of texts", tags);
  }
  if (typeof scheme !== "string") return fail("scheme", "the name of a tag scheme", scheme);
  const size = (key: string, value: unknown, least: number): number =>
    Number.isSafeInteger(value) && (value as number) >= least
      ? value as number
      : fail(key, `a whole number from ${least}`, value);
  return {
    format: "laner-tagger",
    version: 1,
    system,
    tags: tagSetAt(place, tags, scheme as Scheme),
    labelWidth: size("labelWidth", labelWidth, 1),
    // [CLS], a piece and [SEP].
    maxPieces: size("maxPieces", maxPieces, 3),
  };
}

function tagSetAt(place: string, tags: string[], scheme: Scheme): TagSet {
  try {
    return new TagSet(tags, { scheme });
  } catch (error) {
    throw new Error(`Cannot use tags at ${place}: ${(error as Error).message}`, { cause: error });
  }
}
