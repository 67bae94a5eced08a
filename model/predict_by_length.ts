/** Prediction in batches of sentences of like length. */
import type { TagPrediction, UntaggedSentence } from "./system.ts";

/** Sentences that are encoded together when predicting. */
const PREDICT_BATCH = 32;

/**
 * Predicts the tags of sentences in batches, the longest sentences first, so that little is padding; systems predict
 * the same whatever the batches are.
 *
 * @param predict Predicts a batch.
 * @param onProgress Told how many sentences are done.
 * @returns The predictions, in the order of the sentences given.
 */
export async function predictByLength(
  sentences: readonly UntaggedSentence[],
  predict: (batch: readonly UntaggedSentence[]) => Promise<TagPrediction>,
  onProgress?: (done: number) => void,
): Promise<TagPrediction> {
  const order = sentences.map((_, i) => i).sort((a, b) => sentences[b].ids.length - sentences[a].ids.length);
  const tagIds: Int32Array[] = [], nPasses: number[] = [];
  for (let start = 0; start < order.length; start += PREDICT_BATCH) {
    const members = order.slice(start, start + PREDICT_BATCH);
    const predicted = await predict(members.map((i) => sentences[i]));
    members.forEach((i, member) => {
      tagIds[i] = predicted.tagIds[member];
      nPasses[i] = predicted.nPasses[member];
    });
    onProgress?.(start + members.length);
  }
  return { tagIds, nPasses };
}
