/** Gold tags beside predicted ones, read as entities: the input of every score and every analysis of errors. */
import type { Span } from "../tags/tag.ts";
import { type TagReadingOptions, tagsToSpans } from "../tags/tag_scheme.ts";

/** The gold and predicted tags of a sentence. */
export interface TagPair {
  gold: readonly string[];
  predicted: readonly string[];
}

/** The gold and predicted entities of a sentence. */
export interface SpanPair {
  gold: Span[];
  predicted: Span[];
}

/**
 * Sets the predicted tags of sentences beside the gold ones.
 *
 * @throws naming the sentence (from 1) if the two differ in their number of sentences
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
 * @param options the way to read tags, see {@link tagsToSpans}
 * @throws naming the sentence (from 1) if its gold and predicted tags differ in number, or a tag is unknown
 */
export function readTagPairs(pairs: readonly TagPair[], options?: TagReadingOptions): SpanPair[] {
  return pairs.map((pair, s) => readTagPair(pair, options, `sentence ${s + 1}`));
}

/**
 * Reads the entities of one sentence's tags.
 *
 * @param options the way to read tags, see {@link tagsToSpans}
 * @param name the sentence's name in errors
 * @throws if gold and predicted tags differ in number, or a tag is unknown
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

/** Throws unless both have equally many sentences, naming the first that one of them lacks. */
export function checkSameSentences(gold: readonly unknown[], predicted: readonly unknown[]): void {
  if (gold.length === predicted.length) return;
  throw new Error(
    `Cannot score sentence ${
      Math.min(gold.length, predicted.length) + 1
    }: gold and predicted must have the ` +
      `same sentences, current value is ${gold.length} and ${predicted.length} sentences`,
  );
}

/** Writes a span as a string that is equal for equal spans. */
export function spanKey({ start, end, entityType }: Span): string {
  return `${start},${end},${entityType}`;
}
