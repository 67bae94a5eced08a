/** tagger.json: what a trained model is, beside its weights. */
import { showValue } from "../data/show_value.ts";
import type { Scheme } from "../data/tag.ts";
import { TagSet } from "../data/tag_set.ts";
import { isBertModel, type Model } from "./model.ts";
import type { CharLmSizes } from "./char_lm.ts";
import type { Domains, WordSizes, WordSystemDefinition } from "./system.ts";
import {
  type BertSystemName,
  isBertSystem,
  isSystemName,
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
  };

/** The file's text. */
export function formatTaggerJson(model: Model): string {
  const { system, tags, maxPieces } = model, { scheme } = tags;
  const own = isBertModel(model) ? { labelWidth: model.labelWidth, maxPieces } : {
    sizes: model.sizes,
    domains: { source: model.domains.source.tags, target: model.domains.target.tags },
    ...(model.charLm ? { charLm: model.charLm } : {}),
    ...(model.encoder ? { readsEncoder: true } : {}),
    maxPieces,
  };
  const json = { format: "laner-tagger", version: 1, system, tags: tags.tags, scheme, ...own };
  return JSON.stringify(json, null, 2) + "\n";
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
  const tags = tagSet("tags");
  // [CLS], a piece and [SEP].
  const maxPieces = () => size("maxPieces", 3);
  if (isBertSystem(system)) {
    return { system, tags, labelWidth: size("labelWidth", 1), maxPieces: maxPieces() };
  }
  const sizes: Record<string, unknown> = objectOf(object.sizes);
  const domains: Record<string, unknown> = objectOf(object.domains);
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
    domains: {
      source: tagSet("domains.source", domains.source),
      target: tagSet("domains.target", domains.target),
    },
    sizes: {
      wordWidth: own("wordWidth", 1),
      characterWidth: own("characterWidth", 1),
      characterFeatures: own("characterFeatures", 0),
      width: own("width", 1),
      nLayers: own("nLayers", 1),
      dropout,
    },
    maxPieces: maxPieces(),
  };
}
