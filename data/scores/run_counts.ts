/** Sentence counts of two systems' runs, checked and laid side by side for tests that resample them. */
import { f1OfCounts } from "./scores.ts";
import type { SentenceCounts } from "./sentence_counts.ts";

/** The runs of one system: one list a seed, with the counts of every test sentence. */
export type RunCounts = readonly (readonly SentenceCounts[])[];

/** The counts of some runs, sentence by sentence. */
export interface PackedCounts {
  nSentences: number;
  /** nGold, nFound and nCorrect of each run. float64 [nSentences, width] */
  counts: Float64Array;
  /** 3 times the number of runs. */
  width: number;
}

/** The counts of two systems' runs, the first system's before the second's. */
export interface PackedRuns extends PackedCounts {
  /** Runs of the first system and of the second. */
  nFirst: number;
  nSecond: number;
}

/**
 * Lays the counts of runs side by side.
 *
 * @param runs one or more
 * @throws if there is no run or no sentence, naming the sentence (from 1) if a run lacks it, has other gold entities
 * in it, or counts that cannot be
 */
export function packCounts(runs: RunCounts): PackedCounts {
  const lengths = runs.map(({ length }) => length);
  const nSentences = lengths[0] ?? 0;
  if (nSentences === 0 || lengths.some((n) => n !== nSentences)) {
    throw new Error(
      `Cannot compare runs: there must be one, all of the same sentences, current value is ` +
        `${runs.length} runs of ${lengths.join(", ") || "no"} sentences`,
    );
  }
  const width = 3 * runs.length;
  const counts = new Float64Array(nSentences * width);
  runs.forEach((run, k) =>
    run.forEach(({ nGold, nFound, nCorrect }, i) => {
      checkCounts(nGold, nFound, nCorrect, i);
      if (nGold !== runs[0]![i]!.nGold) {
        throw new Error(
          `Cannot compare runs at sentence ${i + 1}: all must have the same gold entities, ` +
            `current value is ${runs[0]![i]!.nGold} and ${nGold}`,
        );
      }
      counts.set([nGold, nFound, nCorrect], i * width + 3 * k);
    })
  );
  return { nSentences, counts, width };
}

/**
 * Lays the counts of two systems' runs side by side.
 *
 * @param a runs of the first system, one or more
 * @param b runs of the second, one or more
 * @throws if a system has no run, and as `packCounts` does
 */
export function packRuns(a: RunCounts, b: RunCounts): PackedRuns {
  if (a.length === 0 || b.length === 0) {
    throw new Error(
      `Cannot compare runs: each system must have one, current value is ${a.length} and ${b.length} runs`,
    );
  }
  return { ...packCounts([...a, ...b]), nFirst: a.length, nSecond: b.length };
}

/** Sums the counts over all sentences. float64 [width] */
export function sumOfSentences({ counts, width }: PackedCounts): Float64Array {
  const sums = new Float64Array(width);
  for (let j = 0; j < counts.length; j++) sums[j % width]! += counts[j]!;
  return sums;
}

/** Computes the first system's F1 minus the second's, each the mean over its runs. */
export function differenceOfSums({ nFirst, nSecond }: PackedRuns, sums: Float64Array): number {
  return meanF1(sums, 0, nFirst) - meanF1(sums, 3 * nFirst, nSecond);
}

function meanF1(sums: Float64Array, from: number, nRuns: number): number {
  let total = 0;
  for (let c = from; c < from + 3 * nRuns; c += 3) total += f1OfCounts(sums[c]!, sums[c + 1]!, sums[c + 2]!);
  return total / nRuns;
}

function checkCounts(nGold: number, nFound: number, nCorrect: number, i: number): void {
  const areCounts = [nGold, nFound, nCorrect].every((n) => Number.isInteger(n) && n >= 0);
  if (areCounts && nCorrect <= Math.min(nGold, nFound)) return;
  throw new Error(
    `Cannot compare runs at sentence ${
      i + 1
    }: no more entities can be correct than are gold and than were found, ` +
      `current value is ${nGold} gold, ${nFound} found, ${nCorrect} correct`,
  );
}
