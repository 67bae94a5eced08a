/** Counts of sentences and entity types for findings about data. */
import { tagsToSpans } from "../../data/tags/tag_scheme.ts";
import type { Sentence } from "../../data/text/conll.ts";

/** Joins the words of each sentence into one string, equal for sentences with equal words, whatever their tags. */
export function sentenceKeys(sentences: readonly Sentence[]): string[] {
  return sentences.map(({ words }) => words.join("\t"));
}

/** Counts the entities of each type. */
export function countTypes(sentences: readonly Sentence[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { tags } of sentences) {
    for (const { entityType } of tagsToSpans(tags)) counts.set(entityType, (counts.get(entityType) ?? 0) + 1);
  }
  return counts;
}

/** The least words whose common prefix means anything. */
const LEAST_WORDS = 20;

/**
 * Finds the prefix of nearly all words up to the first colon, such as "en:" in data that joins several languages.
 *
 * @returns The prefix and the number of words with it; null if fewer than nine in ten have it.
 */
export function wordPrefix(sentences: readonly Sentence[]): { text: string; nWords: number } | null {
  const counts = new Map<string, number>();
  let nAll = 0;
  for (const { words } of sentences) {
    nAll += words.length;
    for (const word of words) {
      const prefix = /^[\p{L}\p{N}_-]{1,16}:/u.exec(word)?.[0];
      if (prefix !== undefined) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
    }
  }
  const [text, nWords] = [...counts].reduce((most, one) => one[1] > most[1] ? one : most, ["", 0]);
  return nAll >= LEAST_WORDS && nWords >= 0.9 * nAll ? { text, nWords } : null;
}

/** Groups names that differ only in case, spaces, dashes, underscores, and characters that look alike. */
export function likeNames(names: readonly string[]): string[][] {
  const shown = (name: string) => name.normalize("NFKC").toLowerCase().replace(/[\s\p{Cf}_-]/gu, "");
  return [...Map.groupBy(new Set(names), shown).values()].filter((alike) => alike.length > 1);
}

/** Writes a share as in "6 of 465 (1.3 %)". */
export function shareOf(n: number, total: number): string {
  return `${n} of ${total} (${(100 * n / total).toFixed(1)} %)`;
}

/** Counts the sentences of a part whose words are also a sentence of the whole. */
export function overlapOf(
  part: readonly Sentence[],
  whole: readonly Sentence[],
): { nShared: number; nSentences: number } {
  const there = new Set(sentenceKeys(whole));
  return { nShared: sentenceKeys(part).filter((key) => there.has(key)).length, nSentences: part.length };
}
