/**
 * The loop that every training stands on: batch by batch through an epoch, with a checkpoint between two steps, at
 * which a signal stops it. What is done at an epoch's end is the training's own.
 */
import { OverflowError } from "../weights/finite.ts";
import { canUse } from "./loss_scaler.ts";
import { NotFiniteError } from "./not_finite_error.ts";
import type { Gradient } from "./optimizer.ts";
import type { Gradients } from "./parameter_store.ts";
import type { TrainingContext } from "./training_context.ts";
import { type TrainingCourse, type TrainingParts, trainingState } from "./training_state.ts";

/** A training, which is the same in all of its epochs. */
export interface Training extends TrainingParts {
  epochs: number;
  /** Batches in an epoch. */
  nBatches: number;
  /** Steps in an epoch as progress counts them: its batches, and what is done at its end if that is told, too. */
  nSteps: number;
  /** Greatest norm of all gradients together; null for any. */
  clipNorm: number | null;
  /** True if a norm that is not finite ends the training at once; otherwise the loss or the parameters show it later. */
  checksNorm: boolean;
  context: Omit<TrainingContext, "random"> & { stage: string };
}

/** The place of a training in its epoch. */
export interface EpochPosition {
  /** The number of batches that are done. */
  batch: number;
  /** Sum of their losses. */
  lossSum: number;
}

/** An epoch that has been drawn; batches are counted from 0. */
export interface Epoch {
  /** Counted from 1. */
  epoch: number;
  /** The place from which the epoch begins, or goes on; the loop moves it. */
  position: EpochPosition;
  /** Computes a batch's mean loss and gradients; null if there is nothing to learn from it. */
  lossAndGradients(batch: number): Promise<{ loss: number; gradients: Record<string, Gradient> } | null>;
  /** Tells which of the training's examples make up a batch. */
  membersOf(batch: number): readonly number[];
  /** Returns the learning rate of a step, counted from 0 over all epochs. */
  learningRate(step: number): number;
  /** Collects what a checkpoint needs besides parameters and optimiser. */
  course(): TrainingCourse;
}

/**
 * Runs the batches of an epoch that are not done yet. A step is passed over if its loss is scaled and its gradients are
 * not finite.
 *
 * @returns Whether the signal stopped it.
 * @throws `NotFiniteError` if a loss is not finite, or the norm of clipped gradients where it is checked; no step was
 * made with them; if gradients are not although the loss is not scaled; or if parameters are not after the last step.
 */
export async function runEpoch(training: Training, epoch: Epoch): Promise<boolean> {
  const { nBatches, parameters, store } = training;
  const { position } = epoch;
  for (; position.batch < nBatches; position.batch++) {
    if (await saveBetweenSteps(training, epoch)) return true;
    const loss = await takeStep(training, epoch);
    if (loss === null) continue;
    position.lossSum += loss;
    const done = position.batch + 1;
    tellProgress(training, epoch.epoch, done, { loss: position.lossSum / done });
  }
  // No loss after it would tell of the last step's: the model is scored, or stored.
  const spoilt = await store.nameOfNotFinite(parameters);
  if (spoilt !== undefined) {
    throw notFinite(epoch, nBatches - 1, `"${spoilt}" has values that are not finite`);
  }
  return false;
}

/** Hands the state to the checkpoint, and tells whether the signal stops the training here. */
export async function saveBetweenSteps(training: Training, epoch: Epoch): Promise<boolean> {
  const { signal, checkpoint } = training.context;
  const isStopped = signal?.aborted ?? false;
  await checkpoint?.save(() => trainingState(training, epoch.course()), isStopped);
  return isStopped;
}

/** Tells how many of an epoch's steps are done. */
export function tellProgress(
  { epochs, nSteps, context: { stage, onProgress } }: Training,
  epoch: number,
  stepsDone: number,
  metrics: Record<string, number>,
): void {
  onProgress?.({
    stage,
    done: (epoch - 1) * nSteps + stepsDone,
    total: epochs * nSteps,
    epoch,
    epochs,
    metrics,
  });
}

/** Makes the error of a batch after which a training cannot go on. */
export function notFinite({ epoch, membersOf }: Epoch, batch: number, what: string): NotFiniteError {
  return new NotFiniteError(what, { epoch, batch: batch + 1 }, membersOf(batch));
}

/** Changes the parameters by the gradients of the next batch, and returns its loss; null if there is none. */
async function takeStep(training: Training, epoch: Epoch): Promise<number | null> {
  const { batch } = epoch.position;
  const found = await epoch.lossAndGradients(batch).catch((error) => {
    throw error instanceof OverflowError ? notFinite(epoch, batch, error.what) : error;
  });
  if (found === null) return null;
  const { loss } = found;
  if (!Number.isFinite(loss)) throw notFinite(epoch, batch, `the loss is ${loss}`);
  await update(training, epoch, found.gradients);
  return loss;
}

async function update(training: Training, epoch: Epoch, found: Gradients): Promise<void> {
  const { parameters, optimizer, store, lossScaler, clipNorm, checksNorm, nBatches } = training;
  const { batch } = epoch.position;
  if (lossScaler && !await canUse(found, lossScaler, store)) {
    if (lossScaler.scale >= 1) return await optimizer.skip?.(parameters);
    throw notFinite(epoch, batch, "the gradients are not finite, though the loss is not scaled");
  }
  const { gradients, norm } = clipNorm === null
    ? { gradients: found, norm: 0 }
    : await store.clip(found, clipNorm);
  if (checksNorm && !Number.isFinite(norm)) {
    throw notFinite(epoch, batch, `the norm of the gradients is ${norm}`);
  }
  await optimizer.step(parameters, gradients, epoch.learningRate((epoch.epoch - 1) * nBatches + batch));
}
