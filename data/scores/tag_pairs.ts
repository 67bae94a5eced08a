/** Gold tags beside predicted ones, read as entities: what every score and every analysis of errors begins with. */
import type { Span } from "../tags/tag.ts";
import { type TagReadingOptions, tagsToSpans } from "../tags/tag_scheme.ts";

/** The tags of a sentence, gold and predicted. */
export interface TagPair {
  gold: readonly string[];
  predicted: readonly string[];
}

/** The entities of a sentence, gold and predicted. */
export interface SpanPair {
  gold: Span[];
  predicted: Span[];
}

/**
 * Sets the predicted tags of sentences beside the gold ones.
 *
 * @throws naming the sentence (from 1) if the two do not have as many sentences
 */
export function pairTags(
  gold: readonly (readonly string[])[],
  predicted: readonly (readonly string[])[],
): TagPair[] {
  checkSameSentences(gold, predicted);
  return gold.map((tags, s) => ({ gold: tags, predicted: predicted[s]! }));
}

/**
 * Reads the entities of each sentence's tags.
 *
 * @param options how tags are read, see {@link tagsToSpans}
 * @throws naming the sentence (from 1) if it does not have as many tags in both, or one is unknown
 */
export function readTagPairs(pairs: readonly TagPair[], options?: TagReadingOptions): SpanPair[] {
  return pairs.map((pair, s) => readTagPair(pair, options, `sentence ${s + 1}`));
}

/**
 * Reads the entities of one sentence's tags.
 *
 * @param options how tags are read, see {@link tagsToSpans}
 * @param name what errors call it
 * @throws if it does not have as many tags in both, or one is unknown
 */
export function readTagPair(
  { gold, predicted }: TagPair,
  options?: TagReadingOptions,
  name = "a sentence",
): SpanPair {
  if (gold.length !== predicted.length) {
    throw new Error(
      `Cannot score ${name}: gold and predicted must have one tag a word each, ` +
        `current value is ${gold.length} and ${predicted.length} tags`,
    );
  }
  try {
    return { gold: tagsToSpans(gold, options), predicted: tagsToSpans(predicted, options) };
  } catch (error) {
    throw new Error(`Cannot score ${name}: ${(error as Error).message}`, { cause: error });
  }
}

/** Throws, naming the first sentence that one of them lacks, unless both have as many. */
export function checkSameSentences(gold: readonly unknown[], predicted: readonly unknown[]): void {
  if (gold.length === predicted.length) return;
  throw new Error(
    `Cannot score sentence ${
      Math.min(gold.length, predicted.length) + 1
    }: gold and predicted must have the ` +
      `same sentences, current value is ${gold.length} and ${predicted.length} sentences`,
  );
}

/** A span as one string, by which equal ones are found. */
export function spanKey({ start, end, entityType }: Span): string {
  return `${start},${end},${entityType}`;
}
