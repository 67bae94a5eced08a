/** Tagging and scoring sentences for files of predictions. */
import type { SpanScores } from "../../data/scores/scores.ts";
import type { Sentence } from "../../data/text/conll.ts";
import { formatConll } from "../../data/text/format_conll.ts";
import type { Tagger } from "../../model/tagger.ts";

/**
 * Predicts the tags of sentences and scores them.
 *
 * @returns The scores, and columns with the predicted tags beside the gold ones.
 * @throws The signal's reason when it stops the prediction.
 */
export async function tagAndScore(
  tagger: Tagger,
  sentences: readonly Sentence[],
  signal: AbortSignal,
): Promise<{ scores: SpanScores; conll: string }> {
  const { scores, predicted } = await tagger.evaluate(sentences, { signal });
  return { scores, conll: formatConll(sentences, { columns: [predicted] }) };
}
