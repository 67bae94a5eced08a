/** From the tags of one set to those of another. */
import { createTagReader, createTagWriter } from "./tag_ids.ts";
import type { TagSet } from "./tag_set.ts";

/**
 * Makes a function that converts ids of one tag set into those of another, which may be of another scheme.
 *
 * @param unknown What becomes of entities of a type that `to` lacks: they `throw`, or `drop` out.
 * @returns Converts the ids of a sentence; see `convertTags`.
 */
export function createTagConverter(
  from: TagSet,
  to: TagSet,
  unknown: "throw" | "drop" = "throw",
): (tagIds: ArrayLike<number>) => Int32Array {
  if (from.tags.join("\n") === to.tags.join("\n")) return (tagIds) => Int32Array.from(tagIds);
  const read = createTagReader(from);
  const write = createTagWriter(to, from.entityTypes);
  const isKnown = from.entityTypes.map((type) => to.entityTypes.includes(type));
  return (tagIds) => {
    const spans = read(tagIds).filter(({ type }) => unknown === "throw" || isKnown[type]);
    return write(spans, tagIds.length);
  };
}

/**
 * Converts ids of one tag set into those of another, which may be of another scheme.
 *
 * @param tagIds Ids of a sentence's tags in `from`.
 * @param unknown The treatment of entities of a type that `to` lacks: `throw` an error, or `drop` them.
 * @returns Ids in `to` of the tags that mark the same entities; the same ids where both sets have the same tags.
 * @throws If `to` lacks the tags of an entity and `unknown` is `throw`.
 *
 * @example
 * ```ts
 * import { convertTags, createTagSet } from "@laner/laner";
 *
 * const iob2 = createTagSet(["place"]), iobes = createTagSet(["place"], { scheme: "IOBES" });
 * const ids = convertTags(["O", "B-place"].map((tag) => iob2.idOf(tag)), iob2, iobes);
 * console.log(Array.from(ids, (id) => iobes.tagOf(id))); // ["O", "S-place"]
 * ```
 */
export function convertTags(
  tagIds: ArrayLike<number>,
  from: TagSet,
  to: TagSet,
  unknown: "throw" | "drop" = "throw",
): Int32Array {
  return createTagConverter(from, to, unknown)(tagIds);
}
