/**
 * BERT's embedding layer. Table look-ups are done on plain arrays, outside of the engine: so the gradient of a
 * table is that of the rows used, and the optimiser need not touch the thousands of rows that no sentence uses.
 */
import type { Batch } from "../../data/batches/batch.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { type RowGradient, sumRows } from "../nn/embedding_table.ts";
import type { Parameters } from "../weights/parameters.ts";

/** The parameters that are look-up tables, [rows, H]. */
export const WORD = "embeddings.word_embeddings.weight";
export const POSITION = "embeddings.position_embeddings.weight";
export const TOKEN_TYPE = "embeddings.token_type_embeddings.weight";

/** All three tables, which no graph of an encoder reads. */
export const EMBEDDING_TABLES: readonly string[] = [WORD, POSITION, TOKEN_TYPE];

/**
 * Adds up word, position and token type embedding of each piece; the token type is 0.
 *
 * @returns float32 [T, H].
 * @throws If a sentence has more pieces than there are positions, or an id is not in the table.
 */
export function embedPieces(parameters: Parameters, batch: Batch): NdArray {
  checkPieces(parameters, batch);
  const { pieceIds, positions } = batch;
  const { shape: [, H], data: words } = parameters[WORD]!;
  const { data: places } = parameters[POSITION]!;
  const type = parameters[TOKEN_TYPE]!.data;
  const data = new Float32Array(pieceIds.length * H!);
  for (let t = 0; t < pieceIds.length; t++) {
    const word = pieceIds[t]! * H!;
    const place = positions[t]! * H!;
    let to = t * H!;
    for (let j = 0; j < H!; j++, to++) data[to] = words[word + j]! + places[place + j]! + type[j]!;
  }
  return { shape: [pieceIds.length, H!], data };
}

/**
 * Checks that a batch's pieces and positions are in the tables.
 *
 * @throws If a sentence has more pieces than there are positions, or an id is not in the table.
 */
export function checkPieces(parameters: Parameters, { pieceIds, positions }: Batch): void {
  const { shape: [vocabularySize] } = parameters[WORD]!;
  const { shape: [maxPositions] } = parameters[POSITION]!;
  for (let t = 0; t < pieceIds.length; t++) {
    if (!(pieceIds[t]! < vocabularySize!)) {
      throw new Error(
        `Cannot embed piece id ${pieceIds[t]}: the encoder's vocabulary has ${vocabularySize} pieces`,
      );
    }
    if (positions[t]! >= maxPositions!) {
      throw new Error(
        `Cannot embed a sentence of more than ${maxPositions} pieces: split it first (maxPieces)`,
      );
    }
  }
}

/**
 * Computes the gradients of the three tables.
 *
 * @param d float32 [T, H]: gradient of what `embedPieces` returned.
 */
export function embeddingGradients(
  parameters: Parameters,
  { pieceIds, positions }: Batch,
  d: NdArray,
): Record<string, RowGradient> {
  return {
    [WORD]: sumRows(parameters[WORD]!.shape, pieceIds, d.data),
    [POSITION]: sumRows(parameters[POSITION]!.shape, positions, d.data),
    [TOKEN_TYPE]: sumRows(parameters[TOKEN_TYPE]!.shape, new Int32Array(pieceIds.length), d.data),
  };
}
