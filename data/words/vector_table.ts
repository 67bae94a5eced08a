import type { Random } from "../random.ts";
import type { WordVectors } from "./word_vectors.ts";
import { FIRST_WORD, spellingsOf, type Vocabulary } from "./word_vocabulary.ts";

/** The first values of an embedding table. */
export interface VectorTable {
  /** Float32 [vocabulary.size, width]. */
  data: Float32Array;
  /** The numbers of words that got the vector of their own spelling, of their lower-case spelling, and none. */
  found: { exact: number; lowercase: number; missing: number };
}

/**
 * Lays word vectors out as the first values of an embedding table.
 *
 * A word gets the vector of its own spelling. If there is none and the vocabulary falls back to lower case, it gets the
 * vector of its lower-case spelling, so that capitalised words find uncased vectors. Words without a vector, and UNK,
 * are drawn from U(±√(3/width)), as in NCRF++; PAD is 0.
 *
 * @param vocabulary The words of the rows, and the way to spell them.
 * @param vectors Any word vectors.
 * @param random Draws the rows without a vector; a row's numbers do not depend on which other rows are drawn.
 *
 * @example
 * ```ts
 * import { createRandom, createVocabulary, vectorTable } from "@laner/laner";
 *
 * const vectors = { words: ["bonn"], width: 2, data: Float32Array.of(-1, 0.5) };
 * const vocabulary = createVocabulary(["Bonn"], { lowercaseFallback: true });
 * console.log(vectorTable(vocabulary, vectors, createRandom(1)).data.subarray(4)); // Float32Array [-1, 0.5]
 * ```
 */
export function vectorTable(vocabulary: Vocabulary, vectors: WordVectors, random: Random): VectorTable {
  const { width } = vectors;
  const bound = Math.sqrt(3 / width);
  const rowOf = new Map(vectors.words.map((word, row) => [word, row]));
  const data = new Float32Array(vocabulary.size * width);
  for (let i = width; i < data.length; i++) data[i] = (2 * random.uniform() - 1) * bound;
  const found = { exact: 0, lowercase: 0, missing: 0 };
  vocabulary.words.forEach((word, i) => {
    const spelling = spellingsOf(word, vocabulary).find((one) => rowOf.has(one));
    if (spelling === undefined) {
      found.missing++;
      return;
    }
    found[spelling === word ? "exact" : "lowercase"]++;
    const row = rowOf.get(spelling)!;
    data.set(vectors.data.subarray(row * width, (row + 1) * width), (i + FIRST_WORD) * width);
  });
  return { data, found };
}
