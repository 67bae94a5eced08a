/** From the scores of words' tags to the tags: the best of each word, or the best that may follow the tag before. */
import { type LegalTags, legalTags } from "../../data/tags/legal_tags.ts";
import type { TagSet } from "../../data/tags/tag_set.ts";
import { matrixShape, type NdArray } from "../engine/nd_array.ts";
import { greatestOfRows } from "../nn/cross_entropy.ts";
import { checkFinite } from "../weights/finite.ts";
import { splitBySentence } from "./split_by_sentence.ts";

/**
 * Chooses the tags of words up to the end of their sentences; of equal scores the lowest id.
 *
 * @param scores float32 [W, K], one sentence after another.
 * @param nWords Word count of each sentence.
 * @param before The tag before the first word of each sentence that has words before; all begin there by default.
 * @throws If a score is not finite.
 */
export type ChooseTags = (
  scores: NdArray,
  nWords: readonly number[],
  before?: readonly (number | undefined)[],
) => Int32Array[];

/**
 * Makes the choice of a model.
 *
 * @param isLegal True to choose, word by word from the left, among the tags that the scheme lets follow.
 */
export function createTagChoice(tags: TagSet, isLegal: boolean): ChooseTags {
  if (isLegal) return legalChoice(legalTags(tags));
  return (scores, nWords) => splitBySentence(greatestOfRows(scores, WHAT), nWords);
}

const WHAT = "scores of tags";

function legalChoice({ nTags: K, mayFollow }: LegalTags): ChooseTags {
  return (scores, nWords, before = []) => {
    checkFinite(scores, WHAT);
    const [W] = matrixShape(scores);
    const { data } = scores;
    const chosen = new Int32Array(W);
    let row = 0;
    nWords.forEach((n, sentence) => {
      let last = before[sentence] ?? K;
      for (let word = 0; word < n; word++, row++) {
        const isLast = word === n - 1;
        let best = -1;
        for (let tag = 0; tag < K; tag++) {
          if (!mayFollow(last, tag) || (isLast && !mayFollow(tag, K))) continue;
          if (best < 0 || data[row * K + tag]! > data[row * K + best]!) best = tag;
        }
        last = chosen[row] = best;
      }
    });
    return splitBySentence(chosen, nWords);
  };
}
