/** Counts of entities by sentence, from which the F1 of any selection of sentences can be computed. */
import type { TagReadingOptions } from "../tags/tag_scheme.ts";
import { pairTags, readTagPairs, spanKey } from "./tag_pairs.ts";

/** The counts behind F1, of one sentence. */
export interface SentenceCounts {
  /** Entities of the gold tags. */
  nGold: number;
  /** Entities of the predicted tags. */
  nFound: number;
  /** Entities of both, with the same words and type. */
  nCorrect: number;
}

/**
 * Counts the entities of each sentence; their sums over sentences are what `scoreSpans` counts.
 *
 * @param gold tags of each sentence
 * @param predicted tags of the same sentences
 * @param options the way to read tags, see `tagsToSpans`
 * @returns one count a sentence
 * @throws naming the sentence (from 1) if the two differ in their number of sentences or words, or a tag is unknown
 *
 * @example
 * ```ts
 * import { sentenceCounts } from "@laner/laner";
 *
 * console.log(sentenceCounts([["B-task", "O"], ["O"]], [["B-task", "B-field"], ["O"]]));
 * // [{ nGold: 1, nFound: 2, nCorrect: 1 }, { nGold: 0, nFound: 0, nCorrect: 0 }]
 * ```
 */
export function sentenceCounts(
  gold: readonly (readonly string[])[],
  predicted: readonly (readonly string[])[],
  options: TagReadingOptions = {},
): SentenceCounts[] {
  return readTagPairs(pairTags(gold, predicted), options).map(({ gold, predicted }) => {
    const goldKeys = new Set(gold.map(spanKey));
    const nCorrect = predicted.filter((span) => goldKeys.has(spanKey(span))).length;
    return { nGold: gold.length, nFound: predicted.length, nCorrect };
  });
}
