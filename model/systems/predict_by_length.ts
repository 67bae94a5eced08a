/** Prediction in batches of sentences of like length. */
import { lengthBatches } from "../../data/batches/length_batches.ts";
import type { TagPrediction, UntaggedSentence } from "../training/system.ts";

/** Sentences that are encoded together when predicting. */
const PREDICT_BATCH = 32;

/** How many sentences are predicted together. */
export interface PredictionBatches {
  /** Returns what a sentence adds to its batch; by default 1. */
  size?: (sentence: UntaggedSentence) => number;
  /** Most that a batch of more than one sentence has; by default 32. */
  limit?: number;
}

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
  { size, limit = PREDICT_BATCH }: PredictionBatches = {},
): Promise<TagPrediction> {
  const tagIds: Int32Array[] = [];
  const nPasses: number[] = [];
  let done = 0;
  for (
    const members of lengthBatches(sentences, { lengthOf: ({ ids }) => ids.length, sizeOf: size, limit })
  ) {
    const predicted = await predict(members.map((i) => sentences[i]!));
    members.forEach((i, member) => {
      tagIds[i] = predicted.tagIds[member]!;
      nPasses[i] = predicted.nPasses[member]!;
    });
    done += members.length;
    onProgress?.(done);
  }
  return { tagIds, nPasses };
}

/** Splits so many things, in order, into groups of at most `PREDICT_BATCH`: [start, end) of each. */
export function predictionRanges(n: number): [start: number, end: number][] {
  return Array.from({ length: Math.ceil(n / PREDICT_BATCH) }, (_, i) => {
    const start = i * PREDICT_BATCH;
    return [start, Math.min(n, start + PREDICT_BATCH)];
  });
}
