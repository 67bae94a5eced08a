/** Running a training as the work of a stage, with its checkpoint and the signal that stops it. */
import type { TrainedModel } from "../../model/train_model.ts";
import { NotFiniteError } from "../../model/training/not_finite_error.ts";
import type { StepOptions } from "../../model/training_steps.ts";
import type { StageContext } from "./stage_context.ts";

/**
 * Runs a step of a training with its checkpoint.
 *
 * @param step Trains a model.
 * @throws The signal's reason when it stops the training; an error that names the last checkpoint if a loss is not
 * finite.
 */
export async function runTraining(
  { engine, label, report, signal, openCheckpoint }: StageContext,
  step: (options: StepOptions) => Promise<TrainedModel>,
): Promise<TrainedModel> {
  const checkpoint = await openCheckpoint();
  const options = { engine, stage: label, onProgress: report, signal, checkpoint };
  const trained = await step(options).catch((error) => {
    const { cause } = error as Error;
    if (!(cause instanceof NotFiniteError)) throw error;
    throw new Error(`${(error as Error).message}; ${checkpoint.describe()}`, { cause });
  });
  if (signal.aborted) trained.tagger.dispose();
  signal.throwIfAborted();
  return trained;
}
