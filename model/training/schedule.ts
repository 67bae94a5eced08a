/** Learning-rate schedules: how the rate of a step follows from its place in the training. */
import type { TrainSettings } from "../settings/settings.ts";

/** The settings of a schedule. */
export type Schedule = Pick<TrainSettings, "schedule" | "warmup">;

/**
 * Returns the factor of the learning rate at a step, as the schedules of Hugging Face's transformers do
 * (`get_linear_schedule_with_warmup` and its siblings). With warm-up, the first step has the factor 0.
 *
 * @param step Counted from 0 over all epochs.
 * @param nSteps Steps of all epochs.
 * @returns A number from 0 to 1.
 */
export function scheduleFactor({ schedule, warmup }: Schedule, step: number, nSteps: number): number {
  const nRising = Math.ceil((warmup ?? 0) * nSteps);
  if (step < nRising) return step / nRising;
  if (schedule === null) return 1;
  const nFalling = Math.max(1, nSteps - nRising);
  if (schedule === "linear") return Math.max(0, (nSteps - step) / nFalling);
  return Math.max(0, (1 + Math.cos(Math.PI * (step - nRising) / nFalling)) / 2);
}
