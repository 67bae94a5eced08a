import { showValue } from "../show_value.ts";
import { placeOf, type Sentence } from "../text/conll.ts";
import { checkScheme, type Scheme, SCHEME_PREFIXES, splitTag } from "./tag.ts";

/**
 * The numbered tags of a task: the id of a tag is its place in `tags`, and O is 0.
 *
 * @example
 * ```ts
 * import { TagSet } from "@laner/laner";
 *
 * const tagSet = new TagSet(["O", "B-person", "I-person"]);
 * console.log(tagSet.idOf("I-person")); // 2
 * console.log(tagSet.entityTypes); // ["person"]
 * ```
 */
export class TagSet {
  /** Every tag, O first; the index is the id. */
  readonly tags: readonly string[];
  /** The scheme that the tags belong to. */
  readonly scheme: Scheme;
  /** The entity types, in the order of their first tags. */
  readonly entityTypes: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;

  /**
   * @param tags in the order of their ids
   * @throws unless the first tag is O, all are distinct and the others belong to `scheme` (default IOB2)
   */
  constructor(tags: readonly string[], options: { scheme?: Scheme | undefined } = {}) {
    const { scheme = "IOB2" } = options;
    checkScheme(scheme);
    if (tags[0] !== "O") {
      throw new Error(
        `Cannot make a tag set: its first tag must be O, current value is ${showValue(tags[0])}`,
      );
    }
    this.tags = Object.freeze([...tags]);
    this.scheme = scheme;
    this.entityTypes = Object.freeze([
      ...new Set(tags.slice(1).map((tag) => splitTag(tag, scheme).entityType)),
    ]);
    this.#ids = new Map(tags.map((tag, id) => [tag, id]));
    if (this.#ids.size !== tags.length) {
      const repeated = tags.find((tag, id) => this.#ids.get(tag) !== id);
      throw new Error(
        `Cannot make a tag set: its tags must be distinct, current value has ${showValue(repeated)} twice`,
      );
    }
  }

  /** The number of tags, K. */
  get nTags(): number {
    return this.tags.length;
  }

  /** Tells whether the tag is in the set. */
  has(tag: string): boolean {
    return this.#ids.has(tag);
  }

  /** Returns the id of a tag. Throws, listing the known tags, if it is not in the set. */
  idOf(tag: string): number {
    const id = this.#ids.get(tag);
    if (id === undefined) {
      throw new Error(
        `Cannot look up tag "${tag}": it must be one of ${this.tags.join(", ")}, current value is "${tag}"`,
      );
    }
    return id;
  }

  /** Returns the tag with this id. Throws if there is none. */
  tagOf(id: number): string {
    const tag = this.tags[id];
    if (tag === undefined) {
      throw new Error(
        `Cannot look up tag id ${id}: it must be from 0 to ${this.nTags - 1}, current value is ${id}`,
      );
    }
    return tag;
  }

  /**
   * Returns the ids of a sentence's tags. Throws if a tag is unknown, naming file and line if the sentence was read
   * from a file.
   */
  idsOf(sentence: Sentence): number[] {
    return sentence.tags.map((tag, word) => {
      if (!this.#ids.has(tag)) {
        throw new Error(
          `Cannot use tag "${tag}" at ${placeOf(sentence, word)}: it must be one of ${
            this.tags.join(", ")
          }, ` +
            `current value is "${tag}"`,
        );
      }
      return this.idOf(tag);
    });
  }
}

/**
 * Makes the tag set of some entity types: O, then each type's tags in the order given.
 *
 * @throws if a type is empty or given twice, or the scheme unknown
 */
export function createTagSet(
  entityTypes: readonly string[],
  options: { scheme?: Scheme | undefined } = {},
): TagSet {
  const { scheme = "IOB2" } = options;
  checkScheme(scheme);
  if (entityTypes.includes("")) {
    throw new Error(`Cannot make a tag set: an entity type must not be empty, current value is ""`);
  }
  const prefixes = Array.from(SCHEME_PREFIXES[scheme]);
  return new TagSet(["O", ...entityTypes.flatMap((type) => prefixes.map((prefix) => `${prefix}-${type}`))], {
    scheme,
  });
}

/**
 * Makes the tag set of the entity types that sentences are tagged with, in alphabetical order.
 *
 * It contains all tags of each type, including those that the sentences happen not to have. So any sentences of a
 * corpus in which every type occurs give the same set.
 *
 * @throws if a tag is not of the scheme, naming file and line if the sentence was read from a file
 */
export function tagSetOf(
  sentences: readonly Sentence[],
  options: { scheme?: Scheme | undefined } = {},
): TagSet {
  const { scheme = "IOB2" } = options;
  checkScheme(scheme);
  const entityTypes = new Set<string>();
  const seen = new Set(["O"]);
  for (const sentence of sentences) {
    sentence.tags.forEach((tag, word) => {
      if (seen.has(tag)) return;
      try {
        entityTypes.add(splitTag(tag, scheme).entityType);
      } catch {
        const known = ["O", ...Array.from(SCHEME_PREFIXES[scheme], (prefix) => `${prefix}-type`)].join(", ");
        throw new Error(
          `Cannot use tag "${tag}" at ${
            placeOf(sentence, word)
          }: ${scheme} has ${known}, current value is "${tag}"`,
        );
      }
      seen.add(tag);
    });
  }
  return createTagSet([...entityTypes].sort(), { scheme });
}

/**
 * Joins two tag sets: all tags of `first`, then those of `second` that `first` lacks. Throws unless both have the same
 * scheme.
 */
export function unionOfTagSets(first: TagSet, second: TagSet): TagSet {
  checkSameScheme(first, second);
  const added = second.tags.filter((tag) => !first.has(tag));
  return new TagSet([...first.tags, ...added], { scheme: first.scheme });
}

/** A tag that two sets share, with its id in either. */
export interface SharedTag {
  tag: string;
  sourceId: number;
  targetId: number;
}

/**
 * Lists the tags that are in both sets as the same string, O among them, by id in the target: the rows of a source
 * model's tag table that a target's starts from. Throws unless both have the same scheme.
 */
export function sharedTags(source: TagSet, target: TagSet): SharedTag[] {
  checkSameScheme(source, target);
  return target.tags.filter((tag) => source.has(tag)).map((tag) => ({
    tag,
    sourceId: source.idOf(tag),
    targetId: target.idOf(tag),
  }));
}

function checkSameScheme(first: TagSet, second: TagSet): void {
  if (first.scheme !== second.scheme) {
    throw new Error(
      `Cannot compare tag sets: both must have one scheme, current value is ${first.scheme} and ${second.scheme}`,
    );
  }
}
