/** The fields of a tagger.json, read by their shapes. */
import type { z } from "npm:zod@4.6.7";
import { checkValue } from "../../data/schema/check_value.ts";
import { closedObject, objectOf, only, texts, whole } from "../../data/schema/file_shapes.ts";
import { anyText, keyOf, nameOf, type Shape, type ValueOf } from "../../data/schema/shapes.ts";
import { showValue } from "../../data/show_value.ts";
import type { Domains } from "../../data/tags/domain_tags.ts";
import { type Scheme, SCHEME_PREFIXES } from "../../data/tags/tag.ts";
import { TagSet } from "../../data/tags/tag_set.ts";

/** The shapes of the fields that every model has. */
export type CommonFields = {
  readonly format: Shape<"laner-tagger">;
  readonly version: Shape<1>;
  readonly system: Shape<string>;
  readonly tags: Shape<readonly string[]>;
  readonly scheme: Shape<Scheme>;
  readonly maxPieces: Shape<number>;
};

const FIELDS: CommonFields = {
  format: only("laner-tagger"),
  version: only(1),
  system: anyText(),
  tags: texts(),
  scheme: keyOf(SCHEME_PREFIXES),
  // At least [CLS], a piece and [SEP].
  maxPieces: whole(3),
};

/** The fields of a model whose system's own have the shapes `Own`. */
export type FieldsOf<Own extends z.ZodRawShape> = z.output<z.ZodObject<CommonFields & Own>>;

/** A tagger.json. Its methods throw errors that name the key, the rule and the value. */
export interface TaggerFields {
  /** The file's address, for messages. */
  readonly place: string;
  /** Name of the model's system. */
  readonly system: string;
  /**
   * Reads the fields of all models and the system's own.
   *
   * @param own The shapes of the system's own fields; other keys are refused, as they would belong to another system.
   */
  read<Own extends z.ZodRawShape>(own: Own): FieldsOf<Own>;
  /** Throws the error of a value that breaks a rule. */
  fail(key: string, rule: string, value: unknown): never;
  /** Makes the tag set of a list of tags. */
  tagSet(key: string, tags: readonly string[], scheme: Scheme): TagSet;
  /** Checks that a number is at most one of another file. */
  atMost(key: string, value: number, most: number, what: string): void;
}

/**
 * Reads which system a parsed tagger.json is of, and makes the reader of its other fields.
 *
 * @param place Where it lies, for messages.
 * @param systems Lists the systems that there are.
 */
export function taggerFields(json: unknown, place: string, systems: () => readonly string[]): TaggerFields {
  const fail = (key: string, rule: string, value: unknown): never => {
    throw new Error(
      `Cannot use ${key} at ${place}: it must be ${rule}, current value is ${showValue(value)}`,
    );
  };
  const check = <T>(shape: Shape<T>, owner: string): T => {
    const { value, problem } = checkValue(shape, json);
    if (problem === undefined) return value;
    const key = showValue(problem.path).slice(1, -1) || "fields";
    if (problem.isUnknownKey) return fail(key, `left out, as ${owner} has no such key`, problem.value);
    return fail(key, problem.rule.replace(/^expected /, ""), problem.value);
  };
  const { format, version } = FIELDS;
  const { system } = check(objectOf({ format, version, system: nameOf(systems) }), "a model");
  return {
    place,
    system,
    fail,
    read: (own) => check(closedObject({ ...FIELDS, ...own }), system),
    tagSet(key, tags, scheme) {
      try {
        return new TagSet(tags, { scheme });
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

/** The tags of both domains, for a system whose predictions may be any tags of their types. */
export const DOMAINS = closedObject({ source: texts(), target: texts() });

/**
 * Makes the tag sets of both domains.
 *
 * @param tags The model's own.
 * @param domains The field `domains`.
 * @throws If a type lacks one of its tags, or the model has a tag that neither domain has.
 */
export function domainsOf(fields: TaggerFields, tags: TagSet, domains: ValueOf<typeof DOMAINS>): Domains {
  const whole = (key: string, tags: TagSet) => {
    const prefixes = [...SCHEME_PREFIXES[tags.scheme]];
    const all = tags.entityTypes.flatMap((type) => prefixes.map((prefix) => `${prefix}-${type}`));
    const missing = all.find((tag) => !tags.has(tag));
    if (missing === undefined) return tags;
    return fields.fail(key, `all tags of its types, ${showValue(missing)} too`, tags.tags);
  };
  const of = (domain: keyof Domains) => {
    const key = `domains.${domain}`;
    return whole(key, fields.tagSet(key, domains[domain], tags.scheme));
  };
  const source = of("source");
  const target = of("target");
  const foreign = whole("tags", tags).tags.find((tag) => !source.has(tag) && !target.has(tag));
  if (foreign === undefined) return { source, target };
  return fields.fail("tags", "tags of domains.source or domains.target alone", foreign);
}

/** Returns the tags of both domains in the form of tagger.json. */
export function describeDomains({ source, target }: Domains): Record<"source" | "target", readonly string[]> {
  return { source: source.tags, target: target.tags };
}
