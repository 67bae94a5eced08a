/** Options of {@link lengthBatches}. */
export interface LengthBatchesOptions<T> {
  /** Returns the length by which things are sorted. */
  lengthOf: (thing: T) => number;
  /** Returns what a thing adds to its batch; 1 by default. */
  sizeOf?: ((thing: T) => number) | undefined;
  /** Most that a batch of more than one thing has. */
  limit: number;
}

/**
 * Puts things into batches, the longest first, so that little of a batch is padding.
 *
 * @returns The indices of each batch's members; of things of one length, in the order given.
 */
export function lengthBatches<T>(
  things: readonly T[],
  { lengthOf, sizeOf = () => 1, limit }: LengthBatchesOptions<T>,
): number[][] {
  const sorted = things
    .map((thing, index) => ({ index, length: lengthOf(thing), size: sizeOf(thing) }))
    .sort((a, b) => b.length - a.length);
  const batches: number[][] = [];
  let batch: number[] = [];
  let sum = 0;
  for (const { index, size } of sorted) {
    if (batch.length > 0 && sum + size > limit) {
      batches.push(batch);
      batch = [];
      sum = 0;
    }
    batch.push(index);
    sum += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
