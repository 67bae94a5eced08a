/** The training loop: epochs over shuffled batches, the best epoch on dev, patience. */
import { z } from "npm:zod@4.6.7";
import { batchesOf, type Batching, inBatches } from "../../data/batches/domain_batches.ts";
import type { Random } from "../../data/random.ts";
import { OverflowError } from "../weights/finite.ts";
import {
  assignParameters,
  copyParameters,
  type Parameters,
  withoutPrefix,
  withPrefix,
} from "../weights/parameters.ts";
import { lossAndGradientsOf } from "./accumulate.ts";
import { createAdam } from "./adam.ts";
import { learningRateAfter, type SgdSettings } from "./learning_rate.ts";
import { parameterRules, type RuleSettings } from "./parameter_rules.ts";
import { type Schedule, scheduleFactor } from "./schedule.ts";
import { createSgd } from "./sgd.ts";
import type { System, TaggedSentence } from "./system.ts";
import type { TrainingContext } from "./training_context.ts";
import { type Epoch, notFinite, runEpoch, saveBetweenSteps, tellProgress } from "./training_loop.ts";
import { restoreTraining, SAVED_RANDOM, type TrainingParts, type TrainingState } from "./training_state.ts";

/** How to train. The defaults are the paper's. */
export interface TrainOptions extends TrainingContext, Partial<Schedule & RuleSettings> {
  /** Most epochs. */
  epochs?: number;
  /** Epochs without a better dev score after which to stop; null, the default, or 0 for never. */
  patience?: number | null;
  batchSize?: number;
  /** Batches whose gradients make up one step, as if they were one large batch; null, the default, for one. */
  accumulate?: number | null;
  /** How sentences of two domains are put into batches; mixed unless told. */
  batching?: Batching | undefined;
  learningRate?: number;
  /** Plain gradient descent, instead of Adam. */
  sgd?: SgdSettings | null;
  /** Greatest norm of all gradients together; null, the default, for any. */
  clipNorm?: number | null;
  /** Keeps the last epoch instead of the best on dev; null, the default, for the best. */
  keep?: "last" | null;
  /** Tells which parameters are an encoder's, for `headRate` and `layerDecay`; none unless told. */
  isOfEncoder?: (parameter: string) => boolean;
  /**
   * Scores the system after an epoch, higher is better; may throw when the signal says stop. Without it the last epoch
   * is kept.
   */
  evaluate?: (() => Promise<number>) | undefined;
}

/** What happened in an epoch. */
export interface EpochRecord {
  epoch: number;
  /** Mean of the batches' losses. */
  loss: number;
  /** Score on dev, if there is one. */
  devF1?: number;
}

/** The course of a training. */
export interface TrainRecord {
  epochs: EpochRecord[];
  /**
   * The epoch whose parameters the system has now; 0 if it was stopped before the first ended. A training that keeps
   * the last epoch, or has no `evaluate`, and was stopped has the steps of the epoch that was running, too.
   */
  bestEpoch: number;
  stoppedBy: "epochs" | "patience" | "learning rate" | "signal";
}

/**
 * Trains a system in place, with a fresh optimiser. When it is stopped, the best epoch so far is kept, unless `keep` is
 * "last".
 *
 * @param sentences Training sentences; their order is shuffled anew each epoch.
 * @returns The course; the system's parameters are those of the epoch that is kept.
 * @throws If there is no sentence; `NotFiniteError` if a loss is not finite, with the parameters as they were before,
 * or if these are not at the end of an epoch, or overflow on dev.
 */
