/** Batches of sentences from two domains. */

/** The data set that a sentence is from. */
export type Domain = "source" | "target";

/**
 * The way to put the sentences of an epoch into batches.
 *
 * - `mixed`: all sentences of both domains in one random order.
 * - `alternating`: a batch of the target, then one of the source, until all of the target is read; each epoch draws
 *   other sentences of the source.
 * - `paired`: batches with equally many sentences of source and target, until all of the larger one is read; the
 *   smaller one is repeated in the same order.
 *
 * With one domain alone, all batches are `mixed`.
 */
export type Batching = "mixed" | "alternating" | "paired";

/**
 * Puts the sentences of an epoch into batches.
 *
 * @param sentences Sentences; those without a domain belong to the target.
 * @param batchSize Sentences of a batch; in `paired` batches, sentences of each domain.
 * @param shuffle Puts sentences into a random order, in place or not.
 *
 * @example
 * ```ts
 * import { batchesOf } from "@laner/laner";
 *
 * const sentences = [{ domain: "source", id: 1 }, { domain: "source", id: 2 }, { domain: "target", id: 3 }] as const;
 * const batches = batchesOf(sentences, "paired", 1, (x) => x);
 * console.log(batches.map((batch) => batch.map(({ id }) => id))); // [[1, 3], [2, 3]]
 * ```
 */
export function batchesOf<S extends { domain?: Domain }>(
  sentences: readonly S[],
  batching: Batching,
  batchSize: number,
  shuffle: (sentences: S[]) => S[],
): S[][] {
  const source = sentences.filter(({ domain }) => domain === "source");
  if (batching === "mixed" || source.length === 0 || source.length === sentences.length) {
    return inBatches(shuffle([...sentences]), batchSize);
  }
  const ofTarget = shuffle(sentences.filter(({ domain }) => domain !== "source"));
  const ofSource = shuffle(source);
  if (batching === "alternating") {
    const targets = inBatches(ofTarget, batchSize);
    const sources = inBatches(ofSource, batchSize);
    return targets.flatMap((batch, i) => [batch, sources[i % sources.length]!]);
  }
  const n = Math.max(ofTarget.length, ofSource.length);
  const again = (some: S[]) =>
    inBatches(Array.from({ length: n }, (_, i) => some[i % some.length]!), batchSize);
  const targets = again(ofTarget);
  return again(ofSource).map((batch, i) => [...batch, ...targets[i]!]);
}

/** Cuts a list into batches, of which the last may be smaller. */
export function inBatches<T>(list: readonly T[], batchSize: number): T[][] {
  const n = Math.ceil(list.length / batchSize);
  return Array.from({ length: n }, (_, i) => list.slice(i * batchSize, (i + 1) * batchSize));
}
