/**
 * Sizes that vary. A graph is recorded once and run for batches of any size: while it is recorded, each
 * varying axis has a prime of its own as its size, larger than any width in the model, so that TensorFlow.js
 * computes shapes and broadcasts with ordinary numbers and every size that comes out of it can be read back
 * as a product of axes.
 */
const PRIMES = [
  2003,
  2011,
  2017,
  2027,
  2029,
  2039,
  2053,
  2063,
  2069,
  2081,
  2083,
  2087,
  2089,
  2099,
  2111,
  2113,
  2129,
  2131,
  2137,
  2141,
  2143,
  2153,
  2161,
  2179,
  2203,
  2207,
  2213,
  2221,
  2237,
  2239,
  2243,
  2251,
];

/** A size as a fixed factor times varying axes. */
export interface Size {
  factor: number;
  axes: string[];
}

/** The primes that stand for the varying axes of one recording. */
export interface Symbols {
  /** Returns the size that stands for an axis. */
  sizeOf(axis: string): number;
  /** Takes a size apart. */
  read(size: number): Size;
  /** Returns the size that stands for the sum of some sizes, an axis of its own. */
  sum(sizes: readonly number[]): number;
  /** The axes that are sums, in the order in which they were made: each with the sizes that are added up. */
  readonly sums: ReadonlyMap<string, readonly Size[]>;
}

/**
 * Chooses a prime for each axis.
 *
 * @param axes Names of the varying axes.
 * @param fixedSizes Sizes that occur in the inputs; no prime divides any of them.
 * @throws If there are more axes than primes.
 */
export function createSymbols(axes: readonly string[], fixedSizes: readonly number[]): Symbols {
  const free = PRIMES.filter((prime) => fixedSizes.every((size) => size === 0 || size % prime !== 0));
  if (free.length < axes.length) {
    throw new Error(`Cannot record ${axes.length} varying axes: at most ${free.length}`);
  }
  const primes = new Map(axes.map((axis, i) => [axis, free[i]!]));
  const sums = new Map<string, readonly Size[]>();

  function read(size: number): Size {
    const found: string[] = [];
    let factor = size;
    for (const [axis, prime] of primes) {
      for (; factor !== 0 && factor % prime === 0; factor /= prime) found.push(axis);
    }
    return { factor, axes: found };
  }

  return {
    sizeOf: (axis) => primes.get(axis)!,
    read,
    sums,
    sum(sizes) {
      const axis = sizes.map((size) => JSON.stringify(read(size))).join("+");
      if (!primes.has(axis)) {
        const prime = free[primes.size];
        if (prime === undefined) {
          throw new Error(`Cannot record another varying axis: at most ${free.length}`);
        }
        primes.set(axis, prime);
        sums.set(axis, sizes.map(read));
      }
      return primes.get(axis)!;
    },
  };
}

/** Returns a size in numbers, by the lengths of the axes. */
export function lengthOf({ factor, axes }: Size, lengths: ReadonlyMap<string, number>): number {
  return axes.reduce((size, axis) => size * lengths.get(axis)!, factor);
}
