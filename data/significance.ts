/** Whether one system is better than another on the same test sentences: paired bootstrap, approximate randomisation. */
import type { Random } from "./random.ts";
import { type TagReadingOptions, tagsToSpans } from "./tag_scheme.ts";

/** What F1 is made of, in one sentence. */
export interface SentenceCounts {
  nGold: number;
  nFound: number;
  nCorrect: number;
}

/** How two systems compare. */
export interface Comparison {
  /** F1 of the first minus F1 of the second, as a fraction; with several runs of each, of the mean F1. */
  difference: number;
  /** Two-sided. */
  pValue: number;
  nResamples: number;
}

/** How two systems compare, with an interval for the difference. */
export interface BootstrapComparison extends Comparison {
  low: number;
  high: number;
}

/** Options of both tests. */
export interface ResamplingOptions {
  random: Random;
  /** Default 10,000. */
  nResamples?: number;
}

/** The runs of one system: the counts of every test sentence, a list a seed. */
export type RunCounts = readonly (readonly SentenceCounts[])[];

/**
 * Counts entities sentence by sentence; the sums are those of `scoreSpans`.
 *
 * @param gold Tags of each sentence.
 * @param predicted Tags of the same sentences.
 * @throws If there are not as many sentences in both, or a tag is unknown.
 */
export function sentenceCounts(
  gold: readonly (readonly string[])[],
  predicted: readonly (readonly string[])[],
  options: TagReadingOptions = {},
): SentenceCounts[] {
  if (gold.length !== predicted.length) {
    throw new Error(
      `Cannot count entities: gold and predicted must have the same sentences, ` +
        `current value is ${gold.length} and ${predicted.length} sentences`,
    );
  }
  const keysOf = (tags: readonly string[]) =>
    new Set(tagsToSpans(tags, options).map(({ start, end, entityType }) => `${start},${end},${entityType}`));
  return gold.map((tags, i) => {
    const goldKeys = keysOf(tags), foundKeys = keysOf(predicted[i]);
    return {
      nGold: goldKeys.size,
      nFound: foundKeys.size,
      nCorrect: foundKeys.intersection(goldKeys).size,
    };
  });
}

/**
 * Paired bootstrap over test sentences (Efron and Tibshirani 1993; Berg-Kirkpatrick et al. 2012): sentences are drawn
 * with replacement, the same for all runs of both systems. The p value is the share of resamples whose difference is
 * at least as far from the observed one as that is from 0; the interval is that of the percentiles.
 *
 * @param a Runs of the first system.
 * @param b Runs of the second, on the same sentences; not necessarily as many.
 * @param options `confidence` of the interval, default 0.95.
 * @throws If a run has other sentences than the rest, or there is none.
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
export function pairedBootstrap(
  a: RunCounts,
  b: RunCounts,
  options: ResamplingOptions & { confidence?: number },
): BootstrapComparison {
  const { random, nResamples = 10_000, confidence = 0.95 } = options;
  const nSentences = checkRuns(a, b), [first, second] = [a.map(asArray), b.map(asArray)];
  const difference = meanF1(first.map(sumOfAll)) - meanF1(second.map(sumOfAll));
  const drawn = new Int32Array(nSentences), differences = new Float64Array(nResamples);
  const sums = { first: first.map(() => new Float64Array(3)), second: second.map(() => new Float64Array(3)) };
  let asFar = 0;
  for (let r = 0; r < nResamples; r++) {
    for (let i = 0; i < nSentences; i++) drawn[i] = 3 * random.integer(nSentences);
    first.forEach((counts, k) => sumOfDrawn(counts, drawn, sums.first[k]));
    second.forEach((counts, k) => sumOfDrawn(counts, drawn, sums.second[k]));
    differences[r] = meanF1(sums.first) - meanF1(sums.second);
    if (isAsFar(differences[r] - difference, difference)) asFar++;
  }
  differences.sort();
  const percentile = (share: number) => differences[Math.min(nResamples - 1, Math.floor(share * nResamples))];
  const tail = (1 - confidence) / 2;
  return {
    difference,
    pValue: (asFar + 1) / (nResamples + 1),
    low: percentile(tail),
    high: percentile(1 - tail),
    nResamples,
  };
}

/**
 * Approximate randomisation (Noreen 1989; Yeh 2000): were the systems alike, their outputs for a sentence could be
 * swapped. The p value is the share of random swappings, the real outputs among them, whose difference is at least as
 * large as the observed one.
 *
 * @param a Runs of the first system.
 * @param b Runs of the second, as many; run k of both is a pair (the same seed).
 * @throws If a run has other sentences than the rest, or the systems do not have as many runs.
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
  const nSentences = checkRuns(a, b);
  if (a.length !== b.length) {
    throw new Error(
      `Cannot compare runs: both systems must have as many, current value is ${a.length} and ${b.length}`,
    );
  }
  const [first, second] = [a.map(asArray), b.map(asArray)];
  const totals = { first: first.map(sumOfAll), second: second.map(sumOfAll) };
  const difference = meanF1(totals.first) - meanF1(totals.second);
  const sums = { first: first.map(() => new Float64Array(3)), second: second.map(() => new Float64Array(3)) };
  let asFar = 0;
  for (let r = 0; r < nResamples; r++) {
    for (let k = 0; k < first.length; k++) {
      const [x, y, one, other] = [first[k], second[k], sums.first[k], sums.second[k]];
      one.set(totals.first[k]);
      other.set(totals.second[k]);
      let bits = 0;
      for (let i = 0; i < nSentences; i++, bits >>>= 1) {
        if (i % 32 === 0) bits = random.uint32();
        if ((bits & 1) === 0) continue;
        for (let c = 3 * i; c < 3 * i + 3; c++) {
          one[c - 3 * i] += y[c] - x[c];
          other[c - 3 * i] += x[c] - y[c];
        }
      }
    }
    if (isAsFar(meanF1(sums.first) - meanF1(sums.second), difference)) asFar++;
  }
  return { difference, pValue: (asFar + 1) / (nResamples + 1), nResamples };
}

/** F1 from counts, 0 where there is nothing to find and nothing was found. */
export function f1OfCounts({ nGold, nFound, nCorrect }: SentenceCounts): number {
  return nGold + nFound === 0 ? 0 : 2 * nCorrect / (nGold + nFound);
}

