import { createRandom } from "../random.ts";

/** Looks up the vector of a character n-gram; undefined where there is none. */
export type NgramVector = (ngram: string) => Float32Array | undefined;

/**
 * Returns the character n-grams of a word, each once, spelt as in the published CharNGram vectors (Hashimoto et al.
 * 2017): all sequences of 2, 3 and 4 of `#BEGIN#`, the word's characters and `#END#`, with their length in front.
 *
 * @example
 * ```ts
 * import { charNgrams } from "@laner/laner";
 *
 * console.log(charNgrams("a")); // ["2gram-#BEGIN#a", "2gram-a#END#", "3gram-#BEGIN#a#END#"]
 * ```
 */
export function charNgrams(word: string): string[] {
  const characters = ["#BEGIN#", ...word, "#END#"];
  const ngrams = new Set<string>();
  for (const n of [2, 3, 4]) {
    for (let i = 0; i + n <= characters.length; i++) {
      ngrams.add(`${n}gram-${characters.slice(i, i + n).join("")}`);
    }
  }
  return [...ngrams];
}

/**
 * Computes the vector of a word from its characters: the mean over its n-grams that have a vector; 0 if none has.
 *
 * @param word Any word.
 * @param vectorOf {@link hashedNgrams}, or the published vectors, read for the n-grams of the words.
 * @param width Numbers of a vector.
 */
export function charNgramVector(word: string, vectorOf: NgramVector, width: number): Float32Array {
  const sums = new Float64Array(width);
  let count = 0;
  for (const ngram of charNgrams(word)) {
    const vector = vectorOf(ngram);
    if (vector === undefined) continue;
    count++;
    for (let d = 0; d < width; d++) sums[d]! += vector[d]!;
  }
  return Float32Array.from(sums, (sum) => count === 0 ? 0 : sum / count);
}

/** Options of {@link hashedNgrams}. */
export interface HashedNgramsOptions {
  /** Length of a vector. Default: 100, as in the published vectors. */
  width?: number;
  /** Rows of the table; n-grams with the same row share it. Default: 65,536. */
  buckets?: number;
  seed: number;
}

/**
 * Makes a stand-in for the published CharNGram vectors: a table of random rows from N(0, 1), in which an n-gram has the
 * row {@link fnv1a} modulo the number of rows. Words that share n-grams are near each other; nothing else is known of
 * them, because nothing is trained.
 *
 * @throws {Error} If width or buckets is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import { charNgramVector, hashedNgrams } from "@laner/laner";
 *
 * const vectorOf = hashedNgrams({ width: 50, seed: 1 });
 * const run = charNgramVector("run", vectorOf, 50);
 * const likeness = (word: string) => charNgramVector(word, vectorOf, 50).reduce((sum, x, d) => sum + x * run[d]!, 0);
 * console.log(likeness("running") > likeness("tea")); // true
 * ```
 */
export function hashedNgrams({ width = 100, buckets = 65_536, seed }: HashedNgramsOptions): NgramVector {
  for (const [name, value] of Object.entries({ width, buckets })) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new Error(
      `Cannot make n-gram vectors by "${name}": it must be a whole number from 1, current value is ${value}`,
    );
  }
  const random = createRandom(seed);
  const table = new Float32Array(buckets * width);
  for (let i = 0; i < table.length; i++) table[i] = random.normal();
  return (ngram) => {
    const row = fnv1a(ngram) % buckets;
    return table.subarray(row * width, (row + 1) * width);
  };
}

const encoder = new TextEncoder();

/** Computes the FNV-1a hash of a text's UTF-8 bytes: 32 bits, from 0 to 2^32 - 1. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
