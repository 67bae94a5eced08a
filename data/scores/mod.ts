/**
 * Scores of predicted tags: precision, recall and F1 as conlleval and seqeval count them, SemEval's, classes of
 * errors, and tests of whether two systems differ.
 *
 * @example
 * ```ts
 * import { scoreSpans } from "@laner/laner/scores";
 * import { assertEquals } from "@std/assert";
 *
 * const scores = scoreSpans([["B-person", "O"]], [["B-person", "B-country"]]);
 * assertEquals([scores.precision, scores.recall], [0.5, 1]);
 * ```
 *
 * @module
 */
export {
  type ConfusionMatrix,
  confusionMatrix,
  type EntityMatch,
  type ErrorKind,
  matchEntities,
} from "./entity_errors.ts";
export {
  errorClasses,
  type ErrorCounts,
  type ErrorDifference,
  errorDifferences,
  surfaceForms,
} from "./error_classes.ts";
export { formatClassificationReport, formatScores } from "./score_report.ts";
export { scoreSpans, scoreSpanSets, type SpanScores } from "./scores.ts";
export { meanAndStd, type PairedTTest, pairedTTest } from "./seed_tests.ts";
export { scoreSemEval, type SemEvalScores } from "./semeval.ts";
export {
  approximateRandomisation,
  type BootstrapComparison,
  type BootstrapOptions,
  type Comparison,
  pairedBootstrap,
  resampledF1,
  type RunCounts,
  type SentenceCounts,
  sentenceCounts,
} from "./significance.ts";
export { type TagAgreement, tagAgreement } from "./tag_agreement.ts";
