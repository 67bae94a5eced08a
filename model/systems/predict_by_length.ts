/** Prediction in batches of sentences of like length. */
import { lengthBatches } from "../../data/batches/length_batches.ts";
import type { UntaggedSentence } from "../training/system.ts";
import { type BatchSteps, runPackedAhead } from "./packed_ahead.ts";

/** Sentences that are encoded together when predicting. */
const PREDICT_BATCH = 32;

/** The size of the batches that are predicted together. */
export interface PredictionBatches {
  /** Returns how much a sentence adds to its batch; 1 by default. */
  size?: (sentence: UntaggedSentence) => number;
  /** The largest size of a batch of more than one sentence; 32 by default. */
  limit?: number;
}

/**
 * Predicts something of each sentence in batches, the longest sentences first, so that little is padding; systems
 * predict the same whatever the batches are.
 *
 * @param steps Packs a batch, and predicts one result for each of its sentences; the next batch is packed while one runs.
 * @param onProgress Told how many sentences are done.
 * @returns The results in the order of the sentences given.
 */
export async function predictByLength<Packed, T>(
  sentences: readonly UntaggedSentence[],
  steps: BatchSteps<readonly UntaggedSentence[], Packed, readonly T[]>,
  onProgress?: (done: number) => void,
  { size, limit = PREDICT_BATCH }: PredictionBatches = {},
): Promise<T[]> {
  const results: T[] = [];
  let done = 0;
  const batches = lengthBatches(sentences, { lengthOf: ({ ids }) => ids.length, sizeOf: size, limit });
  const ofMembers = {
    pack: (members: readonly number[]) => steps.pack(members.map((i) => sentences[i]!)),
    run: steps.run,
  };
  await runPackedAhead(batches, ofMembers, (predicted, members) => {
    members.forEach((i, member) => results[i] = predicted[member]!);
    done += members.length;
    onProgress?.(done);
  });
  return results;
}

/** Splits n things into groups of at most `PREDICT_BATCH`: [start, end) of each. */
export function predictionRanges(n: number): [start: number, end: number][] {
  return Array.from({ length: Math.ceil(n / PREDICT_BATCH) }, (_, i) => {
    const start = i * PREDICT_BATCH;
    return [start, Math.min(n, start + PREDICT_BATCH)];
  });
}
