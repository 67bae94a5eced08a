/**
 * Batches of sentences in packed form: the real pieces and words of all sentences one after another, with the indices
 * that lead to the padded form and back. Plain arrays, no tensors.
 */
import { NO_SHAPE } from "../words/word_shapes.ts";

/** A sentence as the encoder sees it: piece ids with [CLS] and [SEP], and the first piece of each word. */
export interface EncodedSentence {
  /** Piece ids. */
  ids: ArrayLike<number>;
  /** Index in `ids` of each word's first piece. */
  firstPieces: ArrayLike<number>;
  /** The words themselves, for systems that read words instead of pieces. */
  words?: readonly string[];
  /** The shape of each piece's word (see `shapesOfPieces`); none by default. */
  pieceShapes?: ArrayLike<number>;
}

/** A dense int32 or float32 array. */
type Ints = { shape: number[]; data: Int32Array };
type Floats = { shape: number[]; data: Float32Array };

/** A large negative number that a softmax turns into 0; unlike -Infinity it never makes NaN. */
export const MASKED = -1e9;

/**
 * A batch of sentences. Letters: B sentences, P pieces of the longest, T pieces of all, N words of the longest, W words
 * of all.
 */
export interface Batch {
  nSentences: number;
  /** Word count of each sentence. */
  nWords: number[];
  /** Ids of the T pieces and the position of each in its sentence. */
  pieceIds: Int32Array;
  positions: Int32Array;
  /** The shape of the word of each of the T pieces, `NO_SHAPE` for none; int8 [T]. */
  pieceShapes: Int8Array;
  /** The encoder's inputs by name (see model/bert/encoder.ts). */
  encoder: { paddedFromPieces: Ints; piecesFromPadded: Ints; pieceBias: Floats; pieceMask: Floats };
  /** Indices from pieces to words: float32/int32 arrays by name (see `wordStates` in model/bert/words.ts). */
  words: { wordPieces: Ints; pieceWords: Ints; pieceStartsWord: Floats };
}

/**
 * Packs sentences into a batch.
 *
 * @param sentences At least one, each with at least one piece.
 * @param nHeads Attention heads of the encoder: its indices address rows of single heads.
 *
 * @example
 * ```ts
 * import { packBatch } from "@laner/laner";
 *
 * // Two sentences: [CLS] two words [SEP], and [CLS] one word of two pieces [SEP].
 * const batch = packBatch([
 *   { ids: [101, 7, 8, 102], firstPieces: [1, 2] },
 *   { ids: [101, 9, 10, 102], firstPieces: [1] },
 * ], 1);
 * console.log(batch.pieceIds.length, batch.words.wordPieces.data); // 8 pieces; words begin at 1, 2 and 5
 * ```
 */
