/** The tags of data sets. */
import type { Scheme } from "../../data/tags/tag.ts";
import { type TagSet, tagSetOf } from "../../data/tags/tag_set.ts";
import type { DataSet } from "./data_sets.ts";

/** Returns the tag set of a data set: the tags of all types that occur in any of its splits. */
export function tagsOf({ splits }: DataSet, scheme: Scheme): TagSet {
  return tagSetOf(Object.values(splits).flat(), { scheme });
}
