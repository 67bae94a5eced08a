/** Scores of SemEval-2013 task 9, which give credit for partly found entities, as nervaluate computes them. */
import { checkSpan } from "../tags/spans_to_tags.ts";
import type { Span } from "../tags/tag.ts";

/**
 * A rule for a full match: the same words and type (strict), the same words (exact; partial, where an overlap counts
 * half), or any overlap with the same type (entityType).
 */
export type SemEvalScenario = "strict" | "exact" | "partial" | "entityType";

const SCENARIOS: readonly SemEvalScenario[] = ["strict", "exact", "partial", "entityType"];

/**
 * Numbers of predicted entities by outcome (correct, incorrect, partial, spurious), and of unmatched gold ones
 * (missed).
 */
export interface SemEvalCounts {
  correct: number;
  incorrect: number;
  partial: number;
  missed: number;
  spurious: number;
}

/** Counts with precision, recall and F1 as fractions; a partial match counts half, and an undefined score is 0. */
export interface SemEvalPrf extends SemEvalCounts {
  precision: number;
  recall: number;
  f1: number;
}

/** Scores in every scenario, of all entities and of each type alone. */
export interface SemEvalScores {
  overall: Record<SemEvalScenario, SemEvalPrf>;
  /** Scores by entity type, in alphabetical order; entities are matched within the type only. */
  perType: Record<string, Record<SemEvalScenario, SemEvalPrf>>;
}

/**
 * Scores predicted entities as SemEval-2013 task 9 did: strict, exact, partial and by entity type.
 *
 * Matching is greedy, as in nervaluate 1.2.1: predictions are taken in the order listed and compared with the gold
 * spans that are still free; a full match wins, else the first gold span that overlaps. So the order of the spans can
 * matter; list them by start. Each document is matched alone, and the counts are summed.
 *
 * @param goldSpans spans of each document, or of a single document
 * @param predictedSpans spans of the same documents
 * @param nWords length of each document
 * @throws naming the document (from 1) if the three differ in length or a span lies outside its document
 *
 * @example
 * ```ts
 * import { scoreSemEval } from "@laner/laner";
 *
 * const gold = [{ start: 0, end: 2, entityType: "person" }];
 * const predicted = [{ start: 1, end: 2, entityType: "person" }];
 * const { overall } = scoreSemEval([gold], [predicted], [5]);
 * console.log(overall.strict.f1, overall.partial.f1, overall.entityType.f1); // 0 0.5 1
 * ```
 */
export function scoreSemEval(
  goldSpans: readonly (readonly Span[])[] | readonly Span[],
  predictedSpans: readonly (readonly Span[])[] | readonly Span[],
  nWords: readonly number[] | number,
): SemEvalScores {
  if (typeof nWords === "number") {
    return scoreSemEval([goldSpans as readonly Span[]], [predictedSpans as readonly Span[]], [nWords]);
  }
  const gold = goldSpans as readonly (readonly Span[])[];
  const predicted = predictedSpans as readonly (readonly Span[])[];
  if (gold.length !== nWords.length || predicted.length !== nWords.length) {
    throw new Error(
      `Cannot score document ${
        Math.min(gold.length, predicted.length, nWords.length) + 1
      }: gold spans, predicted ` +
        `spans and lengths must be given for the same documents, ` +
        `current value is ${gold.length}, ${predicted.length} and ${nWords.length} documents`,
    );
  }
  for (const documents of [gold, predicted]) {
    documents.forEach((spans, d) => {
      try {
        for (const span of spans) checkSpan(span, nWords[d]!);
      } catch (error) {
        throw new Error(`Cannot score document ${d + 1}: ${(error as Error).message}`, { cause: error });
      }
    });
  }
  const types = [...new Set([...gold, ...predicted].flat().map((span) => span.entityType))].sort();
  const ofType = (documents: readonly (readonly Span[])[], type: string) =>
    documents.map((spans) => spans.filter((span) => span.entityType === type));
  return {
    overall: scoreScenarios(gold, predicted),
    perType: Object.fromEntries(
      types.map((type) => [type, scoreScenarios(ofType(gold, type), ofType(predicted, type))]),
    ),
  };
}

function scoreScenarios(
  gold: readonly (readonly Span[])[],
  predicted: readonly (readonly Span[])[],
): Record<SemEvalScenario, SemEvalPrf> {
  const scores = SCENARIOS.map((scenario) => {
    const counts: SemEvalCounts = { correct: 0, incorrect: 0, partial: 0, missed: 0, spurious: 0 };
    gold.forEach((spans, d) => matchDocument(spans, predicted[d]!, scenario, counts));
    return [scenario, withPrf(counts)] as const;
  });
  return Object.fromEntries(scores) as Record<SemEvalScenario, SemEvalPrf>;
}

/** Adds the outcomes of one document to `counts`. */
function matchDocument(
  gold: readonly Span[],
  predicted: readonly Span[],
  scenario: SemEvalScenario,
  counts: SemEvalCounts,
): void {
  const taken = new Uint8Array(gold.length);
  for (const span of predicted) {
    let full = -1;
    let fullDistance = Infinity;
    let overlapping = -1;
    for (let g = 0; g < gold.length; g++) {
      if (taken[g] || !overlaps(span, gold[g]!)) continue;
      if (isFullMatch(span, gold[g]!, scenario)) {
        // Full matches of the other scenarios have the same ends, so the first of them is taken.
        const distance = Math.abs(span.start - gold[g]!.start) + Math.abs(span.end - gold[g]!.end);
        if (distance < fullDistance) {
          full = g;
          fullDistance = distance;
        }
      } else if (overlapping < 0) {
        overlapping = g;
      }
    }
    if (full >= 0) counts.correct++;
    else if (overlapping < 0) counts.spurious++;
    else if (scenario === "partial") counts.partial++;
    else counts.incorrect++;
    const match = full >= 0 ? full : overlapping;
    if (match >= 0) taken[match] = 1;
  }
  counts.missed += taken.filter((t) => !t).length;
}

function isFullMatch(a: Span, b: Span, scenario: SemEvalScenario): boolean {
  if (scenario === "entityType") return a.entityType === b.entityType;
  const sameWords = a.start === b.start && a.end === b.end;
  return sameWords && (scenario !== "strict" || a.entityType === b.entityType);
}

/** Tells whether the prediction covers at least 1 % of the gold span, nervaluate's threshold: any word of up to 100. */
function overlaps(predicted: Span, gold: Span): boolean {
  const nShared = Math.min(predicted.end, gold.end) - Math.max(predicted.start, gold.start);
  return nShared * 100 >= gold.end - gold.start;
}

function withPrf(counts: SemEvalCounts): SemEvalPrf {
  const { correct, incorrect, partial, missed, spurious } = counts;
  const credit = correct + 0.5 * partial;
  const matched = correct + incorrect + partial;
  const precision = matched + spurious === 0 ? 0 : credit / (matched + spurious);
  const recall = matched + missed === 0 ? 0 : credit / (matched + missed);
  const f1 = precision + recall === 0 ? 0 : 2 * precision * recall / (precision + recall);
  return { ...counts, precision, recall, f1 };
}