export async function train(
  system: System,
  sentences: readonly TaggedSentence[],
  options: TrainOptions,
): Promise<TrainRecord> {
  if (sentences.length === 0) throw new Error("Cannot train: there are no training sentences");
  await system.prepare?.(sentences);
  const { epochs = 100, patience = null, batchSize = 16, learningRate = 5e-5, clipNorm = null } = options;
  const { sgd = null, batching = "mixed", evaluate, signal, stage = "train" } = options;
  const { schedule = null, warmup = null, weightDecay = null, headRate = null, layerDecay = null } = options;
  const { isOfEncoder = () => false, keep = null, accumulate = null } = options;
  const { parameters } = system;
  const rules = parameterRules(parameters, { weightDecay, headRate, layerDecay }, isOfEncoder);
  const optimizer = sgd
    ? createSgd({ learningRate, weightDecay: sgd.weightDecay ?? 0, rules })
    : createAdam({ learningRate, rules });
  /** The batches of each step. */
  const batchesBy = (shuffle: (some: TaggedSentence[]) => TaggedSentence[]) =>
    inBatches(batchesOf(sentences, batching, batchSize, shuffle), accumulate ?? 1);
  const nBatches = batchesBy((some) => some).length;
  // Scoring dev counts as a step of its own.
  const nSteps = nBatches + (evaluate ? 1 : 0);
  const context = { ...options, stage };
  const training = {
    parameters,
    optimizer,
    epochs,
    nBatches,
    nSteps,
    clipNorm,
    checksNorm: true,
    context,
  };
  const resume = options.checkpoint?.resume;
  const { random, ...course } = resume ? restoreCourse(resume, training) : newCourse(options.random);
  const [order, dropout] = random;
  const { records } = course;
  // Of a training that keeps the last epoch, no parameters are copied: it has them at its end.
  const copied = keep === "last" ? {} : parameters;
  const end = (stoppedBy: TrainRecord["stoppedBy"]): TrainRecord => {
    if (course.best) assignParameters(parameters, course.best.parameters);
    const bestEpoch = keep === "last" ? records.length : course.best?.epoch ?? records.length;
    return { epochs: records, bestEpoch, stoppedBy };
  };

  for (; course.epoch <= epochs; course.epoch++, course.batch = 0, course.lossSum = 0) {
    const rate = sgd ? learningRateAfter(learningRate, sgd, records.map(({ devF1 }) => devF1)) : learningRate;
    if (rate === null) return end("learning rate");
    // A training that goes on in the middle of an epoch draws the epoch's order again.
    const atStart = order.state();
    const batches = batchesBy(order.shuffle);
    const epoch: Epoch = {
      epoch: course.epoch,
      position: course,
      lossAndGradients: (batch) => lossAndGradientsOf(system, batches[batch]!, dropout),
      membersOf: (batch) => batches[batch]!.flat().map((one) => sentences.indexOf(one)),
      learningRate: (step) => rate * scheduleFactor({ schedule, warmup }, step, epochs * nBatches),
      course: () => ({ random: [atStart, dropout.state()], ...savedCourse(course) }),
    };
    if (await runEpoch(training, epoch)) return end("signal");
    const devF1 = await evaluate?.().catch((error) => {
      if (error instanceof OverflowError) {
        throw notFinite(epoch, nBatches - 1, `dev cannot be scored, ${error.what}`);
      }
      if (!signal?.aborted) throw error;
    });
    if (await saveBetweenSteps(training, epoch)) return end("signal");
    const record: EpochRecord = { epoch: course.epoch, loss: course.lossSum / nBatches };
    records.push(record);
    if (devF1 === undefined) continue;
    record.devF1 = devF1;
    const best = course.best = better(course.best, course.epoch, devF1, copied);
    tellProgress(training, course.epoch, nSteps, { loss: record.loss, devF1, best: best.score });
    if (patience && course.epoch - best.epoch >= patience) return end("patience");
  }
  return end("epochs");
}

/** The best epoch so far. */
interface BestEpoch {
  epoch: number;
  score: number;
  /** A copy. */
  parameters: Parameters;
}

/** Returns the better of the best epoch so far and the one that has just been scored; of equals, the former. */
function better(best: BestEpoch | null, epoch: number, score: number, parameters: Parameters): BestEpoch {
  if (!best) return { epoch, score, parameters: copyParameters(parameters) };
  if (!(score > best.score)) return best;
  // The kept copy is overwritten, so that there is never more than one.
  assignParameters(best.parameters, parameters);
  return { epoch, score, parameters: best.parameters };
}

/** Where a training is, as a checkpoint keeps it. */
const SAVED = z.object({
  /** Of the order, and the dropout. */
  random: z.tuple([SAVED_RANDOM, SAVED_RANDOM]),
  records: z.array(z.object({ epoch: z.number(), loss: z.number(), devF1: z.number().exactOptional() })),
  best: z.object({ epoch: z.number(), score: z.number() }).nullable(),
  /** The epoch that is running, from 1. */
  epoch: z.number(),
  /** How many of its batches are done, and the sum of their losses. */
  batch: z.number(),
  lossSum: z.number(),
});

/** Where a training is. */
interface Course extends Omit<z.output<typeof SAVED>, "random" | "best"> {
  best: BestEpoch | null;
}

type Generators = Pick<z.output<typeof SAVED>, "random">;

function newCourse(random: Random): Course & Generators {
  return {
    random: [random.fork("order"), random.fork("dropout")],
    records: [],
    best: null,
    epoch: 1,
    batch: 0,
    lossSum: 0,
  };
}

function savedCourse({ best, ...course }: Course): TrainingState {
  return {
    tensors: best ? withPrefix("best", best.parameters) : {},
    values: { ...course, best: best && { epoch: best.epoch, score: best.score } },
  };
}

function restoreCourse(state: TrainingState, parts: TrainingParts): Course & Generators {
  const { best, ...course } = restoreTraining(state, parts, SAVED);
  return { ...course, best: best && { ...best, parameters: withoutPrefix("best", state.tensors) } };
}
