/** A corpus of tagged sentences in three parts: to train on, to choose the best epoch by, and to score on. */
import type { Scheme } from "../tags/tag.ts";
import { type TagSet, tagSetOf } from "../tags/tag_set.ts";
import type { Sentence } from "../text/conll.ts";

/** Tagged sentences in three parts. */
export interface Corpus {
  train: Sentence[];
  /** The sentences that choose the best epoch. */
  dev: Sentence[];
  /** The sentences that scores are computed on. */
  test: Sentence[];
}

/** Returns the tags of all entity types that occur in a corpus. */
export function corpusTags({ train, dev, test }: Corpus, scheme: Scheme): TagSet {
  return tagSetOf([...train, ...dev, ...test], { scheme });
}
