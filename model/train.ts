/** The training loop: epochs over shuffled batches, the best epoch on dev, patience. */
import type { Random } from "../data/random.ts";
import { createAdam } from "./adam.ts";
import { assignParameters, copyParameters, type Parameters } from "./parameters.ts";
import type { Progress } from "./progress.ts";
import type { System, TaggedSentence } from "./system.ts";
import {
  restoreTraining,
  type TrainingCheckpoint,
  type TrainingState,
  trainingState,
  withoutPrefix,
  withPrefix,
} from "./training_state.ts";

/** How to train. The defaults are the paper's. */
export interface TrainOptions {
  /** Most epochs. */
  epochs?: number;
  /** Epochs without a better dev score after which to stop; 0 for never. */
  patience?: number;
  batchSize?: number;
  learningRate?: number;
  /** Shuffles sentences and draws dropout; the same seed gives the same losses. */
  random: Random;
  /** Scores the system after an epoch, higher is better; without it the last epoch is kept. */
  evaluate?: () => Promise<number>;
  /** What is being trained, for `onProgress`. */
  stage?: string;
  onProgress?: Progress;
  /** Stops after the batch that is running; the best epoch so far is kept. */
  signal?: AbortSignal;
  /** Makes a training that was stopped go on exactly as if it had not been. */
  checkpoint?: TrainingCheckpoint;
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
  stoppedBy: "epochs" | "patience" | "signal";
}

/**
 * Trains a system in place, with a fresh Adam.
 *
 * @param sentences Training sentences; their order is shuffled anew each epoch.
 * @returns The course; the system's parameters are those of the best epoch on dev.
 * @throws If there is no sentence, or a loss is not finite.
 */
export async function train(
  system: System,
  sentences: readonly TaggedSentence[],
  options: TrainOptions,
): Promise<TrainRecord> {
  const { epochs = 100, patience = 0, batchSize = 16, learningRate = 5e-5, random, evaluate, signal } =
    options;
  if (sentences.length === 0) throw new Error("Cannot train: there are no training sentences");
  const { stage = "train", onProgress, checkpoint } = options;
  const adam = createAdam({ learningRate });
  let order = random.fork("order"), dropout = random.fork("dropout");
  const nBatches = Math.ceil(sentences.length / batchSize);
  // Scoring dev counts as a step of its own.
  const perEpoch = nBatches + (evaluate ? 1 : 0), total = epochs * perEpoch;
  let records: EpochRecord[] = [];
  // The kept copy is overwritten by a better one, so that there is never more than one.
  const keep = (kept?: Parameters) => {
    if (!kept) return copyParameters(system.parameters);
    assignParameters(kept, system.parameters);
    return kept;
  };
  let best: Best | null = null;
  let stoppedBy: TrainRecord["stoppedBy"] = "epochs";
  if (checkpoint?.resume) {
    [order, dropout] = restoreTraining(checkpoint.resume, { parameters: system.parameters, adam });
    ({ records, best } = restoreCourse(checkpoint.resume));
  }

  for (let epoch = records.length + 1; epoch <= epochs; epoch++) {
    const shuffled = order.shuffle([...sentences]);
    let sum = 0;
    for (let batch = 0; batch < nBatches && !signal?.aborted; batch++) {
      const members = shuffled.slice(batch * batchSize, (batch + 1) * batchSize);
      const { loss, gradients } = await system.lossAndGradients(members, dropout);
      // Before the step, so that whoever catches this has the parameters from before it.
      if (!Number.isFinite(loss)) {
        throw new Error(`Cannot go on training at epoch ${epoch}, batch ${batch + 1}: the loss is ${loss}`);
      }
      adam.step(system.parameters, gradients);
      sum += loss;
      const done = (epoch - 1) * perEpoch + batch + 1;
      onProgress?.({ stage, done, total, epoch, epochs, metrics: { loss: sum / (batch + 1) } });
    }
    if (signal?.aborted) {
      stoppedBy = "signal";
      break;
    }
    const record: EpochRecord = { epoch, loss: sum / nBatches };
    records.push(record);
    if (evaluate) {
      record.devF1 = await evaluate();
      if (!best || record.devF1 > best.score) {
        best = { epoch, score: record.devF1, parameters: keep(best?.parameters) };
      }
      const metrics = { loss: record.loss, devF1: record.devF1, best: best.score };
      onProgress?.({ stage, done: epoch * perEpoch, total, epoch, epochs, metrics });
      if (patience > 0 && epoch - best.epoch >= patience) {
        stoppedBy = "patience";
        break;
      }
    }
    if (epoch < epochs) {
      const parts = { parameters: system.parameters, adam, random: [order, dropout] };
      await checkpoint?.save(() => trainingState(parts, courseOf(records, best)));
    }
  }
  if (best) assignParameters(system.parameters, best.parameters);
  return { epochs: records, bestEpoch: best?.epoch ?? records.length, stoppedBy };
}

/** The best epoch so far. */
interface Best {
  epoch: number;
  score: number;
  parameters: Parameters;
}

/** What a state has besides parameters, optimiser and generators. */
function courseOf(records: readonly EpochRecord[], best: Best | null): TrainingState {
  return {
    tensors: best ? withPrefix("best", best.parameters) : {},
    values: { records, best: best && { epoch: best.epoch, score: best.score } },
  };
}

/** What `courseOf` put into a state. */
function restoreCourse({ tensors, values }: TrainingState): { records: EpochRecord[]; best: Best | null } {
  const best = values.best as Omit<Best, "parameters"> | null;
  return {
    records: [...values.records as EpochRecord[]],
    best: best && { ...best, parameters: withoutPrefix("best", tensors) },
  };
}
