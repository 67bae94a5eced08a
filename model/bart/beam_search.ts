import { checkMaxLengths, logProbabilities, type ScoreNext, type SearchOptions } from "./sequence_search.ts";

/** Settings of a search by beams. */
export interface BeamSearchOptions extends SearchOptions {
  /** K, how many sequences are written side by side; from 1. */
  beamSize: number;
  /** Log probabilities are divided by length to this power: above 0 long sequences gain. 1 unless told. */
  lengthPenalty?: number | undefined;
}

/** A sequence that is being written, or was. */
interface Hypothesis {
  tokens: number[];
  /** Sum of log probabilities; of a finished one, divided by the power of its length. */
  score: number;
  /** Its row in the call to come. */
  parent: number;
}

/** The search for one sequence. */
interface Beam {
  /** At most K, the best first. */
  running: Hypothesis[];
  finished: Hypothesis[];
  isDone: boolean;
}

/**
 * Searches for sequences of high probability, K at a time, as Hugging Face's `generate` does with
 * `early_stopping=False`.
 *
 * At each place the 2K best continuations are looked at: of the first K those that end are finished, and the K best of
 * those that do not end go on. The search for a sequence is over when K are finished and the best of those running,
 * with its present length, has no higher score than the worst of them, or when no more tokens may be written.
 *
 * @param scoreNext Scores what may follow; K rows a sequence. Where fewer are being written, the first is repeated.
 * @returns For each sequence the tokens with the highest score, and the score.
 * @throws If a greatest length or the number of beams is below 1.
 *
 * @example
 * ```ts
 * import { beamSearch } from "@laner/laner";
 *
 * // Greedy would begin with 1; but what follows 2 is certain, so that "2, end" is likelier than anything after 1.
 * const probabilities = [[0, 0.55, 0.45, 0], [0, 0.3, 0.3, 0.4], [0, 0, 0, 1]];
 * const scoreNext = ({ tokens }: { tokens: Int32Array }) =>
 *   Promise.resolve([...tokens].map((token) => probabilities[token]!.map(Math.log)));
 * const options = { start: 0, end: 3, maxLengths: [5], beamSize: 2, lengthPenalty: 0 };
 * console.log((await beamSearch(scoreNext, options)).map(({ tokens }) => tokens)); // [[2, 3]]
 * ```
 */
export async function beamSearch(
  scoreNext: ScoreNext,
  { start, end, maxLengths, beamSize, lengthPenalty = 1 }: BeamSearchOptions,
): Promise<{ tokens: number[]; score: number }[]> {
  checkMaxLengths(maxLengths);
  if (!(Number.isInteger(beamSize) && beamSize >= 1)) {
    throw new Error(
      `Cannot search by beams: their number is a whole number from 1, current value is ${beamSize}`,
    );
  }
  const beams: Beam[] = maxLengths.map((_, i) => ({
    running: [{ tokens: [], score: 0, parent: i * beamSize }],
    finished: [],
    isDone: false,
  }));
  for (let length = 1; beams.some(({ isDone }) => !isDone); length++) {
    const sequences = beams.flatMap(({ isDone }, i) => (isDone ? [] : [i]));
    const rows = sequences.flatMap((i) =>
      Array.from({ length: beamSize }, (_, k) => beams[i]!.running[k] ?? beams[i]!.running[0]!)
    );
    const scores = await scoreNext({
      sequences,
      parents: Int32Array.from(rows, ({ parent }) => parent),
      tokens: Int32Array.from(rows, ({ tokens }) => tokens.at(-1) ?? start),
    });
    sequences.forEach((i, at) => {
      const first = at * beamSize;
      const beam = beams[i]!;
      const continuations = beam.running.flatMap(({ tokens, score }, k) =>
        [...logProbabilities(scores[first + k]!)].flatMap((log, token) =>
          log === -Infinity ? [] : [{ tokens, token, score: score + log, parent: first + k }]
        )
      );
      const best = continuations.sort((a, b) => b.score - a.score).slice(0, 2 * beamSize)
        .map(({ tokens, token, ...rest }) => ({ tokens: [...tokens, token], ...rest }));
      const isOver = ({ tokens }: Hypothesis) => tokens.at(-1) === end || length === maxLengths[i];
      const penalty = length ** lengthPenalty;
      const over = best.slice(0, beamSize).filter(isOver).map((h) => ({ ...h, score: h.score / penalty }));
      beam.finished = [...beam.finished, ...over].sort((a, b) => b.score - a.score).slice(0, beamSize);
      beam.running = best.filter((hypothesis) => !isOver(hypothesis)).slice(0, beamSize);
      beam.isDone = beam.running.length === 0 ||
        beam.finished.length === beamSize &&
          beam.running[0]!.score / penalty <= beam.finished[beamSize - 1]!.score;
    });
  }
  return beams.map(({ finished }) => {
    const { tokens, score } = finished[0]!;
    return { tokens, score };
  });
}
