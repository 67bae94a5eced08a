/**
 * Tests of whether one system is better than another on the same test sentences: paired bootstrap and approximate
 * randomisation.
 */
import type { Random } from "../random.ts";
import { differenceOfSums, packCounts, packRuns, type RunCounts, sumOfSentences } from "./run_counts.ts";
import { f1OfCounts } from "./scores.ts";

export type { RunCounts } from "./run_counts.ts";
export { type SentenceCounts, sentenceCounts } from "./sentence_counts.ts";

/** The comparison of two systems. */
export interface Comparison {
  /** F1 of the first minus F1 of the second, as a fraction; the mean F1 where there are several runs. */
  difference: number;
  /** Two-sided p value. */
  pValue: number;
  nResamples: number;
}

/** The comparison of two systems, with a confidence interval of the difference. */
export interface BootstrapComparison extends Comparison {
  low: number;
  high: number;
}

/** Options of both tests. */
export interface ResamplingOptions {
  /** The generator that draws sentences; each test takes numbers from it. */
  random: Random;
  /** Number of resamples. Default: 10,000. */
  nResamples?: number;
}

/**
 * Computes the F1 of runs on resamples of their test sentences, drawn with replacement, the same for all runs.
 *
 * @param runs counts of every sentence, a list a run
 * @returns for each run float64 [nResamples]
 * @throws if there is no run, the runs differ in their sentences, or an option is out of range
 */
export function resampledF1(
  runs: RunCounts,
  { random, nResamples = 10_000 }: ResamplingOptions,
): Float64Array[] {
  checkResamples(nResamples);
  const { nSentences, counts, width } = packCounts(runs);
  const scores = runs.map(() => new Float64Array(nResamples));
  const sums = new Float64Array(width);
  for (let r = 0; r < nResamples; r++) {
    sums.fill(0);
    for (let i = 0; i < nSentences; i++) {
      const row = width * random.integer(nSentences);
      for (let c = 0; c < width; c++) sums[c]! += counts[row + c]!;
    }
    scores.forEach((f1, k) => f1[r] = f1OfCounts(sums[3 * k]!, sums[3 * k + 1]!, sums[3 * k + 2]!));
  }
  return scores;
}

/** Options of {@link pairedBootstrap}. */
export interface BootstrapOptions extends ResamplingOptions {
  /** Share of the resamples that the interval contains. Default: 0.95. */
  confidence?: number;
  /**
   * Computes the F1 of runs on resamples; replace it to reuse those of a run that is compared with several others.
   * Default: {@link resampledF1}.
   */
  resample?: (runs: RunCounts) => readonly Float64Array[];
}

/**
 * Compares two systems by a paired bootstrap over test sentences (Efron and Tibshirani 1993; Koehn 2004;
 * Berg-Kirkpatrick et al. 2012).
 *
 * Sentences are drawn with replacement, the same for all runs of both systems. The p value is (count + 1) / (nResamples
 * + 1), where count is the number of resamples whose difference is at least as far from the observed one as the
 * observed one is from 0. The interval lies between percentiles, interpolated linearly.
 *
 * @param a runs of the first system, one list of sentence counts a seed
 * @param b runs of the second, on the same sentences; their number may differ
 * @throws if there is no run, the runs differ in their sentences, or an option is out of range
 *
 * @example
 * ```ts
 * import { createRandom, pairedBootstrap, sentenceCounts } from "@laner/laner";
 *
 * const gold = [["B-task"], ["B-task"], ["O"], ["B-task"]];
 * const a = sentenceCounts(gold, gold), b = sentenceCounts(gold, [["O"], ["B-task"], ["O"], ["O"]]);
 * const { difference, pValue } = pairedBootstrap([a], [b], { random: createRandom(1) });
 * console.log(difference, pValue > 0.05); // 0.5 true
 * ```
 */
