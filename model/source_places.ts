/** The places in a source's tables that a target's tags start from. */
import { splitTag } from "../data/tags/tag.ts";
import type { TagSet } from "../data/tags/tag_set.ts";

/** The places in a table of the source, along its axes of tags, that a place of the target's starts from. */
export interface SourcePlaces {
  /** The only one if the source has the tags themselves, else those of tags like them, which may be none. */
  all: readonly (readonly number[])[];
  /** True if a tag of the place is not the source's. */
  areNew: boolean;
}

/**
 * Creates the function that finds them. Tags like a new one have its prefix; along two axes, as of a CRF's transitions,
 * they are of one type if and only if the target's are. Places beyond the tags, such as START's, are in both.
 *
 * @returns Takes the target's places along a table's axes of tags.
 */
export function createSourcePlaces(
  source: TagSet,
  target: TagSet,
): (places: readonly number[]) => SourcePlaces {
  const partsOf = ({ tags, scheme }: TagSet) => tags.map((tag) => splitTag(tag, scheme));
  const ofSource = partsOf(source);
  const ofTarget = partsOf(target);
  const candidates = (place: number): number[] => {
    if (place >= target.nTags) return [place - target.nTags + source.nTags];
    const tag = target.tagOf(place);
    if (source.has(tag)) return [source.idOf(tag)];
    return ofSource.flatMap(({ prefix }, id) => (prefix === ofTarget[place]!.prefix ? [id] : []));
  };
  const isNew = (place: number) => place < target.nTags && !source.has(target.tagOf(place));
  const areOfOneType = (parts: typeof ofSource, places: readonly number[]) =>
    places.every((place) => parts[place]?.entityType === parts[places[0]!]?.entityType);

  return (places) => {
    const each = places.map(candidates);
    const all = each.reduce<number[][]>(
      (rows, ids) => rows.flatMap((row) => ids.map((id) => [...row, id])),
      [[]],
    );
    const areNew = places.some(isNew);
    if (!areNew) return { all, areNew };
    const isOneType = areOfOneType(ofTarget, places);
    return { all: all.filter((row) => areOfOneType(ofSource, row) === isOneType), areNew };
  };
}
