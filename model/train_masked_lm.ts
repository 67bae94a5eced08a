/** Masked language modelling on blocks of text: pre-training an encoder, and DAPT, which is the same continued. */
import { maskPieces, type MaskPiecesOptions } from "../data/mask_pieces.ts";
import type { Random } from "../data/random.ts";
import { clipGradients, createAdam } from "./adam.ts";
import type { MaskedLm } from "./masked_lm.ts";
import { NotFiniteError } from "./not_finite_error.ts";
import type { Progress } from "./progress.ts";
import { restoreTraining, type TrainingCheckpoint, trainingState } from "./training_state.ts";

/** How to train. The defaults are those of CrossNER's DAPT. */
export interface TrainMaskedLmOptions {
  epochs?: number;
  batchSize?: number;
  /** Falls linearly to 0 over the training. */
  learningRate?: number;
  /** Part of the training over which the learning rate rises from 0 first. */
  warmup?: number;
  /** Greatest norm of all gradients together. */
  clipNorm?: number;
  /** What is masked how; pieces are masked anew in every epoch. */
  mask: Omit<MaskPiecesOptions, "random">;
  random: Random;
  stage?: string;
  onProgress?: Progress;
  /** Stops after the batch that is running. */
  signal?: AbortSignal;
  /** Makes a training that was stopped at any step go on exactly as if it had not been. */
  checkpoint?: TrainingCheckpoint;
}

/**
 * Trains a masked language model in place.
 *
 * @param blocks Piece ids of each block (see `blocksOf`).
 * @returns Mean loss of each epoch, and whether it was stopped by the signal.
 * @throws If there is no block; `NotFiniteError` if a loss is not finite.
 */
export async function trainMaskedLm(
  lm: MaskedLm,
  blocks: readonly Int32Array[],
  options: TrainMaskedLmOptions,
): Promise<{ losses: number[]; stopped: boolean }> {
  const { epochs = 15, batchSize = 8, learningRate = 5e-5, warmup = 0, clipNorm = 1, mask, random, signal } =
    options;
  const { stage = "masked language model", onProgress, checkpoint } = options;
  if (blocks.length === 0) throw new Error("Cannot train a masked language model: the text fills no block");
  const optimizer = createAdam({ learningRate });
  let order = random.fork("order"), dropout = random.fork("dropout"), masking = random.fork("mask");
  const nBatches = Math.ceil(blocks.length / batchSize), total = epochs * nBatches;
  let { losses, batch, lossSum }: Course = { losses: [], batch: 0, lossSum: 0 };
  if (checkpoint?.resume) {
    [order, dropout, masking] = restoreTraining(checkpoint.resume, { parameters: lm.parameters, optimizer });
    ({ losses, batch, lossSum } = checkpoint.resume.values as unknown as Course);
    losses = [...losses];
  }
  for (; losses.length < epochs; batch = 0, lossSum = 0) {
    const epoch = losses.length + 1;
    // A training that goes on in the middle of an epoch draws the epoch's order again.
    const atStart = order.state(), shuffled = order.shuffle([...blocks]);
    const state = () => {
      const random = [atStart, dropout.state(), masking.state()];
      const course = { losses, batch, lossSum };
      return trainingState({ parameters: lm.parameters, optimizer, random }, {
        tensors: {},
        values: { ...course },
      });
    };
    for (; batch < nBatches; batch++) {
      const isStopped = signal?.aborted ?? false;
      await checkpoint?.save(state, isStopped);
      if (isStopped) return { losses, stopped: true };
      const step = (epoch - 1) * nBatches + batch;
      const members = shuffled.slice(batch * batchSize, (batch + 1) * batchSize);
      const masked = members.map((ids) => maskPieces(ids, { ...mask, random: masking }));
      if (masked.every(({ positions }) => positions.length === 0)) continue;
      const { loss, gradients } = await lm.lossAndGradients(masked, dropout);
      if (!Number.isFinite(loss)) {
        const numbers = members.map((one) => blocks.indexOf(one));
        throw new NotFiniteError(`the loss is ${loss}`, { epoch, batch: batch + 1 }, numbers);
      }
      clipGradients(gradients, clipNorm);
      const rise = warmup * total, rate = step < rise ? (step + 1) / rise : (total - step) / (total - rise);
      optimizer.step(lm.parameters, gradients, learningRate * rate);
      lossSum += loss;
      onProgress?.({ stage, done: step + 1, total, epoch, epochs, metrics: { loss: lossSum / (batch + 1) } });
    }
    losses.push(lossSum / nBatches);
  }
  return { losses, stopped: false };
}

/** Where a training is. */
interface Course {
  /** Mean loss of each epoch that is over. */
  losses: number[];
  /** How many batches of the next are done, and the sum of their losses. */
  batch: number;
  lossSum: number;
}

/**
 * Perplexity on masked pieces: e to the mean loss over all of them.
 *
 * @param random Draws what is masked; the same seed masks the same.
 * @throws The signal's reason when it says stop.
 */
export async function maskedPerplexity(
  lm: MaskedLm,
  blocks: readonly Int32Array[],
  options: {
    mask: Omit<MaskPiecesOptions, "random">;
    random: Random;
    batchSize?: number;
    signal?: AbortSignal;
  },
): Promise<number> {
  const { mask, random, batchSize = 8, signal } = options;
  let sum = 0, count = 0;
  for (let start = 0; start < blocks.length; start += batchSize) {
    const masked = blocks.slice(start, start + batchSize).map((ids) => maskPieces(ids, { ...mask, random }));
    const n = masked.reduce((total, { positions }) => total + positions.length, 0);
    if (n === 0) continue;
    signal?.throwIfAborted();
    sum += n * await lm.loss(masked);
    count += n;
  }
  return Math.exp(sum / count);
}
