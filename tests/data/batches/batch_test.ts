import { assertEquals } from "@std/assert";
import { MASKED, packBatch, padWords } from "../../../data/batches/batch.ts";

/** [CLS] 7 8 9 [SEP] with words at 7 and 9, and [CLS] 6 [SEP]. */
const SENTENCES = [
  { ids: [2, 7, 8, 9, 3], firstPieces: [1, 3] },
  { ids: [2, 6, 3], firstPieces: [1] },
];

Deno.test("packBatch() packs pieces and says where they stand in the padded form and which begin a word", () => {
  const batch = packBatch(SENTENCES, 1);
  assertEquals(batch.nSentences, 2);
  assertEquals(batch.nWords, [2, 1]);
  assertEquals([...batch.pieceIds], [2, 7, 8, 9, 3, 2, 6, 3]);
  assertEquals([...batch.positions], [0, 1, 2, 3, 4, 0, 1, 2]);
  const { paddedFromPieces, piecesFromPadded, pieceBias, pieceMask } = batch.encoder;
  assertEquals(paddedFromPieces.shape, [2, 1, 5]);
  assertEquals([...paddedFromPieces.data].slice(0, 8), [0, 1, 2, 3, 4, 5, 6, 7]);
  assertEquals(piecesFromPadded, { shape: [8, 1], data: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7) });
  const bias = Float32Array.of(0, 0, 0, 0, 0, 0, 0, 0, MASKED, MASKED);
  assertEquals(pieceBias, { shape: [2, 1, 1, 5], data: bias });
  assertEquals(pieceMask, { shape: [2, 1, 5, 1], data: Float32Array.of(1, 1, 1, 1, 1, 1, 1, 1, 0, 0) });
  const { wordPieces, pieceWords, pieceStartsWord } = batch.words;
  assertEquals(wordPieces, { shape: [3], data: Int32Array.of(1, 3, 6) });
  assertEquals(pieceStartsWord, { shape: [8, 1], data: Float32Array.of(0, 1, 0, 1, 0, 0, 1, 0) });
  assertEquals([1, 3, 6].map((piece) => pieceWords.data[piece]), [0, 1, 2]);
});

Deno.test("packBatch() addresses single heads: packed [T, heads] to padded [B, heads, P] and back is the identity", () => {
  const sentences = [3, 6, 1, 4].map((length) => ({ ids: new Array(length).fill(5), firstPieces: [0] }));
  const heads = 3;
  const P = 6;
  const { encoder } = packBatch(sentences, heads);
  const { paddedFromPieces, piecesFromPadded } = encoder;
  const packed = Array.from({ length: 14 * heads }, (_, row) => 100 + row);
  const padded = [...paddedFromPieces.data].map((row) => packed[row]);
  assertEquals([...piecesFromPadded.data].map((place) => padded[place]), packed);
  // Head 2 of sentence 1, whose pieces are 3 … 8: rows piece · heads + head.
  const at = (1 * heads + 2) * P;
  const expected = [3, 4, 5, 6, 7, 8].map((piece) => 100 + piece * heads + 2);
  assertEquals(padded.slice(at, at + P), expected);
});

Deno.test("padWords() lays words out one sentence a row", () => {
  const layout = padWords([2, 0, 3]);
  assertEquals(layout.paddedFromWords.shape, [3, 3]);
  assertEquals([...layout.wordsFromPadded.data], [0, 1, 6, 7, 8]);
  assertEquals([...layout.wordsFromPadded.data].map((p) => layout.paddedFromWords.data[p]), [0, 1, 2, 3, 4]);
  const o = MASKED;
  assertEquals(layout.wordBias, { shape: [3, 1, 3], data: Float32Array.of(0, 0, o, o, o, o, 0, 0, 0) });
  assertEquals(layout.queryMask, { shape: [3, 3, 1], data: Float32Array.of(1, 1, 0, 0, 0, 0, 1, 1, 1) });
  assertEquals(layout.queriesFromPadded, layout.wordsFromPadded);
});

Deno.test("padWords() lays out the queries from a word on alone, beside all words", () => {
  const layout = padWords([2, 3], [1, 2]);
  const { paddedFromQueries, queriesFromPadded } = layout;
  assertEquals(layout.wordsFromPadded, { shape: [5], data: Int32Array.of(0, 1, 3, 4, 5) });
  assertEquals(queriesFromPadded, { shape: [2], data: Int32Array.of(1, 5) });
  assertEquals([paddedFromQueries.data[1], paddedFromQueries.data[5]], [0, 1]);
  assertEquals([...layout.queryMask.data], [0, 1, 0, 0, 0, 1]);
  assertEquals([...layout.wordBias.data], [0, 0, MASKED, 0, 0, 0]);
});
