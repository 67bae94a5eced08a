import { spansToTags, tagsToSpans } from "./tag_scheme.ts";
import type { TagSet } from "./tag_set.ts";

/**
 * Converts tags of one set into tags of another, which may be of another scheme.
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
  if (from.tags.join("\n") === to.tags.join("\n")) return Int32Array.from(tagIds);
  const spans = tagsToSpans(Array.from(tagIds, (id) => from.tagOf(id)), { scheme: from.scheme })
    .filter(({ entityType }) => unknown === "throw" || to.entityTypes.includes(entityType));
  const tags = spansToTags(spans, tagIds.length, { scheme: to.scheme });
  return Int32Array.from(tags, (tag) => to.idOf(tag));
}
