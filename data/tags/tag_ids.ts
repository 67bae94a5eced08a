/** Entities of tags that are given by their ids, read and written without the tags' names. */
import { boundaryPrefixes } from "./spans_to_tags.ts";
import { SCHEME_PREFIXES, splitTag } from "./tag.ts";
import type { TagSet } from "./tag_set.ts";

/** An entity of a sentence: words from `start` up to, not including, `end`, and the index of its type. */
export interface TypedSpan {
  start: number;
  end: number;
  type: number;
}

/**
 * Makes a function that reads the entities of a sentence's tag ids, as `tagsToSpans` does those of tags.
 *
 * @returns Reads entities from left to right; `type` is the index in `entityTypes`. It throws if an id is none of the set's.
 */
export function createTagReader(tags: TagSet): (tagIds: ArrayLike<number>) => TypedSpan[] {
  const split = tags.tags.map((tag) => splitTag(tag, tags.scheme));
  const types = split.map(({ entityType }) => tags.entityTypes.indexOf(entityType));
  const starts = split.map(({ prefix }) => "BSU".includes(prefix));
  const ends = split.map(({ prefix }) => "ELSU".includes(prefix));
  return (tagIds) => {
    const spans: TypedSpan[] = [];
    let open: TypedSpan | undefined;
    for (let i = 0; i < tagIds.length; i++) {
      const id = tagIds[i]!;
      const type = types[id];
      if (type === undefined) {
        throw new Error(
          `Cannot look up tag id ${id}: it must be from 0 to ${tags.nTags - 1}, current value is ${id}`,
        );
      }
      if (type < 0) {
        open = undefined;
        continue;
      }
      if (open === undefined || starts[id] || open.type !== type) {
        open = { start: i, end: i + 1, type };
        spans.push(open);
      } else {
        open.end = i + 1;
      }
      if (ends[id]) open = undefined;
    }
    return spans;
  };
}

/**
 * Makes a function that writes entities as tag ids, as `spansToTags` does as tags.
 *
 * @param entityTypes The types that `type` of a span is an index of.
 * @returns Writes the entities of a sentence, which are given from left to right and do not overlap. It throws if `tags`
 * lacks a tag that is to be written.
 */
export function createTagWriter(
  tags: TagSet,
  entityTypes: readonly string[] = tags.entityTypes,
): (spans: readonly TypedSpan[], nWords: number) => Int32Array {
  const ids = new Map(
    Array.from(SCHEME_PREFIXES[tags.scheme], (prefix) => [
      prefix,
      entityTypes.map((type) => tags.has(`${prefix}-${type}`) ? tags.idOf(`${prefix}-${type}`) : undefined),
    ]),
  );
  const idOf = (prefix: string, type: number) =>
    ids.get(prefix)?.[type] ?? tags.idOf(`${prefix}-${entityTypes[type]}`);
  return (spans, nWords) => {
    const tagIds = new Int32Array(nWords);
    spans.forEach(({ start, end, type }, i) => {
      const before = spans[i - 1];
      const after = spans[i + 1];
      const [first, last, only] = boundaryPrefixes(
        tags.scheme,
        before?.end === start && before.type === type,
        after?.start === end && after.type === type,
      );
      tagIds[start] = idOf(end - start === 1 ? only : first, type);
      for (let word = start + 1; word < end - 1; word++) tagIds[word] = idOf("I", type);
      if (end - start > 1) tagIds[end - 1] = idOf(last, type);
    });
    return tagIds;
  };
}
