/**
 * Exact greedy decoding in parallel. Word by word, each tag is the argmax given the tags before it. Here all words
 * of a sentence are predicted at once from a guess at their histories, and the result becomes the next guess; each
 * pass settles at least one more word from the left, and when nothing changes, every tag is the argmax given the
 * very tags before it: the word-by-word result, in as many passes as it takes instead of one per word.
 */
import type { TagPrediction } from "../../training/system.ts";

/** Tags that were decoded greedily. */
export interface GreedyPrediction extends TagPrediction {
  /** The number of passes that decoding took for each sentence. */
  nPasses: number[];
}

/**
 * Decodes the tags of some sentences.
 *
 * @param nWords Word count of each sentence.
 * @param predict Returns, given sentences (indices) and a guess at all their tags, the argmax tag of each of their words
 * from `from[sentence]` on; a tag may depend only on the tags before it.
 * @param guesses Tags of each sentence to begin with. They change the number of passes, one where they are right, but no
 * prediction.
 * @returns Tags of each sentence, and how many passes each took, the one that changed nothing included.
 *
 * @example
 * ```ts
 * import { decodeGreedily } from "@laner/laner";
 *
 * // Each tag is one more than the tag before it: n words take n passes, and one that changes nothing.
 * const { tagIds, nPasses } = await decodeGreedily([3], (_sentences, tags, from) =>
 *   Promise.resolve(tags.map((own, i) => [1, ...own.map((tag) => tag + 1)].slice(from[i], 3))));
 * console.log(tagIds[0], nPasses[0]); // [1, 2, 3] 4
 * ```
 */
export async function decodeGreedily(
  nWords: readonly number[],
  predict: (
    sentences: readonly number[],
    tags: readonly Int32Array[],
    from: readonly number[],
  ) => Promise<readonly ArrayLike<number>[]>,
  guesses: readonly (ArrayLike<number> | undefined)[] = [],
): Promise<GreedyPrediction> {
  const tags = nWords.map((n, sentence) => Int32Array.from(guesses[sentence] ?? new Int32Array(n)));
  const nPasses = nWords.map(() => 0);
  // Words before `settled` cannot change any more: their histories did not change in the last pass.
  const settled = nWords.map(() => 0);
  let open = nWords.flatMap((n, sentence) => (n > 0 ? [sentence] : []));
  while (open.length > 0) {
    const predicted = await predict(open, open.map((s) => tags[s]!), open.map((s) => settled[s]!));
    open = open.filter((sentence, i) => {
      nPasses[sentence]!++;
      const before = tags[sentence]!;
      const from = settled[sentence]!;
      let firstChange = -1;
      for (let word = from; word < before.length; word++) {
        const tag = predicted[i]![word - from]!;
        if (tag !== before[word] && firstChange < 0) firstChange = word;
        before[word] = tag;
      }
      settled[sentence] = firstChange + 1; // the word after it is the first with another history
      if (firstChange === before.length - 1) nPasses[sentence]!++; // no word is after it: nothing is left to change
      return firstChange >= 0 && firstChange < before.length - 1;
    });
  }
  return { tagIds: tags, nPasses };
}
