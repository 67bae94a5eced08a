/** The training loop: epochs over shuffled batches, the best epoch on dev, patience. */
import { batchesOf, type Batching, inBatches } from "../../data/batches/domain_batches.ts";
import { defaultsOf } from "../settings/defaults.ts";
import type { TrainSettings } from "../settings/settings.ts";
import { TRAIN } from "../settings/training_keys.ts";
import { OverflowError } from "../weights/finite.ts";
import { lossAndGradientsOf } from "./accumulate.ts";
import { learningRateAfter } from "./learning_rate.ts";
import type { LossScaler } from "./loss_scaler.ts";
import type { ParameterStore } from "./parameter_store.ts";
import { withParameterStore } from "./place_parameters.ts";
import { scheduleFactor } from "./schedule.ts";
import type { System, TaggedSentence } from "./system.ts";
import { better, type EpochRecord, newCourse, restoreCourse, savedCourse } from "./train_course.ts";
import type { TrainingContext } from "./training_context.ts";
import { type Epoch, notFinite, runEpoch, saveBetweenSteps, tellProgress } from "./training_loop.ts";
import { trainingOptimizer } from "./training_optimizer.ts";

/**
 * Settings and context of a training; the defaults are those of `train` in an experiment. The precision is that of the
 * system's engine (`mixedEngine`).
 */
export interface TrainOptions extends TrainingContext, Partial<Omit<TrainSettings, "precision">> {
  /** The way in which sentences of two domains are put into batches. Default: mixed. */
  batching?: Batching | undefined;
  /** Tells which parameters are an encoder's, for `headRate` and `layerDecay`. Default: none. */
  isOfEncoder?: (parameter: string) => boolean;
  /** The scaler of the losses, which the system's engine has too, in float16. Default: none. */
  lossScaler?: LossScaler | undefined;
  /**
   * Scores the system after an epoch, higher is better; may throw when the signal says stop. Without it the last epoch
   * is kept.
   */
  evaluate?: (() => Promise<number>) | undefined;
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
 * @throws If there is no sentence, or `rDrop` is set for a system that compares no passes; `NotFiniteError` if a loss
 * is not finite, with the parameters as they were before, or if these are not at the end of an epoch, or overflow on dev.
 */
export async function train(
  system: System,
  sentences: readonly TaggedSentence[],
  options: TrainOptions,
): Promise<TrainRecord> {
  if (sentences.length === 0) throw new Error("Cannot train: there are no training sentences");
  const { rDrop } = options;
  if (rDrop && !system.comparesPasses) {
    throw new Error(
      `Cannot train with "rDrop": the system must compare two passes word by word, current value is ${rDrop}`,
    );
  }
  await system.prepare?.(sentences);
  return await withParameterStore(system, (store) => trainIn(store, system, sentences, options));
}

/** Trains a system whose parameters are kept in a store. */
async function trainIn(
  store: ParameterStore,
  system: System,
  sentences: readonly TaggedSentence[],
  options: TrainOptions,
): Promise<TrainRecord> {
  const settings = { ...defaultsOf(TRAIN), ...options };
  const rDrop = settings.rDrop ?? undefined;
  const { epochs, patience, batchSize, accumulate, learningRate, clipNorm, sgd, keep } = settings;
  const { batching = "mixed", isOfEncoder = () => false, evaluate, signal, stage = "train" } = options;
  const { parameters } = system;
  /** The batches of each step. */
  const batchesBy = (shuffle: (some: TaggedSentence[]) => TaggedSentence[]) =>
    inBatches(batchesOf(sentences, batching, batchSize, shuffle), accumulate ?? 1);
  const nBatches = batchesBy((some) => some).length;
  const optimizer = trainingOptimizer(store, parameters, settings, nBatches, isOfEncoder);
  // Scoring dev counts as a step of its own.
  const nSteps = nBatches + (evaluate ? 1 : 0);
  const context = { ...options, stage };
  const training = {
    parameters,
    optimizer,
    store,
    lossScaler: options.lossScaler,
    epochs,
    nBatches,
    nSteps,
    clipNorm,
    checksNorm: true,
    context,
  };
  const resume = options.checkpoint?.resume;
  const { random, ...course } = resume ? await restoreCourse(resume, training) : newCourse(options.random);
  const [order, dropout] = random;
  const { records } = course;
  /** Does something while the parameters have the values of their average, if there is one. */
  const onAverage = async <T>(work: () => T | Promise<T>): Promise<T> => {
    optimizer.exchange(parameters);
    try {
      return await work();
    } finally {
      optimizer.exchange(parameters);
    }
  };
  // Of a training that keeps the last epoch, no parameters are copied: it has them at its end.
  const copied = keep === "last" ? {} : parameters;
  const end = async (stoppedBy: TrainRecord["stoppedBy"]): Promise<TrainRecord> => {
    const best = keep === "last" ? null : course.best;
    if (best) await store.assign(parameters, best.parameters);
    else optimizer.exchange(parameters);
    if (course.best) store.release(course.best.parameters);
    return { epochs: records, bestEpoch: best?.epoch ?? records.length, stoppedBy };
  };

  for (; course.epoch <= epochs; course.epoch++, course.batch = 0, course.lossSum = 0) {
    const rate = sgd ? learningRateAfter(learningRate, sgd, records.map(({ devF1 }) => devF1)) : learningRate;
    if (rate === null) return await end("learning rate");
    // A training that goes on in the middle of an epoch draws the epoch's order again.
    const atStart = order.state();
    const batches = batchesBy(order.shuffle);
    const epoch: Epoch = {
      epoch: course.epoch,
      position: course,
      lossAndGradients: (batch) => lossAndGradientsOf(store, system, batches[batch]!, dropout, rDrop),
      membersOf: (batch) => batches[batch]!.flat().map((one) => sentences.indexOf(one)),
      learningRate: (step) => rate * scheduleFactor(settings, step, epochs * nBatches),
      course: () => ({ random: [atStart, dropout.state()], ...savedCourse(course) }),
    };
    if (await runEpoch(training, epoch)) return await end("signal");
    const devF1 = evaluate && await onAverage(evaluate).catch((error) => {
      if (error instanceof OverflowError) {
        throw notFinite(epoch, nBatches - 1, `dev cannot be scored, ${error.what}`);
      }
      if (!signal?.aborted) throw error;
    });
    if (await saveBetweenSteps(training, epoch)) return await end("signal");
    const record: EpochRecord = { epoch: course.epoch, loss: course.lossSum / nBatches };
    records.push(record);
    if (devF1 === undefined) continue;
    record.devF1 = devF1;
    const best = course.best = await onAverage(() => better(store, course.best, course.epoch, devF1, copied));
    tellProgress(training, course.epoch, nSteps, { loss: record.loss, devF1, best: best.score });
    if (patience && course.epoch - best.epoch >= patience) return await end("patience");
  }
  return await end("epochs");
}
