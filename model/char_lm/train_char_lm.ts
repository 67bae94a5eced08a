/** Training a character language model: stretch by stretch through a text, with plain gradient descent. */
import { z } from "npm:zod@4.6.7";
import type { CharBlock } from "../../data/batches/char_blocks.ts";
import type { Random } from "../../data/random.ts";
import { defaultsOf } from "../settings/defaults.ts";
import type { CharLmSettings } from "../settings/settings.ts";
import { CHAR_LM } from "../settings/word_keys.ts";
import type { TrainingContext } from "../training/training_context.ts";
import { PLAIN_STORE } from "../training/plain_store.ts";
import { runEpoch } from "../training/training_loop.ts";
import { restoreTraining, SAVED_RANDOM } from "../training/training_state.ts";
import { type Parameters, withoutPrefix, withPrefix } from "../weights/parameters.ts";
import type { CharLm, CharLmState } from "./char_lm.ts";

/**
 * Settings and context of a training; the defaults are those of `words.charLm` in an experiment. Rate and norm are
 * Flair's, which waits for ten bad stretches of text before it quarters the rate.
 */
export interface TrainCharLmOptions
  extends TrainingContext, Partial<Pick<CharLmSettings, "epochs" | "learningRate">> {
  /** Greatest norm of all gradients together; 0.25 if not told otherwise. */
  clipNorm?: number;
}

/** The course of a training: mean loss of a character in each epoch, in training and on the held-out text, in nats. */
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
  const { epochs, learningRate } = { ...defaultsOf(CHAR_LM), ...options };
  const { clipNorm = 0.25, stage = "character language model" } = options;
  const optimizer = PLAIN_STORE.sgd({ learningRate });
  const nBatches = train.length;
  const context = { ...options, stage };
  const training = {
    parameters,
    optimizer,
    store: PLAIN_STORE,
    epochs,
    nBatches,
    nSteps: nBatches,
    clipNorm,
    checksNorm: false,
    context,
  };
  const resume = options.checkpoint?.resume;
  const { random, ...course } = resume
    ? await restoreTraining(resume, training, SAVED)
    : newCourse(options.random.fork("dropout"));
  const [dropout] = random;
  const { losses, heldOutLosses } = course;
  let state = resume ? savedState(resume.tensors) : undefined;
  for (; losses.length < epochs; course.batch = 0, course.lossSum = 0, state = undefined) {
    const rate = learningRate / 4 ** countWorse(heldOutLosses);
    const isStopped = await runEpoch(training, {
      epoch: losses.length + 1,
      position: course,
      async lossAndGradients(batch) {
        const found = await lm.lossAndGradients(parameters, train[batch]!, state, dropout);
        state = found.state;
        return found;
      },
      membersOf: (batch) => [batch],
      learningRate: () => rate,
      course: () => ({
        random: [dropout.state()],
        tensors: state ? withPrefix("state", state) : {},
        values: { ...course },
      }),
    });
    if (isStopped) return { losses, heldOutLosses, stopped: true };
    losses.push(course.lossSum / nBatches);
    if (heldOut.length > 0) heldOutLosses.push(await charLmLoss(lm, parameters, heldOut));
  }
  return { losses, heldOutLosses, stopped: false };
}

/** The course of a training, as a checkpoint keeps it. */
const SAVED = z.object({
  /** Of the dropout. */
  random: z.tuple([SAVED_RANDOM]),
  losses: z.array(z.number()),
  heldOutLosses: z.array(z.number()),
  /** The number of blocks of the next epoch that are done, and the sum of their losses. */
  batch: z.number(),
  lossSum: z.number(),
});

function newCourse(dropout: Random): z.output<typeof SAVED> {
  return { random: [dropout], losses: [], heldOutLosses: [], batch: 0, lossSum: 0 };
}

/** Returns the states between two blocks that a checkpoint keeps; undefined at the start of an epoch. */
function savedState(tensors: Parameters): CharLmState | undefined {
  const { h, c } = withoutPrefix("state", tensors);
  return h && c ? { h, c } : undefined;
}

/**
 * Returns the mean loss of a character over blocks of which each goes on where the one before ended; NaN without any.
 */
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

/** Counts the losses that are not below all before them. */
function countWorse(losses: readonly number[]): number {
  let best = Infinity;
  let worse = 0;
  for (const loss of losses) {
    if (loss < best) best = loss;
    else worse++;
  }
  return worse;
}
