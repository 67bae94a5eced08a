/** tagger.json: what a trained model is, beside its weights. */
import { showValue } from "../data/show_value.ts";
import type { Scheme } from "../data/tags/tag.ts";
import { TagSet } from "../data/tags/tag_set.ts";
import { isBertModel, isWordModel, type Model } from "./model.ts";
import type { CharLmSizes } from "./recurrent/char_lm.ts";
import type { Domains, WordSizes, WordSystemDefinition } from "./system.ts";
import {
  type BartSystemName,
  type BertSystemName,
  isBertSystem,
  isSystemName,
  isWordSystem,
  SYSTEM_NAMES,
  SYSTEMS,
  type WordSystemName,
} from "./systems.ts";

/** What the file says of every model. */
interface Common {
  tags: TagSet;
  maxPieces: number;
}

/** What the file says. */
export type TaggerJson =
  | Common & { system: BertSystemName; labelWidth: number }
  | Common & {
    system: WordSystemName;
    sizes: WordSizes;
    domains: Domains;
    charLm?: CharLmSizes;
    readsEncoder: boolean;
  }
  | Common & { system: BartSystemName; domains: Domains; lengthRatio: number; beamSize?: number };

/** The file's text. */
export function formatTaggerJson(model: Model): string {
  const { system, tags, maxPieces } = model, { scheme } = tags;
  const json = {
    format: "laner-tagger",
    version: 1,
    system,
    tags: tags.tags,
    scheme,
    ...ownKeys(model),
    maxPieces,
  };
  return JSON.stringify(json, null, 2) + "\n";
}

/** What the file says of a model besides what it says of all. */
function ownKeys(model: Model): object {
  if (isBertModel(model)) return { labelWidth: model.labelWidth };
  const { source, target } = model.domains, domains = { source: source.tags, target: target.tags };
  if (!isWordModel(model)) return { domains, lengthRatio: model.lengthRatio, beamSize: model.beamSize };
  return {
    sizes: model.sizes,
    domains,
    ...(model.charLm ? { charLm: model.charLm } : {}),
    ...(model.encoder ? { readsEncoder: true } : {}),
  };
}

/**
 * Reads the parsed file.
 *
 * @param place Where it came from, for messages.
 * @throws If a key is missing or not as it must be, naming it.
 */
export function readTaggerJson(json: unknown, place: string): TaggerJson {
  const fail = (key: string, rule: string, value: unknown): never => {
    throw new Error(
      `Cannot use ${key} at ${place}: it must be ${rule}, current value is ${showValue(value)}`,
    );
  };
  const objectOf = (value: unknown) => typeof value === "object" && value !== null ? { ...value } : {};
  const object: Record<string, unknown> = objectOf(json), { format, version, system, scheme } = object;
  if (format !== "laner-tagger") fail("format", '"laner-tagger"', format);
  if (version !== 1) fail("version", "1", version);
  if (typeof system !== "string" || !isSystemName(system)) {
    return fail("system", `one of ${SYSTEM_NAMES.join(", ")}`, system);
  }
  const tagSet = (key: string, tags = object[key]): TagSet => {
    if (!Array.isArray(tags) || tags.some((tag) => typeof tag !== "string")) {
      return fail(key, "a list of texts", tags);
    }
    if (typeof scheme !== "string") return fail("scheme", "the name of a tag scheme", scheme);
    try {
      return new TagSet(tags, { scheme: scheme as Scheme });
    } catch (error) {
      throw new Error(`Cannot use ${key} at ${place}: ${(error as Error).message}`, { cause: error });
    }
  };
  const size = (key: string, least: number, value = object[key]): number =>
    Number.isSafeInteger(value) && (value as number) >= least
      ? value as number
      : fail(key, `a whole number from ${least}`, value);
  const positive = (key: string, value: unknown): number =>
    typeof value === "number" && value > 0 && value < Infinity ? value : fail(key, "a number above 0", value);
  const tags = tagSet("tags");
  // [CLS], a piece and [SEP].
  const maxPieces = () => size("maxPieces", 3);
  if (isBertSystem(system)) {
    return { system, tags, labelWidth: size("labelWidth", 1), maxPieces: maxPieces() };
  }
  const given: Record<string, unknown> = objectOf(object.domains);
  const domains = {
    source: tagSet("domains.source", given.source),
    target: tagSet("domains.target", given.target),
  };
  if (!isWordSystem(system)) {
    const { lengthRatio } = object;
    if (typeof lengthRatio !== "number" || !(lengthRatio >= 0 && lengthRatio < Infinity)) {
      return fail("lengthRatio", "a number from 0", lengthRatio);
    }
    const beams = object.beamSize === undefined ? {} : { beamSize: size("beamSize", 1) };
    return { system, tags, domains, lengthRatio, ...beams, maxPieces: maxPieces() };
  }
  const sizes: Record<string, unknown> = objectOf(object.sizes);
  const own = (key: keyof WordSizes, least: number) => size(`sizes.${key}`, least, sizes[key]);
  const { dropout } = sizes;
  if (typeof dropout !== "number" || !(dropout >= 0 && dropout < 1)) {
    return fail("sizes.dropout", "a number from 0 to below 1", dropout);
  }
  const { needsCharLm, mayReadEncoder }: WordSystemDefinition = SYSTEMS[system],
    charLm: Record<string, unknown> = objectOf(object.charLm);
  const ofCharLm = (key: keyof CharLmSizes) => size(`charLm.${key}`, 1, charLm[key]);
  const { readsEncoder = false } = object;
  if (typeof readsEncoder !== "boolean" || (readsEncoder && !mayReadEncoder)) {
    return fail("readsEncoder", mayReadEncoder ? "true or false" : `false for ${system}`, readsEncoder);
  }
  return {
    system,
    tags,
    readsEncoder,
    ...(needsCharLm
      ? { charLm: { width: ofCharLm("width"), characterWidth: ofCharLm("characterWidth") } }
      : {}),
    domains,
    sizes: {
      wordWidth: own("wordWidth", 1),
      characterWidth: own("characterWidth", 1),
      characterFeatures: own("characterFeatures", 0),
      width: own("width", 1),
      nLayers: own("nLayers", 1),
      dropout,
      ...(sizes.templates === undefined ? {} : { templates: positive("sizes.templates", sizes.templates) }),
    },
    maxPieces: maxPieces(),
  };
}
