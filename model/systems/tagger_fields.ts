/** The fields of a tagger.json, checked one by one. */
import { showValue } from "../../data/show_value.ts";
import type { Domains } from "../../data/tags/domain_tags.ts";
import { type Scheme, SCHEME_PREFIXES } from "../../data/tags/tag.ts";
import { TagSet } from "../../data/tags/tag_set.ts";

/** Reads fields; each reader throws an error that names the key, the rule and the value. */
export interface TaggerFields {
  /** Where the file lies, for messages. */
  readonly place: string;
  /** Returns the value of a key as it is. */
  valueOf(key: string): unknown;
  /** Throws the error of a value that breaks a rule. */
  fail(key: string, rule: string, value: unknown): never;
  /** Reads a mapping and refuses keys other than `names`, which would belong to another system. */
  section(key: string, names: readonly string[]): Record<string, unknown>;
  /** Reads a whole number. */
  size(key: string, least: number, value?: unknown, most?: number): number;
  /** Reads a number above 0. */
  positive(key: string, value?: unknown): number;
  /** Reads a list of tags. */
  tagSet(key: string, value?: unknown): TagSet;
  /** Checks that a number is at most one of another file. */
  atMost(key: string, value: number, most: number, what: string): void;
}

/**
 * Reads the fields of a parsed tagger.json.
 *
 * @param place Where it lies, for messages.
 */
export function taggerFields(json: unknown, place: string): TaggerFields {
  const object = mappingOf(json);
  const system = () => typeof object.system === "string" ? object.system : "a system";
  const fail = (key: string, rule: string, value: unknown): never => {
    throw new Error(
      `Cannot use ${key} at ${place}: it must be ${rule}, current value is ${showValue(value)}`,
    );
  };
  return {
    place,
    fail,
    valueOf: (key) => object[key],
    section(key, names) {
      const fields = key === "" ? object : mappingOf(object[key]);
      const other = Object.keys(fields).find((name) => !names.includes(name));
      if (other === undefined) return fields;
      const path = `${key && `${key}.`}${showValue(other).slice(1, -1)}`;
      return fail(path, `left out, as ${system()} has no such key`, fields[other]);
    },
    size(key, least, value = object[key], most = Infinity) {
      const fits = Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
      if (fits) return value as number;
      return fail(key, `a whole number from ${least}${most < Infinity ? ` to ${most}` : ""}`, value);
    },
    positive(key, value = object[key]) {
      if (typeof value === "number" && value > 0 && value < Infinity) return value;
      return fail(key, "a number above 0", value);
    },
    tagSet(key, tags = object[key]) {
      if (!Array.isArray(tags) || tags.some((tag) => typeof tag !== "string")) {
        return fail(key, "a list of texts", tags);
      }
      const { scheme } = object;
      if (typeof scheme !== "string" || !Object.hasOwn(SCHEME_PREFIXES, scheme)) {
        return fail("scheme", `one of ${Object.keys(SCHEME_PREFIXES).join(", ")}`, scheme);
      }
      try {
        return new TagSet(tags, { scheme: scheme as Scheme });
      } catch (error) {
        throw new Error(`Cannot use ${key} at ${place}: ${(error as Error).message}`, { cause: error });
      }
    },
    atMost(key, value, most, what) {
      if (value <= most) return;
      throw new Error(
        `Cannot use ${key} at ${place}: it must be at most ${what}, ${most}, current value is ${value}`,
      );
    },
  };
}

/**
 * Reads the tags of both domains, for a system whose predictions may be any tags of their types.
 *
 * @param tags The model's own.
 * @throws If a type lacks one of its tags, or the model has a tag that neither domain has.
 */
export function readDomains(fields: TaggerFields, tags: TagSet): Domains {
  const given = fields.section("domains", ["source", "target"]);
  const whole = (key: string, tags: TagSet) => {
    const prefixes = [...SCHEME_PREFIXES[tags.scheme]];
    const all = tags.entityTypes.flatMap((type) => prefixes.map((prefix) => `${prefix}-${type}`));
    const missing = all.find((tag) => !tags.has(tag));
    if (missing === undefined) return tags;
    return fields.fail(key, `all tags of its types, ${showValue(missing)} too`, tags.tags);
  };
  const source = whole("domains.source", fields.tagSet("domains.source", given.source ?? null));
  const target = whole("domains.target", fields.tagSet("domains.target", given.target ?? null));
  const foreign = whole("tags", tags).tags.find((tag) => !source.has(tag) && !target.has(tag));
  if (foreign === undefined) return { source, target };
  return fields.fail("tags", "tags of domains.source or domains.target alone", foreign);
}

/** Returns the tags of both domains in the form of tagger.json. */
export function describeDomains({ source, target }: Domains): Record<"source" | "target", readonly string[]> {
  return { source: source.tags, target: target.tags };
}

/** Reads maxPieces: at least [CLS], a piece and [SEP]. */
export function readMaxPieces(fields: TaggerFields): number {
  return fields.size("maxPieces", 3);
}

/** Keys that every tagger.json has. */
export const COMMON_KEYS: readonly string[] = ["format", "version", "system", "tags", "scheme", "maxPieces"];

function mappingOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
