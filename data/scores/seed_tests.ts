/** Scores over several seeds: mean, deviation, and a test between two systems. */
import jstat from "npm:jstat@1.9.6";

/**
 * Computes mean and sample standard deviation (over n − 1); the latter is null for one value.
 *
 * @param values one a seed
 * @throws if there are no values
 *
 * @example
 * ```ts
 * import { meanAndStd } from "@laner/laner";
 *
 * console.log(meanAndStd([1, 2, 3])); // { mean: 2, std: 1 }
 * ```
 */
export function meanAndStd(values: readonly number[]): { mean: number; std: number | null } {
  if (values.length === 0) {
    throw new Error("Cannot average scores: there must be one, current value is 0 scores");
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, std: null };
  return { mean, std: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1)) };
}

/** The result of a paired t test. */
export interface PairedTTest {
  /** Mean of the first's values minus the second's. */
  difference: number;
  /** Lower end of the 95 % confidence interval of the difference. */
  low: number;
  /** Upper end of the interval. */
  high: number;
  /** The mean divided by its standard error. */
  t: number;
  /** The number of pairs less one. */
  degreesOfFreedom: number;
  /** Two-sided p value. */
  pValue: number;
}

/**
 * Applies Student's paired t test to scores of two systems that were trained with the same seeds.
 *
 * With three seeds it has little power: the mean difference must be 4.3 times its standard error for p < 0.05. If all
 * differences are equal, t is infinite and p is 0, or, if they are 0, t is 0 and p is 1.
 *
 * @param a scores of the first system, one a seed
 * @param b scores of the second with the same seeds in the same order
 * @throws if the two differ in number, there are fewer than three, or one is not a finite number
 *
 * @example
 * ```ts
 * import { pairedTTest } from "@laner/laner";
 *
 * console.log(pairedTTest([57.1, 55.9, 57.4], [52.1, 52.6, 54.7]).pValue < 0.05); // true
 * ```
 */
export function pairedTTest(a: readonly number[], b: readonly number[]): PairedTTest {
  if (a.length !== b.length || a.length < 3) {
    throw new Error(
      `Cannot compare seeds: three or more scores of each system must pair, current value is ` +
        `${a.length} and ${b.length} scores`,
    );
  }
  if (![...a, ...b].every(Number.isFinite)) {
    throw new Error(
      `Cannot compare seeds: scores must be finite numbers, current value is ${a.join()} and ${b.join()}`,
    );
  }
  const n = a.length;
  const degreesOfFreedom = n - 1;
  const { mean, std } = meanAndStd(a.map((value, i) => value - b[i]!));
  const error = std! / Math.sqrt(n);
  const t = mean === 0 ? 0 : mean / error;
  const margin = jstat.studentt.inv(0.975, degreesOfFreedom) * error;
  return {
    difference: mean,
    low: mean - margin,
    high: mean + margin,
    t,
    degreesOfFreedom,
    pValue: twoSided(t, degreesOfFreedom),
  };
}

/** Computes the probability of a t at least as far from 0. */
function twoSided(t: number, degreesOfFreedom: number): number {
  // The library gives NaN for an infinite t, and for one near 0 a p that is off by 1e-8 in either direction.
  if (!Number.isFinite(t)) return 0;
  return t === 0 ? 1 : Math.min(1, 2 * jstat.studentt.cdf(-Math.abs(t), degreesOfFreedom));
}
