/** How the sentences of an epoch are put into batches when they are of two domains. */

/** The data set that a sentence is from. */
export type Domain = "source" | "target";

/**
 * - `mixed`: all sentences, whatever their domain, in one random order.
 * - `alternating`: a batch of the target, then one of the source, and so on until the target is through; which sentences
 *   of the source are read is drawn anew each epoch.
 * - `paired`: batches with as many sentences of the source as of the target each, until the larger is through; of the
 *   smaller one sentences are read again, in their order.
 *
 * Where there is one domain alone, all are `mixed`.
 */
export type Batching = "mixed" | "alternating" | "paired";

/**
 * Puts the sentences of an epoch into batches.
 *
 * @param sentences Sentences; those without a domain are of the target.
 * @param batchSize Sentences of a batch; of each domain, where they are paired.
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

function inBatches<S>(sentences: readonly S[], batchSize: number): S[][] {
  const n = Math.ceil(sentences.length / batchSize);
  return Array.from({ length: n }, (_, i) => sentences.slice(i * batchSize, (i + 1) * batchSize));
}
