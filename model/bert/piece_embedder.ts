/** The embedding layer as a step before the encoder's graph, with its gradients: where an engine holds arrays, there. */
import type { Batch } from "../../data/batches/batch.ts";
import type { Engine } from "../engine/engine.ts";
import { releaseHeld } from "../engine/held_array.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { tf } from "../engine/tf.ts";
import { createRowSums } from "../nn/row_sums.ts";
import type { Gradient } from "../training/optimizer.ts";
import type { Parameters } from "../weights/parameters.ts";
import { checkPieces, embeddingGradients, embedPieces, POSITION, TOKEN_TYPE, WORD } from "./embeddings.ts";

/** Looks up the pieces of batches. */
export interface PieceEmbedder {
  /**
   * Adds up the embeddings of each piece.
   *
   * @returns float32 [T, H]; where the engine holds it, the next call releases it.
   * @throws If a sentence has more pieces than there are positions, or an id is not in the table.
   */
  embed(parameters: Parameters, batch: Batch): Promise<NdArray>;
  /**
   * Computes the gradients of the three tables.
   *
   * @param d float32 [T, H]: gradient of what `embed` returned.
   * @returns Of the rows used; whole tables, which the next call releases, where the engine holds them.
   */
  gradients(parameters: Parameters, batch: Batch, d: NdArray): Promise<Record<string, Gradient>>;
  dispose(): void;
}

/**
 * Creates the embedder of an engine.
 *
 * @param H Width of the embeddings.
 */
export function createPieceEmbedder(engine: Engine, H: number): PieceEmbedder {
  return engine.memory ? heldEmbedder(engine, H) : PLAIN;
}

/** Looks up in plain arrays. */
const PLAIN: PieceEmbedder = {
  embed: (parameters, batch) => Promise.resolve(embedPieces(parameters, batch)),
  gradients: (parameters, batch, d) => Promise.resolve(embeddingGradients(parameters, batch, d)),
  dispose() {},
};

/** Looks up on the engine. */
function heldEmbedder(engine: Engine, H: number): PieceEmbedder {
  const lookUp = engine.compile(
    "embeddings",
    (x) => ({
      embedded: tf.add(
        tf.add(
          tf.gather(x.word!, x.pieceIds as tf.Tensor1D),
          tf.gather(x.position!, x.positions as tf.Tensor1D),
        ),
        tf.slice(x.type!, [0, 0], [1, H]),
      ),
    }),
    { pieceIds: ["T"], positions: ["T"] },
    { held: ["embedded"] },
  );
  const scatter = engine.compile(
    "gradient of a table",
    // What is not finite in the table is none of its gradient's.
    ({ table, rows, sums }) => ({ d: tf.tensorScatterUpdate(tf.zerosLike(table!), rows!, sums!) }),
    { table: ["V", H], rows: ["U", 1], sums: ["U", H] },
    { held: ["d"] },
  );
  const rowSums = createRowSums(engine, H);
  /** What the last calls have given. */
  const last: Record<"embedded" | "gradients", Record<string, NdArray>> = { embedded: {}, gradients: {} };

  /** Computes the gradient of a table from that of each row looked up. */
  async function gradientOf(table: NdArray, rowOf: Int32Array, d: NdArray): Promise<NdArray> {
    const rows = Int32Array.from(new Set(rowOf));
    const place = new Map(Array.from(rows, (row, i) => [row, i]));
    const sums = await rowSums.run(d, rowOf.map((row) => place.get(row)!), rows.length);
    const whole = await scatter.run({ table, rows: { shape: [rows.length, 1], data: rows }, sums });
    releaseHeld({ sums });
    return whole.d;
  }

  return {
    async embed(parameters, batch) {
      checkPieces(parameters, batch);
      const { pieceIds, positions } = batch;
      const ids = (data: Int32Array) => ({ shape: [data.length], data });
      releaseHeld(last.embedded);
      last.embedded = await lookUp.run({
        word: parameters[WORD]!,
        position: parameters[POSITION]!,
        type: parameters[TOKEN_TYPE]!,
        pieceIds: ids(pieceIds),
        positions: ids(positions),
      });
      return last.embedded.embedded!;
    },
    async gradients(parameters, { pieceIds, positions }, d) {
      releaseHeld(last.gradients);
      last.gradients = {};
      const rowsOf = {
        [WORD]: pieceIds,
        [POSITION]: positions,
        [TOKEN_TYPE]: new Int32Array(pieceIds.length),
      };
      for (const [name, rowOf] of Object.entries(rowsOf)) {
        last.gradients[name] = await gradientOf(parameters[name]!, rowOf, d);
      }
      return last.gradients;
    },
    dispose() {
      for (const compiled of [lookUp, scatter, rowSums]) compiled.dispose();
      for (const arrays of Object.values(last)) releaseHeld(arrays);
    },
  };
}