export function pairedBootstrap(a: RunCounts, b: RunCounts, options: BootstrapOptions): BootstrapComparison {
  const { random, nResamples = 10_000, confidence = 0.95 } = options;
  checkResamples(nResamples);
  if (!(confidence > 0 && confidence < 1)) {
    throw new Error(
      `Cannot compare runs: confidence must lie between 0 and 1, current value is ${confidence}`,
    );
  }
  const runs = packRuns(a, b);
  const difference = differenceOfSums(runs, sumOfSentences(runs));
  const { resample = (runs) => resampledF1(runs, { random, nResamples }) } = options;
  const scores = resample([...a, ...b]);
  const first = scores.slice(0, a.length);
  const second = scores.slice(a.length);
  const differences = Float64Array.from(
    { length: nResamples },
    (_, r) => meanAt(first, r) - meanAt(second, r),
  );
  const nAsFar = differences.filter((resampled) => isAsFar(resampled - difference, difference)).length;
  differences.sort();
  const tail = (1 - confidence) / 2;
  const [low, high] = [quantile(differences, tail), quantile(differences, 1 - tail)];
  return { difference, pValue: (nAsFar + 1) / (nResamples + 1), low, high, nResamples };
}

function meanAt(arrays: readonly Float64Array[], place: number): number {
  return arrays.reduce((sum, values) => sum + values[place]!, 0) / arrays.length;
}

/**
 * Compares two systems by approximate randomisation (Noreen 1989; Yeh 2000): if they were alike, their outputs for a
 * sentence could be swapped.
 *
 * In each resample the outputs of every sentence are swapped or not, at random, separately in each pair of runs. The p
 * value is (count + 1) / (nResamples + 1), where count is the number of resamples whose difference is at least as large
 * as the observed one. Pairs of runs count as independent; use `pairedTTest` to learn whether other seeds would show
 * the same.
 *
 * @param a runs of the first system, one list of sentence counts a seed
 * @param b runs of the second, equally many; run k of both is a pair (the same seed)
 * @throws if the runs differ in their sentences, the systems differ in their number of runs, or an option is out of
 * range
 *
 * @example
 * ```ts
 * import { approximateRandomisation, createRandom, sentenceCounts } from "@laner/laner";
 *
 * const gold = [["B-task"], ["B-task"]], a = sentenceCounts(gold, gold);
 * console.log(approximateRandomisation([a], [a], { random: createRandom(1) }).pValue); // 1
 * ```
 */
export function approximateRandomisation(a: RunCounts, b: RunCounts, options: ResamplingOptions): Comparison {
  const { random, nResamples = 10_000 } = options;
  checkResamples(nResamples);
  const runs = packRuns(a, b);
  const { nSentences, nFirst, nSecond, counts, width } = runs;
  if (nFirst !== nSecond) {
    throw new Error(
      `Cannot compare runs: both systems must have as many, current value is ${nFirst} and ${nSecond}`,
    );
  }
  const totals = sumOfSentences(runs);
  const sums = new Float64Array(width);
  const half = 3 * nFirst;
  const difference = differenceOfSums(runs, totals);
  let nAsFar = 0;
  for (let r = 0; r < nResamples; r++) {
    sums.set(totals);
    for (let run = 0; run < half; run += 3) {
      let bits = 0;
      for (let i = 0; i < nSentences; i++, bits >>>= 1) {
        if (i % 32 === 0) bits = random.uint32();
        if ((bits & 1) === 0) continue;
        const row = width * i;
        for (let c = run; c < run + 3; c++) {
          const gain = counts[row + half + c]! - counts[row + c]!;
          sums[c]! += gain;
          sums[half + c]! -= gain;
        }
      }
    }
    if (isAsFar(differenceOfSums(runs, sums), difference)) nAsFar++;
  }
  return { difference, pValue: (nAsFar + 1) / (nResamples + 1), nResamples };
}

/** Tells whether a difference is at least as far from 0 as another; rounding must not decide between equal ones. */
function isAsFar(difference: number, observed: number): boolean {
  return Math.abs(difference) >= Math.abs(observed) - 1e-12;
}

/** Returns the value below which a share of the sorted values lies, interpolated linearly as NumPy does by default. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const value = sorted[below]!;
  const next = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return value + (place - below) * (next - value);
}

function checkResamples(nResamples: number): void {
  if (Number.isInteger(nResamples) && nResamples >= 1) return;
  throw new Error(
    `Cannot compare runs: nResamples must be an integer from 1 up, current value is ${nResamples}`,
  );
}
