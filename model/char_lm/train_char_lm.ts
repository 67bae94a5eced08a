/** Training a character language model: stretch by stretch through a text, with plain gradient descent. */
import type { CharBlock } from "../../data/batches/char_blocks.ts";
import { clipGradients } from "../training/adam.ts";
import { NotFiniteError } from "../training/not_finite_error.ts";
import { createSgd } from "../training/sgd.ts";
import type { TrainingContext } from "../training/training_context.ts";
import { restoreTraining, trainingState } from "../training/training_state.ts";
import { nameOfNotFinite, OverflowError } from "../weights/finite.ts";
import type { Parameters } from "../weights/parameters.ts";
import type { CharLm, CharLmState } from "./char_lm.ts";

/** How to train; rate and norm are Flair's, which waits for ten bad stretches of text before it quarters the rate. */
export interface TrainCharLmOptions extends TrainingContext {
  epochs?: number;
  /** Quartered after an epoch that does not lower the loss on the held-out text. */
  learningRate?: number;
  /** Greatest norm of all gradients together. */
  clipNorm?: number;
}

/** What happened: mean loss of a character in each epoch, in training and on the held-out text, in nats. */
export interface CharLmCourse {
  losses: number[];
  heldOutLosses: number[];
}

/**
 * Trains a model in place.
 *
 * @param train The text, in blocks of which each goes on where the one before ended.
 * @param heldOut A text that is not trained on; it decides when the learning rate falls.
 * @returns The course, and whether the signal ended it.
 * @throws `NotFiniteError` if a loss is not finite.
 */
export async function trainCharLm(
  lm: CharLm,
  parameters: Parameters,
  train: readonly CharBlock[],
  heldOut: readonly CharBlock[],
  options: TrainCharLmOptions,
): Promise<CharLmCourse & { stopped: boolean }> {
  const { epochs = 1, learningRate = 20, clipNorm = 0.25, random, signal, onProgress, checkpoint } = options;
  const { stage = "character language model" } = options;
  const total = epochs * train.length;
  const optimizer = createSgd({ learningRate });
  let dropout = random.fork("dropout");
  let state: CharLmState | undefined;
  let { losses, heldOutLosses, batch, lossSum }: Course = {
    losses: [],
    heldOutLosses: [],
    batch: 0,
    lossSum: 0,
  };
  if (checkpoint?.resume) {
    const { tensors, values } = checkpoint.resume;
    dropout = restoreTraining(checkpoint.resume, { parameters, optimizer })[0]!;
    ({ losses, heldOutLosses, batch, lossSum } = structuredClone(values) as unknown as Course);
    if (tensors["state/h"]) state = { h: tensors["state/h"], c: tensors["state/c"]! };
  }
  for (; losses.length < epochs; batch = 0, lossSum = 0, state = undefined) {
    const epoch = losses.length + 1;
    const rate = learningRate / 4 ** countWorse(heldOutLosses);
    for (; batch < train.length; batch++) {
      const isStopped = signal?.aborted ?? false;
      await checkpoint?.save(() =>
        trainingState({ parameters, optimizer, random: [dropout.state()] }, {
          tensors: state ? { "state/h": state.h, "state/c": state.c } : {},
          values: { losses, heldOutLosses, batch, lossSum },
        }), isStopped);
      if (isStopped) return { losses, heldOutLosses, stopped: true };
      const refuse = (what: string): never => {
        throw new NotFiniteError(what, { epoch, batch: batch + 1 }, [batch]);
      };
      const step = await lm.lossAndGradients(parameters, train[batch]!, state, dropout).catch((error) => {
        throw error instanceof OverflowError ? refuse(error.what) : error;
      });
      if (!Number.isFinite(step.loss)) refuse(`the loss is ${step.loss}`);
      clipGradients(step.gradients, clipNorm);
      optimizer.step(parameters, step.gradients, rate);
      // No loss after it would tell of the last step's: held-out text is read, and the model stored.
      const spoilt = batch === train.length - 1 && nameOfNotFinite(parameters);
      if (spoilt) refuse(`"${spoilt}" has values that are not finite`);
      state = step.state;
      lossSum += step.loss;
      const done = (epoch - 1) * train.length + batch + 1;
      onProgress?.({ stage, done, total, epoch, epochs, metrics: { loss: lossSum / (batch + 1) } });
    }
    losses.push(lossSum / train.length);
    if (heldOut.length > 0) heldOutLosses.push(await charLmLoss(lm, parameters, heldOut));
  }
  return { losses, heldOutLosses, stopped: false };
}

/** Where a training is. */
interface Course extends CharLmCourse {
  batch: number;
  lossSum: number;
}

/** Mean loss of a character over blocks of which each goes on where the one before ended; NaN without any. */
export async function charLmLoss(
  lm: CharLm,
  parameters: Parameters,
  blocks: readonly CharBlock[],
): Promise<number> {
  let state: CharLmState | undefined;
  let sum = 0;
  let count = 0;
  for (const block of blocks) {
    const found = await lm.loss(parameters, block, state);
    state = found.state;
    sum += found.loss * block.targets.length;
    count += block.targets.length;
  }
  return sum / count;
}

/** How many losses are not below all before them. */
function countWorse(losses: readonly number[]): number {
  let best = Infinity;
  let worse = 0;
  for (const loss of losses) {
    if (loss < best) best = loss;
    else worse++;
  }
  return worse;
}
