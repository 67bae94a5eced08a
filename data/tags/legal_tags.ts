/** Legal tags: which tags a scheme lets follow which. */
import { type Scheme, splitTag } from "./tag.ts";
import type { TagSet } from "./tag_set.ts";

/** The prefixes that a prefix stands beside, in tags of its own type. */
interface Neighbours {
  /** For prefixes that only stand right after such a tag. */
  after?: Readonly<Record<string, string>>;
  /** For prefixes that only stand right before such a tag. */
  before?: Readonly<Record<string, string>>;
}

const NEIGHBOURS: Readonly<Record<Scheme, Neighbours>> = {
  IOB1: { after: { B: "BI" } },
  IOB2: { after: { I: "BI" } },
  IOE1: { before: { E: "IE" } },
  IOE2: { before: { I: "IE" } },
  IOBES: { after: { I: "BI", E: "BI" }, before: { B: "IE", I: "IE" } },
  BILOU: { after: { I: "BI", L: "BI" }, before: { B: "IL", I: "IL" } },
};

/** The tags that may follow each other. */
export interface LegalTags {
  /** K, the number of tags. */
  readonly nTags: number;
  /** Tells whether a tag may follow another, by their ids; K stands for what is before the first word and after the last. */
  mayFollow(before: number, tag: number): boolean;
}

/**
 * Makes the rule of a tag set's scheme: what it allows is what `spansToTags` can write.
 *
 * @throws If the set lacks a tag with which an entity could end that a tag of the set begins or continues.
 *
 * @example
 * ```ts
 * import { createTagSet, legalTags } from "@laner/laner";
 *
 * const tags = createTagSet(["person", "place"]); // O, B-person, I-person, B-place, I-place
 * const { nTags, mayFollow } = legalTags(tags);
 * console.log(mayFollow(1, 2), mayFollow(3, 2), mayFollow(0, 2), mayFollow(nTags, 2)); // true false false false
 * ```
 */
export function legalTags({ tags, scheme, nTags }: TagSet): LegalTags {
  const { after = {}, before = {} } = NEIGHBOURS[scheme];
  // The edges of a sentence are as O is.
  const parts = [...tags, "O"].map((tag) => splitTag(tag, scheme));
  const isLegal = Uint8Array.from({ length: (nTags + 1) ** 2 }, (_, pair) => {
    const [first, second] = [parts[Math.floor(pair / (nTags + 1))]!, parts[pair % (nTags + 1)]!];
    const isSameType = first.entityType === second.entityType;
    const wanted = after[second.prefix];
    const next = before[first.prefix];
    return Number(
      (wanted === undefined || (isSameType && wanted.includes(first.prefix))) &&
        (next === undefined || (isSameType && next.includes(second.prefix))),
    );
  });
  const mayFollow = (before: number, tag: number) => isLegal[before * (nTags + 1) + tag] === 1;
  const ids = tags.map((_, id) => id);
  const endless = ids.find((id) =>
    !mayFollow(id, nTags) && !ids.some((next) => mayFollow(id, next) && mayFollow(next, nTags))
  );
  if (endless !== undefined) {
    throw new Error(
      `Cannot make legal tags: the set must have a tag that ends an entity after each that does not, ` +
        `current value has none after "${tags[endless]}"`,
    );
  }
  return { nTags, mayFollow };
}
