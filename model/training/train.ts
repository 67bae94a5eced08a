/** The training loop: epochs over shuffled batches, the best epoch on dev, patience. */
import { batchesOf, type Batching } from "../../data/batches/domain_batches.ts";
import { nameOfNotFinite, OverflowError } from "../weights/finite.ts";
import {
  assignParameters,
  copyParameters,
  type Parameters,
  withoutPrefix,
  withPrefix,
} from "../weights/parameters.ts";
import { clipGradients, createAdam } from "./adam.ts";
import { learningRateAfter, type SgdSettings } from "./learning_rate.ts";
import { NotFiniteError } from "./not_finite_error.ts";
import { createSgd } from "./sgd.ts";
import type { System, TaggedSentence } from "./system.ts";
import type { TrainingContext } from "./training_context.ts";
import { restoreTraining, type TrainingState, trainingState } from "./training_state.ts";

/** How to train. The defaults are the paper's. */
export interface TrainOptions extends TrainingContext {
  /** Most epochs. */
  epochs?: number;
  /** Epochs without a better dev score after which to stop; null, the default, or 0 for never. */
  patience?: number | null;
  batchSize?: number;
  /** How sentences of two domains are put into batches; mixed unless told. */
  batching?: Batching | undefined;
  learningRate?: number;
  /** Plain gradient descent, instead of Adam. */
  sgd?: SgdSettings | null;
  /** Greatest norm of all gradients together; null, the default, for any. */
  clipNorm?: number | null;
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
   * The epoch whose parameters the system has now; 0 if it was stopped before the first ended. A training without
   * `evaluate` that was stopped has the steps of the epoch that was running, too.
   */
  bestEpoch: number;
  stoppedBy: "epochs" | "patience" | "learning rate" | "signal";
}

/**
 * Trains a system in place, with a fresh optimiser. When it is stopped, the best epoch so far is kept.
 *
 * @param sentences Training sentences; their order is shuffled anew each epoch.
 * @returns The course; the system's parameters are those of the best epoch on dev.
 * @throws If there is no sentence; `NotFiniteError` if a loss is not finite, with the parameters as they were before,
 * or if these are not at the end of an epoch, or overflow on dev.
 */
