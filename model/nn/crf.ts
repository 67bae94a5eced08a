/** The linear-chain conditional random field (Lafferty et al. 2001) on plain arrays, in float64: loss and gradients. */
import type { NdArray } from "../engine/nd_array.ts";
import { checkCrf, type CrfParameters } from "./crf_parameters.ts";
import { addPairs, logMatrix, logProduct, logSumExp, transposed } from "./log_space.ts";

/** The loss and its gradients, by emissions and by each parameter in the same shape. */
export interface CrfLoss extends CrfParameters {
  /** Mean over sentences of the negative log likelihood. */
  loss: number;
  /** The negative log likelihood of each sentence. */
  perSentence: Float64Array;
  /** float32 [W, K]. */
  emissions: NdArray;
}

/**
 * Loss and gradients of a batch by the forward-backward algorithm, O(W K²).
 *
 * log p(y) = s(y) - log Σ_y' exp s(y') with s(y) = start[y_1] + Σ_i emissions[i, y_i] + Σ_i transitions[y_i, y_i+1]
 * + end[y_n]. A sentence without words has one path, and loss 0. Scores may be of any size; NaN makes the loss NaN.
 *
 * @param emissions float32 [W, K]: the words of all sentences, one sentence after another.
 * @param tagIds Gold tags of each sentence's words; at least one sentence.
 * @throws If emissions, tags and parameters do not fit each other.
 *
 * @example
 * ```ts
 * import { crfLoss } from "@laner/laner";
 *
 * const zeros = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b)) });
 * const parameters = { transitions: zeros(2, 2), start: zeros(2), end: zeros(2) };
 * // One sentence of three words and two tags: eight paths, all as likely.
 * console.log(crfLoss(zeros(3, 2), [[0, 1, 1]], parameters).loss); // log 8 = 2.079…
 * ```
 */
export function crfLoss(
  emissions: NdArray,
  tagIds: readonly ArrayLike<number>[],
  parameters: CrfParameters,
): CrfLoss {
  const nWords = tagIds.map(({ length }) => length);
  const B = tagIds.length;
  const K = checkCrf(emissions, nWords, parameters);
  const e = emissions.data;
  const start = parameters.start.data;
  const end = parameters.end.data;
  const forward = logMatrix(parameters.transitions.data);
  const backward = transposed(forward);
  // log of the sum over all paths: alpha up to and with each word, beta after one word, inner from that word on.
  const alpha = new Float64Array(Math.max(0, ...nWords) * K);
  const beta = new Float64Array(K);
  const inner = new Float64Array(K);
  const perSentence = new Float64Array(B);
  const dEmissions = new Float32Array(e.length);
  const dTransitions = new Float64Array(K * K);
  const dStart = new Float64Array(K);
  const dEnd = new Float64Array(K);

  let first = 0;
  tagIds.forEach((gold, b) => {
    const n = gold.length;
    const at = (word: number) => alpha.subarray(word * K, (word + 1) * K);
    if (n === 0) return;
    checkTags(gold, K, b);
    for (let j = 0; j < K; j++) alpha[j] = start[j]! + e[first * K + j]!;
    for (let i = 1; i < n; i++) {
      logProduct(at(i - 1), forward, at(i));
      for (let j = 0; j < K; j++) alpha[i * K + j]! += e[(first + i) * K + j]!;
    }
    for (let j = 0; j < K; j++) inner[j] = alpha[(n - 1) * K + j]! + end[j]!;
    const logZ = logSumExp(inner);

    beta.set(end);
    let score = start[gold[0]!]! + end[gold[n - 1]!]!;
    for (let i = n - 1; i >= 0; i--) {
      const row = (first + i) * K;
      for (let j = 0; j < K; j++) {
        const error = Math.exp(alpha[i * K + j]! + beta[j]! - logZ) - (j === gold[i] ? 1 : 0);
        dEmissions[row + j] = error / B;
        if (i === 0) dStart[j]! += error;
        if (i === n - 1) dEnd[j]! += error;
      }
      score += e[row + gold[i]!]!;
      if (i === 0) break;
      const step = gold[i - 1]! * K + gold[i]!;
      score += forward.log[step]!;
      dTransitions[step]! -= 1;
      for (let j = 0; j < K; j++) inner[j] = e[row + j]! + beta[j]!;
      addPairs(dTransitions, at(i - 1), forward, inner, logZ);
      logProduct(inner, backward, beta);
    }
    perSentence[b] = logZ - score;
    first += n;
  });

  const mean = (sums: Float64Array, shape: number[]) => ({
    shape,
    data: Float32Array.from(sums, (x) => x / B),
  });
  return {
    loss: perSentence.reduce((sum, x) => sum + x, 0) / B,
    perSentence,
    emissions: { shape: [...emissions.shape], data: dEmissions },
    transitions: mean(dTransitions, [K, K]),
    start: mean(dStart, [K]),
    end: mean(dEnd, [K]),
  };
}

function checkTags(tagIds: ArrayLike<number>, K: number, sentence: number): void {
  const wrong = Array.from(tagIds).findIndex((id) => !(id >= 0 && id < K));
  if (wrong < 0) return;
  throw new Error(
    `Cannot use the tag of word ${wrong} in sentence ${sentence}: it must be an id below ${K}, ` +
      `current value is ${tagIds[wrong]}`,
  );
}
