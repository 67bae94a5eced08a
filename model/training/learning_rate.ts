/** Learning rates that change as a training goes on. */
import type { SgdSettings } from "../settings/settings.ts";

/** The rate below which annealing ends a training. */
export const LEAST_RATE = 1e-4;

/**
 * Returns the learning rate of a step that first rises linearly to the whole, and then falls to 0.
 *
 * @param peak The whole.
 * @param step Counted from 0.
 * @param nSteps All steps.
 * @param warmup Part of the steps over which it rises.
 */
export function linearRate(peak: number, step: number, nSteps: number, warmup: number): number {
  const rise = warmup * nSteps;
  return peak * (step < rise ? Math.min(1, (step + 1) / rise) : (nSteps - step) / (nSteps - rise));
}

/**
 * Returns the learning rate of the next epoch; null if the training is to stop.
 *
 * As PyTorch's ReduceLROnPlateau with factor 0.5 and threshold 0 counts: an epoch that is not better than the best is a
 * bad one, and after more than `patience` bad ones in a row the rate is halved and the count begins anew.
 *
 * @param start The rate to begin with.
 * @param scores Score on dev of each epoch so far; undefined where there is none.
 */
export function learningRateAfter(
  start: number,
  { decay, patience }: SgdSettings,
  scores: readonly (number | undefined)[],
): number | null {
  let rate = start / (1 + (decay ?? 0) * scores.length);
  if (patience === null) return rate;
  let best = -Infinity;
  let nBad = 0;
  for (const score of scores) {
    if (score !== undefined && score > best) [best, nBad] = [score, 0];
    else nBad++;
    if (nBad > patience) [rate, nBad] = [rate / 2, 0];
  }
  return rate < LEAST_RATE ? null : rate;
}