export async function train(
  system: System,
  sentences: readonly TaggedSentence[],
  options: TrainOptions,
): Promise<TrainRecord> {
  const { epochs = 100, patience = null, batchSize = 16, learningRate = 5e-5, clipNorm = null } = options;
  const {
    sgd = null,
    batching = "mixed",
    random,
    evaluate,
    signal,
    stage = "train",
    onProgress,
    checkpoint,
  } = options;
  if (sentences.length === 0) throw new Error("Cannot train: there are no training sentences");
  await system.prepare?.(sentences);
  const optimizer = sgd
    ? createSgd({ learningRate, weightDecay: sgd.weightDecay ?? 0 })
    : createAdam({ learningRate });
  let order = random.fork("order");
  let dropout = random.fork("dropout");
  let { records, best, epoch, batch, lossSum }: Course = {
    records: [],
    best: null,
    epoch: 1,
    batch: 0,
    lossSum: 0,
  };
  if (checkpoint?.resume) {
    const generators = restoreTraining(checkpoint.resume, { parameters: system.parameters, optimizer });
    order = generators[0]!;
    dropout = generators[1]!;
    ({ records, best, epoch, batch, lossSum } = restoreCourse(checkpoint.resume));
  }
  const batchesBy = (shuffle: (some: TaggedSentence[]) => TaggedSentence[]) =>
    batchesOf(sentences, batching, batchSize, shuffle);
  const nBatches = batchesBy((some) => some).length;
  // Scoring dev counts as a step of its own.
  const perEpoch = nBatches + (evaluate ? 1 : 0);
  const total = epochs * perEpoch;
  // The kept copy is overwritten by a better one, so that there is never more than one.
  const keep = (kept?: Parameters) => {
    if (!kept) return copyParameters(system.parameters);
    assignParameters(kept, system.parameters);
    return kept;
  };
  const end = (stoppedBy: TrainRecord["stoppedBy"]): TrainRecord => {
    if (best) assignParameters(system.parameters, best.parameters);
    return { epochs: records, bestEpoch: best?.epoch ?? records.length, stoppedBy };
  };

  for (; epoch <= epochs; epoch++, batch = 0, lossSum = 0) {
    const rate = sgd ? learningRateAfter(learningRate, sgd, records.map(({ devF1 }) => devF1)) : learningRate;
    if (rate === null) return end("learning rate");
    // A training that goes on in the middle of an epoch draws the epoch's order again.
    const atStart = order.state();
    const batches = batchesBy(order.shuffle);
    const notFinite = (what: string, batch: number) =>
      new NotFiniteError(
        what,
        { epoch, batch: batch + 1 },
        batches[batch]!.map((one) => sentences.indexOf(one)),
      );
    /** Between two steps: hands over the state; whether to stop. */
    const stops = async () => {
      const isStopped = signal?.aborted ?? false;
      const state = () => {
        const parts = { parameters: system.parameters, optimizer, random: [atStart, dropout.state()] };
        return trainingState(parts, courseState({ records, best, epoch, batch, lossSum }));
      };
      await checkpoint?.save(state, isStopped);
      return isStopped;
    };
    for (; batch < nBatches; batch++) {
      if (await stops()) return end("signal");
      const members = batches[batch]!;
      const { loss, gradients } = await system.lossAndGradients(members, dropout).catch((error) => {
        throw error instanceof OverflowError ? notFinite(error.what, batch) : error;
      });
      const norm = clipNorm === null ? 0 : clipGradients(gradients, clipNorm);
      if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
        const what = Number.isFinite(loss) ? `the norm of the gradients is ${norm}` : `the loss is ${loss}`;
        throw notFinite(what, batch);
      }
      optimizer.step(system.parameters, gradients, rate);
      // No loss after it would tell of the last step's: dev is scored, and the model stored.
      const spoilt = batch === nBatches - 1 && nameOfNotFinite(system.parameters);
      if (spoilt) throw notFinite(`"${spoilt}" has values that are not finite`, batch);
      lossSum += loss;
      const done = (epoch - 1) * perEpoch + batch + 1;
      onProgress?.({ stage, done, total, epoch, epochs, metrics: { loss: lossSum / (batch + 1) } });
    }
    const devF1 = await evaluate?.().catch((error) => {
      if (error instanceof OverflowError) {
        throw notFinite(`dev cannot be scored, ${error.what}`, nBatches - 1);
      }
      if (!signal?.aborted) throw error;
    });
    if (await stops()) return end("signal");
    const record: EpochRecord = { epoch, loss: lossSum / nBatches };
    records.push(record);
    if (devF1 === undefined) continue;
    record.devF1 = devF1;
    if (!best || devF1 > best.score) {
      best = { epoch, score: devF1, parameters: keep(best?.parameters) };
    }
    const metrics = { loss: record.loss, devF1, best: best.score };
    onProgress?.({ stage, done: epoch * perEpoch, total, epoch, epochs, metrics });
    if (patience && epoch - best.epoch >= patience) return end("patience");
  }
  return end("epochs");
}

/** Where a training is. */
interface Course {
  records: EpochRecord[];
  /** The best epoch so far. */
  best: { epoch: number; score: number; parameters: Parameters } | null;
  /** The epoch that is running, from 1. */
  epoch: number;
  /** How many of its batches are done, and the sum of their losses. */
  batch: number;
  lossSum: number;
}

/** What a state has besides parameters, optimiser and generators. */
function courseState({ best, ...course }: Course): TrainingState {
  return {
    tensors: best ? withPrefix("best", best.parameters) : {},
    values: { ...course, best: best && { epoch: best.epoch, score: best.score } },
  };
}

/** What `courseState` put into a state. */
function restoreCourse({ tensors, values }: TrainingState): Course {
  const { records, best, epoch, batch, lossSum } = values as unknown as Course;
  return {
    records: [...records],
    best: best && { ...best, parameters: withoutPrefix("best", tensors) },
    ...{ epoch, batch, lossSum },
  };
}
