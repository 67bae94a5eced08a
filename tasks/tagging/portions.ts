/** Tagging many sentences portion by portion, by one tagger or by several side by side. */

/**
 * The sentences of a portion: enough for full batches of like length. Portions do not depend on how many taggers there
 * are, and neither do the batches in which sentences are tagged.
 */
export const PORTION = 512;

/** Tags sentences: one list of tags for each. */
export type TagSentences = (sentences: readonly (readonly string[])[]) => Promise<readonly string[][]>;

/**
 * Tags sentences. Each tagger takes the next portion when it is done with one.
 *
 * @param taggers At least one.
 * @param onProgress Told how many sentences are done.
 * @returns The tags of each sentence, in the order of the sentences.
 * @throws The error of the first tagger that fails; the others end with the portions they have.
 */
export async function tagPortions(
  taggers: readonly TagSentences[],
  sentences: readonly (readonly string[])[],
  onProgress: (done: number) => void = () => {},
): Promise<string[][]> {
  const results: (readonly string[][])[] = [];
  let next = 0;
  let done = 0;
  let isFailed = false;
  await Promise.all(taggers.map(async (tag) => {
    while (!isFailed && next * PORTION < sentences.length) {
      const own = next++;
      const portion = sentences.slice(own * PORTION, (own + 1) * PORTION);
      try {
        results[own] = await tag(portion);
      } catch (error) {
        isFailed = true;
        throw error;
      }
      done += portion.length;
      onProgress(done);
    }
  }));
  return results.flat();
}
