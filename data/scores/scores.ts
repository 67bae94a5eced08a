import type { Span } from "../tags/tag.ts";
import type { TagReadingOptions } from "../tags/tag_scheme.ts";
import { checkSameSentences, pairTags, readTagPairs, spanKey } from "./tag_pairs.ts";

/** Precision, recall and their harmonic mean, as fractions; an undefined one is 0, as in seqeval. */
export interface Prf {
  precision: number;
  recall: number;
  f1: number;
}

/** Counts of gold, predicted and correct entities, with precision, recall and F1. */
export interface CountedPrf extends Prf {
  /** Entities of the gold tags. */
  nGold: number;
  /** Entities of the predicted tags. */
  nFound: number;
  /** Entities of both: same words, same type. */
  nCorrect: number;
}

/** Scores of predicted entities; the numbers at the top are over all types together, the same as `micro`. */
export interface SpanSetScores extends CountedPrf {
  /** Scores by entity type, of all types in gold or predicted spans, in alphabetical order. */
  perType: Record<string, CountedPrf>;
  /** Scores from the counts of all types together. */
  micro: Prf;
  /** Mean over the types of gold or predicted spans; 0 where there is none. */
  macro: Prf;
  /** Mean over the types, each weighted by its gold entities; 0 where there is none. */
  weighted: Prf;
}

/** Scores of predicted tags. */
export interface SpanScores extends SpanSetScores {
  nWords: number;
  /** Words whose predicted tag is the gold tag. */
  nCorrectWords: number;
  /** Share of the words whose predicted tag is the gold tag. */
  accuracy: number;
}

/**
 * Scores predicted tags by the entities they mark, as conlleval.pl does, or with mode "strict" as seqeval does.
 *
 * An entity counts as correct if the same words have the same type in both. No entity crosses the end of a sentence.
 *
 * With mode "strict" gold tags are read strictly too, as in seqeval: a gold entity that is not written as `scheme`
 * demands is not counted, without an error. To refuse such tags, call `checkTags(sentences, { scheme, wellFormed: true
 * })` first.
 *
 * @param gold tags of each sentence
 * @param predicted tags of the same sentences
 * @param options the way to read tags, see {@link tagsToSpans}
 * @throws naming the sentence (from 1) if the two differ in their number of sentences or words, or a tag is unknown
 *
 * @example
 * ```ts
 * import { scoreSpans } from "@laner/laner";
 *
 * const scores = scoreSpans([["B-person", "I-person", "O"]], [["B-person", "O", "B-misc"]]);
 * console.log(scores.nGold, scores.nFound, scores.nCorrect); // 1 2 0
 * console.log(scores.accuracy); // 0.3333333333333333
 * ```
 */
export function scoreSpans(
  gold: readonly (readonly string[])[],
  predicted: readonly (readonly string[])[],
  options: TagReadingOptions = {},
): SpanScores {
  const pairs = pairTags(gold, predicted);
  const spans = readTagPairs(pairs, options);
  let nWords = 0;
  let nCorrectWords = 0;
  for (const { gold, predicted } of pairs) {
    nWords += gold.length;
    for (let w = 0; w < gold.length; w++) if (gold[w] === predicted[w]) nCorrectWords++;
  }
  const scores = scoreSpanSets(spans.map((s) => s.gold), spans.map((s) => s.predicted));
  return { nWords, nCorrectWords, accuracy: ratio(nCorrectWords, nWords), ...scores };
}

/**
 * Scores predicted entities that are given as spans; spans may overlap.
 *
 * @param gold spans of each sentence
 * @param predicted spans of the same sentences
 * @throws naming the sentence (from 1) if the two differ in their number of sentences, or a sentence has a span twice
 */
export function scoreSpanSets(
  gold: readonly (readonly Span[])[],
  predicted: readonly (readonly Span[])[],
): SpanSetScores {
  checkSameSentences(gold, predicted);
  const counts = new Map<string, { nGold: number; nFound: number; nCorrect: number }>();
  const countsOf = (type: string) => {
    let count = counts.get(type);
    if (count === undefined) counts.set(type, count = { nGold: 0, nFound: 0, nCorrect: 0 });
    return count;
  };
  gold.forEach((goldSpans, s) => {
    const goldKeys = distinctKeys(goldSpans, s);
    for (const span of goldSpans) countsOf(span.entityType).nGold++;
    for (const span of predicted[s]!) countsOf(span.entityType).nFound++;
    for (const [key, span] of distinctKeys(predicted[s]!, s)) {
      if (goldKeys.has(key)) countsOf(span.entityType).nCorrect++;
    }
  });

  const types = [...counts.keys()].sort();
  const scores = types.map((type) => withPrf(counts.get(type)!));
  const total = withPrf({
    nGold: sum(scores.map((score) => score.nGold)),
    nFound: sum(scores.map((score) => score.nFound)),
    nCorrect: sum(scores.map((score) => score.nCorrect)),
  });
  return {
    ...total,
    perType: Object.fromEntries(types.map((type, t) => [type, scores[t]!])),
    micro: { precision: total.precision, recall: total.recall, f1: total.f1 },
    macro: meanPrf(scores, scores.map(() => 1)),
    weighted: meanPrf(scores, scores.map((score) => score.nGold)),
  };
}

/** Adds precision, recall and F1 to counts; an undefined one is 0. */
function withPrf(counts: { nGold: number; nFound: number; nCorrect: number }): CountedPrf {
  const precision = ratio(counts.nCorrect, counts.nFound);
  const recall = ratio(counts.nCorrect, counts.nGold);
  return { ...counts, precision, recall, f1: f1OfCounts(counts.nGold, counts.nFound, counts.nCorrect) };
}

/** Computes F1 from counts as seqeval rounds it, from precision and recall; 0 if undefined. */
export function f1OfCounts(nGold: number, nFound: number, nCorrect: number): number {
  const precision = ratio(nCorrect, nFound);
  const recall = ratio(nCorrect, nGold);
  return ratio(2 * precision * recall, precision + recall);
}

function meanPrf(scores: readonly Prf[], weights: readonly number[]): Prf {
  const mean = (key: keyof Prf) =>
    ratio(sum(scores.map((score, i) => score[key] * weights[i]!)), sum(weights));
  return { precision: mean("precision"), recall: mean("recall"), f1: mean("f1") };
}

function distinctKeys(spans: readonly Span[], s: number): Map<string, Span> {
  const keys = new Map(spans.map((span) => [spanKey(span), span]));
  if (keys.size !== spans.length) {
    throw new Error(
      `Cannot score sentence ${s + 1}: its spans must be distinct, ` +
        `current value has ${spans.length} spans of which ${keys.size} are distinct`,
    );
  }
  return keys;
}

function ratio(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
