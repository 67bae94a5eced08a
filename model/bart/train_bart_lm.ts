/** Training BART to restore text: epochs over shuffled blocks, part of which is hidden anew each time. */
import type { Random } from "../../data/random.ts";
import { infillText } from "../../data/text_infilling.ts";
import { clipGradients, createAdam } from "../adam.ts";
import type { BartLm } from "./bart_lm.ts";
import { NotFiniteError } from "../not_finite_error.ts";
import type { Progress } from "../progress.ts";
import { restoreTraining, type TrainingCheckpoint, trainingState } from "../training_state.ts";

/** How to train. */
export interface TrainBartLmOptions {
  epochs?: number;
  batchSize?: number;
  /** Rises over the first tenth of the steps, then falls linearly to 0. */
  learningRate?: number;
  /** The id of `<mask>`. */
  maskId: number;
  random: Random;
  stage?: string;
  onProgress?: Progress;
  signal?: AbortSignal;
  checkpoint?: TrainingCheckpoint;
}

/**
 * Trains a model in place, with Adam and gradients of norm 1 at most.
 *
 * @param blocks Piece ids of texts, with one piece before and one after each.
 * @returns Mean loss of each epoch, and whether the signal ended the training.
 * @throws If there is no block; `NotFiniteError` if a loss is not finite.
 */
export async function trainBartLm(
  lm: BartLm,
  blocks: readonly Int32Array[],
  options: TrainBartLmOptions,
): Promise<{ losses: number[]; stopped: boolean }> {
  const { epochs = 10, batchSize = 16, learningRate = 1e-3, maskId, random, signal, checkpoint } = options;
  const { stage = "BART", onProgress } = options;
  if (blocks.length === 0) throw new Error("Cannot train BART: the text fills no block");
  const optimizer = createAdam({ learningRate });
  let order = random.fork("order"), dropout = random.fork("dropout"), hiding = random.fork("hide");
  const nBatches = Math.ceil(blocks.length / batchSize), total = epochs * nBatches;
  let { losses, batch, lossSum }: Course = { losses: [], batch: 0, lossSum: 0 };
  if (checkpoint?.resume) {
    [order, dropout, hiding] = restoreTraining(checkpoint.resume, { parameters: lm.parameters, optimizer });
    ({ losses, batch, lossSum } = structuredClone(checkpoint.resume.values) as unknown as Course);
  }
  for (; losses.length < epochs; batch = 0, lossSum = 0) {
    const epoch = losses.length + 1, atStart = order.state(), shuffled = order.shuffle([...blocks]);
    const state = () => {
      const parts = {
        parameters: lm.parameters,
        optimizer,
        random: [atStart, dropout.state(), hiding.state()],
      };
      return trainingState(parts, { tensors: {}, values: { losses, batch, lossSum } });
    };
    for (; batch < nBatches; batch++) {
      const isStopped = signal?.aborted ?? false;
      await checkpoint?.save(state, isStopped);
      if (isStopped) return { losses, stopped: true };
      const members = shuffled.slice(batch * batchSize, (batch + 1) * batchSize);
      const texts = members.map((ids) => infillText(ids, { random: hiding, maskId }));
      const { loss, gradients } = await lm.lossAndGradients(texts, dropout);
      if (!Number.isFinite(loss)) {
        const numbers = members.map((one) => blocks.indexOf(one));
        throw new NotFiniteError(`the loss is ${loss}`, { epoch, batch: batch + 1 }, numbers);
      }
      clipGradients(gradients, 1);
      const step = (epoch - 1) * nBatches + batch, rise = total / 10;
      const share = step < rise ? (step + 1) / rise : (total - step) / (total - rise);
      optimizer.step(lm.parameters, gradients, learningRate * Math.min(1, share));
      lossSum += loss;
      onProgress?.({ stage, done: step + 1, total, epoch, epochs, metrics: { loss: lossSum / (batch + 1) } });
    }
    losses.push(lossSum / nBatches);
  }
  return { losses, stopped: false };
}

/** Where a training is. */
interface Course {
  losses: number[];
  batch: number;
  lossSum: number;
}
