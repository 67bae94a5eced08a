import type { Span } from "../tags/tag.ts";
import type { TagReadingOptions } from "../tags/tag_scheme.ts";
import { checkSameSentences, pairTags, readTagPairs, spanKey } from "./tag_pairs.ts";

/** Precision, recall and their harmonic mean, as fractions; one that is undefined is 0, as in seqeval. */
export interface Prf {
  precision: number;
  recall: number;
  f1: number;
}

/** How many entities there are, were found, and are in both, and what follows from it. */
export interface CountedPrf extends Prf {
  /** Entities of the gold tags. */
  nGold: number;
  /** Entities of the predicted tags. */
  nFound: number;
  /** Entities of both: same words, same type. */
  nCorrect: number;
}

/** Scores of predicted entities; the figures at the top are those over all types together, `micro` again. */
export interface SpanSetScores extends CountedPrf {
  /** By entity type, of those in the gold or the predicted spans, in alphabetical order. */
  perType: Record<string, CountedPrf>;
  /** From the counts of all types together. */
  micro: Prf;
  /** Mean over the types, of gold or predicted spans; 0 where there is none. */
  macro: Prf;
  /** Mean over the types, each weighted by its gold entities; 0 where there is none. */
  weighted: Prf;
}

/** Scores of predicted tags. */
export interface SpanScores extends SpanSetScores {
  nWords: number;
  /** Words whose predicted tag is the gold one. */
  nCorrectWords: number;
  /** Part of the words whose tag is right. */
  accuracy: number;
}

/**
 * Scores predicted tags by the entities they mark: what conlleval.pl, or with mode "strict" seqeval, reports.
 *
 * An entity counts as correct if the same words have the same type in both. Sentence ends bound entities.
 *
 * With mode "strict" gold tags are read strictly too, as in seqeval: a gold entity that is not written as `scheme`
 * demands is not counted, without an error. Where that must not be, ask first:
 * `checkTags(sentences, { scheme, wellFormed: true })`.
 *
 * @param gold tags of each sentence
 * @param predicted tags of the same sentences
 * @param options how tags are read, see {@link tagsToSpans}
 * @throws naming the sentence (from 1) if the two do not have as many sentences or words, or a tag is unknown
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
 * Scores predicted entities that are given as spans, which may overlap.
 *
 * @param gold spans of each sentence
 * @param predicted spans of the same sentences
 * @throws naming the sentence (from 1) if the two do not have as many sentences, or a sentence a span twice
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

/** Precision, recall and F1 of counts; undefined is 0. */
function withPrf(counts: { nGold: number; nFound: number; nCorrect: number }): CountedPrf {
  const precision = ratio(counts.nCorrect, counts.nFound);
  const recall = ratio(counts.nCorrect, counts.nGold);
  return { ...counts, precision, recall, f1: f1OfCounts(counts.nGold, counts.nFound, counts.nCorrect) };
}

/** F1 of counted entities as seqeval rounds it, from precision and recall; undefined is 0. */
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
