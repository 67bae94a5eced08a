import { assertEquals, assertThrows } from "@std/assert";
import { packBatch } from "../../../data/batches/batch.ts";
import { embeddingGradients, embedPieces } from "../../../model/bert/embeddings.ts";
import { denseGradient } from "../../../model/training/adam.ts";
import type { Parameters } from "../../../model/weights/parameters.ts";

const TABLES: Parameters = {
  "embeddings.word_embeddings.weight": { shape: [4, 2], data: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7) },
  "embeddings.position_embeddings.weight": { shape: [3, 2], data: Float32Array.of(10, 20, 30, 40, 50, 60) },
  "embeddings.token_type_embeddings.weight": { shape: [2, 2], data: Float32Array.of(100, 200, 900, 900) },
};
const batchOf = (...ids: number[][]) => packBatch(ids.map((ids) => ({ ids, firstPieces: [] })), 1);

Deno.test("embedPieces() adds up the embeddings of piece, position in the sentence and token type 0", () => {
  const { shape, data } = embedPieces(TABLES, batchOf([3, 0, 3], [1]));
  assertEquals(shape, [4, 2]);
  assertEquals([...data], [6 + 110, 7 + 220, 0 + 130, 1 + 240, 6 + 150, 7 + 260, 2 + 110, 3 + 220]);
});

Deno.test("embeddingGradients() sums over the places where a row is used, and names no row that is not", () => {
  const batch = batchOf([3, 0, 3], [1]);
  const d = { shape: [4, 2], data: Float32Array.of(1, 2, 10, 20, 100, 200, 1000, 2000) };
  const gradients = embeddingGradients(TABLES, batch, d);
  const dense = Object.fromEntries(
    Object.entries(gradients).map(([name, gradient]) => [name, [...denseGradient(gradient)]]),
  );
  assertEquals(dense, {
    "embeddings.word_embeddings.weight": [10, 20, 1000, 2000, 0, 0, 101, 202],
    "embeddings.position_embeddings.weight": [1001, 2002, 10, 20, 100, 200],
    "embeddings.token_type_embeddings.weight": [1111, 2222, 0, 0],
  });
  assertEquals([...gradients["embeddings.word_embeddings.weight"]!.rows].sort(), [0, 1, 3]);
  assertEquals([...gradients["embeddings.token_type_embeddings.weight"]!.rows], [0]);
});

Deno.test("embedPieces() throws when a piece or position is not in its table", () => {
  assertThrows(
    () => embedPieces(TABLES, batchOf([4])),
    Error,
    "piece id 4: the encoder's vocabulary has 4 pieces",
  );
  assertThrows(() => embedPieces(TABLES, batchOf([0, 0, 0, 0])), Error, "more than 3 pieces");
});