/** Whether a difference is at least as far from 0 as another; rounding must not decide about equal ones. */
function isAsFar(difference: number, observed: number): boolean {
  return Math.abs(difference) >= Math.abs(observed) - 1e-12;
}

/** [nGold, nFound, nCorrect] of each sentence, one after another. */
function asArray(counts: readonly SentenceCounts[]): Float64Array {
  return Float64Array.from(counts.flatMap(({ nGold, nFound, nCorrect }) => [nGold, nFound, nCorrect]));
}

function sumOfAll(counts: Float64Array): Float64Array {
  const sum = new Float64Array(3);
  for (let i = 0; i < counts.length; i++) sum[i % 3] += counts[i];
  return sum;
}

/** Sums the counts at places of `drawn` into `sum`. */
function sumOfDrawn(counts: Float64Array, drawn: Int32Array, sum: Float64Array): void {
  let nGold = 0, nFound = 0, nCorrect = 0;
  for (let i = 0; i < drawn.length; i++) {
    nGold += counts[drawn[i]];
    nFound += counts[drawn[i] + 1];
    nCorrect += counts[drawn[i] + 2];
  }
  sum[0] = nGold;
  sum[1] = nFound;
  sum[2] = nCorrect;
}

function meanF1(sums: readonly Float64Array[]): number {
  let total = 0;
  for (const [nGold, nFound, nCorrect] of sums) total += f1OfCounts({ nGold, nFound, nCorrect });
  return total / sums.length;
}

/** The number of sentences, which all runs must have. */
function checkRuns(a: RunCounts, b: RunCounts): number {
  const lengths = [...a, ...b].map(({ length }) => length);
  if (a.length === 0 || b.length === 0 || lengths[0] === 0 || lengths.some((n) => n !== lengths[0])) {
    throw new Error(
      `Cannot compare runs: each system must have one, all of the same sentences, current value is ` +
        `${a.length} and ${b.length} runs of ${lengths.join(", ") || "no"} sentences`,
    );
  }
  const goldOf = (run: readonly SentenceCounts[]) => run.map(({ nGold }) => nGold).join();
  if ([...a, ...b].some((run) => goldOf(run) !== goldOf(a[0]))) {
    throw new Error("Cannot compare runs: their sentences must have the same gold entities");
  }
  return lengths[0];
}
