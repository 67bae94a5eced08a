/** tagger.json: what a trained model is, beside its weights. */
import { showValue } from "../data/show_value.ts";
import type { Domains } from "../data/tags/domain_tags.ts";
import { type Scheme, SCHEME_PREFIXES } from "../data/tags/tag.ts";
import { TagSet } from "../data/tags/tag_set.ts";
import { MAX_BEAMS } from "./bart/beam_search.ts";
import type { CharLmSizes } from "./char_lm/char_lm.ts";
import { isBertModel, isWordModel, type Model } from "./systems/model.ts";
import type { SystemDefinition, WordSystemDefinition } from "./systems/system.ts";
import {
  type BartSystemName,
  type BertSystemName,
  isBertSystem,
  isSystemName,
  isWordSystem,
  SYSTEM_NAMES,
  SYSTEMS,
  type WordSystemName,
} from "./systems/systems.ts";
import type { WordSizes } from "./words/word_states.ts";

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

/** The keys of `sizes` that are whole numbers. */
const SIZES = ["wordWidth", "characterWidth", "characterFeatures", "width", "nLayers"];

/** The keys of a system's own. */
function keysOf(definition: SystemDefinition): string[] {
  if (definition.reads === "pieces") return ["labelWidth"];
  if (definition.reads === "bart") return ["domains", "lengthRatio", "beamSize"];
  return ["domains", "sizes", "readsEncoder", ...(definition.needsCharLm ? ["charLm"] : [])];
}

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
 * @throws If a key is missing, not as it must be, or none of the system's, naming it.
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
  /** The fields of an object, which may have these alone: another would be another system's, and mean nothing here. */
  const fieldsOf = (key: string, names: readonly string[]): Record<string, unknown> => {
    const fields: Record<string, unknown> = key === "" ? object : objectOf(object[key]);
    const other = Object.keys(fields).find((name) => !names.includes(name));
    if (other === undefined) return fields;
    return fail(
      `${key && `${key}.`}${showValue(other).slice(1, -1)}`,
      `left out, as ${system} has no such key`,
      fields[other],
    );
  };
  const tagSet = (key: string, tags = object[key]): TagSet => {
    if (!Array.isArray(tags) || tags.some((tag) => typeof tag !== "string")) {
      return fail(key, "a list of texts", tags);
    }
    if (typeof scheme !== "string" || !Object.hasOwn(SCHEME_PREFIXES, scheme)) {
      return fail("scheme", `one of ${Object.keys(SCHEME_PREFIXES).join(", ")}`, scheme);
    }
    try {
      return new TagSet(tags, { scheme: scheme as Scheme });
    } catch (error) {
      throw new Error(`Cannot use ${key} at ${place}: ${(error as Error).message}`, { cause: error });
    }
  };
  const size = (key: string, least: number, value = object[key], most = Infinity): number =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
      ? value as number
      : fail(key, `a whole number from ${least}${most < Infinity ? ` to ${most}` : ""}`, value);
  const positive = (key: string, value: unknown): number =>
    typeof value === "number" && value > 0 && value < Infinity ? value : fail(key, "a number above 0", value);
  fieldsOf("", ["format", "version", "system", "tags", "scheme", "maxPieces", ...keysOf(SYSTEMS[system])]);
  const tags = tagSet("tags");
  // [CLS], a piece and [SEP].
  const maxPieces = () => size("maxPieces", 3);
  if (isBertSystem(system)) {
    return { system, tags, labelWidth: size("labelWidth", 1), maxPieces: maxPieces() };
  }
  const given = fieldsOf("domains", ["source", "target"]);
  // What is predicted as entities is written as tags, any tag of their types.
  const whole = (key: string, tags: TagSet) => {
    const { entityTypes } = tags, prefixes = [...SCHEME_PREFIXES[tags.scheme]];
    const missing = entityTypes.flatMap((type) => prefixes.map((prefix) => `${prefix}-${type}`))
      .find((tag) => !tags.has(tag));
    return missing === undefined
      ? tags
      : fail(key, `all tags of its types, ${showValue(missing)} too`, tags.tags);
  };
  const domains = {
    source: whole("domains.source", tagSet("domains.source", given.source)),
    target: whole("domains.target", tagSet("domains.target", given.target)),
  };
  const foreign = whole("tags", tags).tags.find((tag) =>
    !domains.source.has(tag) && !domains.target.has(tag)
  );
  if (foreign !== undefined) return fail("tags", "tags of domains.source or domains.target alone", foreign);
  if (!isWordSystem(system)) {
    const { lengthRatio } = object;
    if (typeof lengthRatio !== "number" || !(lengthRatio >= 0 && lengthRatio < Infinity)) {
      return fail("lengthRatio", "a number from 0", lengthRatio);
    }
    const beams = object.beamSize === undefined
      ? {}
      : { beamSize: size("beamSize", 1, object.beamSize, MAX_BEAMS) };
    return { system, tags, domains, lengthRatio, ...beams, maxPieces: maxPieces() };
  }
  const sizes = fieldsOf("sizes", [...SIZES, "dropout", "templates"]);
  const own = (key: keyof WordSizes, least: number) => size(`sizes.${key}`, least, sizes[key]);
  const { dropout } = sizes;
  if (typeof dropout !== "number" || !(dropout >= 0 && dropout < 1)) {
    return fail("sizes.dropout", "a number from 0 to below 1", dropout);
  }
  const { needsCharLm, mayReadEncoder }: WordSystemDefinition = SYSTEMS[system];
  const charLm = fieldsOf("charLm", ["width", "characterWidth"]);
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