export function packBatch(sentences: readonly EncodedSentence[], nHeads: number): Batch {
  const B = sentences.length;
  const lengths = sentences.map((s) => s.ids.length);
  const nWords = sentences.map((s) => s.firstPieces.length);
  const P = Math.max(...lengths);
  const T = sum(lengths);
  const W = sum(nWords);

  const pieceIds = new Int32Array(T);
  const positions = new Int32Array(T);
  const shapes = new Int8Array(T).fill(NO_SHAPE);
  const padded = new Int32Array(B * nHeads * P);
  const packed = new Int32Array(T * nHeads);
  const pieceBias = new Float32Array(B * P).fill(MASKED);
  const pieceMask = new Float32Array(B * P);
  const wordPieces = new Int32Array(W);
  const pieceWords = new Int32Array(T);
  const starts = new Float32Array(T);

  let t = 0;
  let w = 0;
  sentences.forEach(({ ids, firstPieces, pieceShapes }, b) => {
    if (pieceShapes) shapes.set(pieceShapes, t);
    for (let i = 0; i < firstPieces.length; i++, w++) {
      const piece = t + firstPieces[i]!;
      wordPieces[w] = piece;
      pieceWords[piece] = w;
      starts[piece] = 1;
    }
    for (let p = 0; p < ids.length; p++, t++) {
      pieceIds[t] = ids[p]!;
      positions[t] = p;
      pieceBias[b * P + p] = 0;
      pieceMask[b * P + p] = 1;
      for (let head = 0; head < nHeads; head++) {
        const place = (b * nHeads + head) * P + p;
        padded[place] = t * nHeads + head;
        packed[t * nHeads + head] = place;
      }
    }
  });
  return {
    nSentences: B,
    nWords,
    pieceIds,
    positions,
    pieceShapes: shapes,
    encoder: {
      paddedFromPieces: { shape: [B, nHeads, P], data: padded },
      piecesFromPadded: { shape: [T, nHeads], data: packed },
      pieceBias: { shape: [B, 1, 1, P], data: pieceBias },
      pieceMask: { shape: [B, 1, P, 1], data: pieceMask },
    },
    words: {
      wordPieces: { shape: [W], data: wordPieces },
      pieceWords: { shape: [T], data: pieceWords },
      pieceStartsWord: { shape: [T, 1], data: starts },
    },
  };
}

/** Returns the axes of the arrays above by name, as the engine asks for them. */
export const BATCH_AXES = (nHeads: number): Record<string, readonly (string | number)[]> => ({
  paddedFromPieces: ["B", nHeads, "P"],
  piecesFromPadded: ["T", nHeads],
  pieceBias: ["B", 1, 1, "P"],
  pieceMask: ["B", 1, "P", 1],
  wordPieces: ["W"],
  pieceWords: ["T"],
  pieceStartsWord: ["T", 1],
});

/** Indices from packed words to padded words and back (see `labelBackground` in model/systems/laner/biattention.ts). */
export type WordPaddingArrays =
  & Record<"paddedFromWords" | "wordsFromPadded" | "paddedFromQueries" | "queriesFromPadded", Ints>
  & Record<"wordBias" | "queryMask", Floats>;

/** Axes of the arrays of {@link padWords}. */
export const PADDING_AXES = {
  paddedFromWords: ["B", "N"],
  wordsFromPadded: ["V"],
  wordBias: ["B", 1, "N"],
  paddedFromQueries: ["B", "N"],
  queriesFromPadded: ["W"],
  queryMask: ["B", "N", 1],
} as const;

/**
 * Lays words out in padded form, B sentences of N words.
 *
 * @param nWords Word count of each sentence.
 * @param from First word of each sentence to include; by default all words are included.
 */
export function padWords(nWords: readonly number[], from?: readonly number[]): WordPaddingArrays {
  const B = nWords.length;
  const N = Math.max(1, ...nWords);
  const place = (first: (b: number) => number) => {
    const count = sum(nWords.map((n, b) => n - first(b)));
    const padded = new Int32Array(B * N);
    const packed = new Int32Array(count);
    let row = 0;
    for (let b = 0; b < B; b++) {
      for (let i = first(b); i < nWords[b]!; i++, row++) {
        padded[b * N + i] = row;
        packed[row] = b * N + i;
      }
    }
    return { padded: { shape: [B, N], data: padded }, packed: { shape: [count], data: packed } };
  };
  const words = place(() => 0);
  const queries = from ? place((b) => from[b]!) : words;
  const wordBias = new Float32Array(B * N).fill(MASKED);
  const queryMask = new Float32Array(B * N);
  for (const place of words.packed.data) wordBias[place] = 0;
  for (const place of queries.packed.data) queryMask[place] = 1;
  return {
    paddedFromWords: words.padded,
    wordsFromPadded: words.packed,
    wordBias: { shape: [B, 1, N], data: wordBias },
    paddedFromQueries: queries.padded,
    queriesFromPadded: queries.packed,
    queryMask: { shape: [B, N, 1], data: queryMask },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
