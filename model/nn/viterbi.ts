/** The best path through a linear-chain CRF (Viterbi 1967). */
import type { LegalTags } from "../../data/tags/legal_tags.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { checkFinite } from "../weights/finite.ts";
import { checkCrf, type CrfParameters } from "./crf_parameters.ts";

/**
 * Finds the tags of the most likely path of each sentence, O(W K²). Of tags that are as good the lowest id is taken,
 * word by word from the last one, as PyTorch's first argmax does.
 *
 * @param emissions float32 [W, K]: the words of all sentences, one sentence after another.
 * @param nWords Word count of each sentence.
 * @param legal The paths that are looked at; all by default.
 * @throws If emissions, word counts and parameters do not fit each other, or hold a value that is not finite.
 *
 * @example
 * ```ts
 * import { viterbi } from "@laner/laner";
 *
 * // The second word alone would be tag 0, but from tag 1 one does not go there.
 * const emissions = { shape: [2, 2], data: Float32Array.of(0, 3, 1, 0) };
 * const transitions = { shape: [2, 2], data: Float32Array.of(0, 0, -5, 0) };
 * const none = { shape: [2], data: new Float32Array(2) };
 * console.log(viterbi(emissions, [2], { transitions, start: none, end: none })[0]); // 1, 1
 * ```
 */
export function viterbi(
  emissions: NdArray,
  nWords: readonly number[],
  parameters: CrfParameters,
  legal?: LegalTags,
): Int32Array[] {
  const K = checkCrf(emissions, nWords, parameters);
  const e = emissions.data;
  checkFinite(emissions, "scores of tags");
  for (const scores of Object.values(parameters)) checkFinite(scores, "scores of transitions");
  const { transitions, start, end } = legal ? legalScores(parameters, legal) : plainScores(parameters);
  const previous = new Int32Array(Math.max(0, ...nWords) * K); // [N, K]: the best tag before each tag
  let best = new Float64Array(K);
  let next = new Float64Array(K); // scores of the best paths that end in each tag
  let first = 0;
  return nWords.map((n) => {
    const tagIds = new Int32Array(n);
    if (n === 0) return tagIds;
    for (let j = 0; j < K; j++) best[j] = start[j]! + e[first * K + j]!;
    for (let i = 1; i < n; i++) {
      for (let j = 0; j < K; j++) {
        let from = 0;
        let score = best[0]! + transitions[j]!;
        for (let k = 1; k < K; k++) {
          const other = best[k]! + transitions[k * K + j]!;
          if (other > score) {
            from = k;
            score = other;
          }
        }
        previous[i * K + j] = from;
        next[j] = score + e[(first + i) * K + j]!;
      }
      [best, next] = [next, best];
    }
    let tag = 0;
    for (let j = 1; j < K; j++) if (best[j]! + end[j]! > best[tag]! + end[tag]!) tag = j;
    for (let i = n - 1; i >= 0; i--) {
      tagIds[i] = tag;
      tag = previous[i * K + tag]!;
    }
    first += n;
    return tagIds;
  });
}

/** The scores of steps from tag to tag, and from and to the edges. */
interface PathScores {
  transitions: Float32Array;
  start: Float32Array;
  end: Float32Array;
}

function plainScores({ transitions, start, end }: CrfParameters): PathScores {
  return { transitions: transitions.data, start: start.data, end: end.data };
}

/** Returns the scores with -Infinity for steps that are not legal. */
function legalScores(parameters: CrfParameters, { nTags: K, mayFollow }: LegalTags): PathScores {
  const { transitions, start, end } = plainScores(parameters);
  const orNever = (isLegal: boolean, score: number) => (isLegal ? score : -Infinity);
  return {
    transitions: transitions.map((score, i) => orNever(mayFollow(Math.floor(i / K), i % K), score)),
    start: start.map((score, tag) => orNever(mayFollow(K, tag), score)),
    end: end.map((score, tag) => orNever(mayFollow(tag, K), score)),
  };
}
