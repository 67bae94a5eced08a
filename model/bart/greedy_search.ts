import { OverflowError } from "../weights/finite.ts";
import { checkMaxLengths, type ScoreNext, type SearchOptions } from "./sequence_search.ts";

/**
 * Writes sequences token by token, taking the token with the highest score each time, the first of equal ones.
 *
 * @param scoreNext Scores what may follow; one row a sequence.
 * @returns The tokens of each sequence.
 * @throws If a greatest length is below 1.
 *
 * @example
 * ```ts
 * import { greedySearch } from "@laner/laner";
 *
 * // After token t, t + 1 is likeliest; 3 is the end.
 * const scoreNext = ({ tokens }: { tokens: Int32Array }) =>
 *   Promise.resolve([...tokens].map((t) => [0, 1, 2, 3].map((next) => (next === t + 1 ? 1 : 0))));
 * console.log(await greedySearch(scoreNext, { start: 0, end: 3, maxLengths: [9, 2] })); // [[1, 2, 3], [1, 2]]
 * ```
 */
export async function greedySearch(
  scoreNext: ScoreNext,
  { start, end, maxLengths }: SearchOptions,
): Promise<number[][]> {
  checkMaxLengths(maxLengths);
  const written: number[][] = maxLengths.map(() => []);
  let sequences = maxLengths.map((_, i) => i);
  let parents = Int32Array.from(sequences);
  while (sequences.length > 0) {
    const tokens = Int32Array.from(sequences, (i) => written[i]!.at(-1) ?? start);
    const scores = await scoreNext({ sequences, parents, tokens });
    sequences.forEach((i, row) => written[i]!.push(argMax(scores[row]!)));
    const isOpen = (i: number) => written[i]!.at(-1) !== end && written[i]!.length < maxLengths[i]!;
    parents = Int32Array.from(sequences.flatMap((i, row) => (isOpen(i) ? [row] : [])));
    sequences = sequences.filter(isOpen);
  }
  return written;
}

function argMax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) {
      throw new OverflowError("the scores of tokens must be numbers, current value is NaN");
    }
    if (values[i]! > values[best]!) best = i;
  }
  return best;
}
