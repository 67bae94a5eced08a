/** Masked language modelling on blocks of text: pre-training an encoder, and DAPT, which is the same continued. */
import { maskPieces, type MaskPiecesOptions } from "../../data/batches/mask_pieces.ts";
import type { Random } from "../../data/random.ts";
import {
  type DenoisingRecord,
  trainDenoising,
  type TrainDenoisingOptions,
} from "../training/train_denoising.ts";
import type { MaskedLm } from "./masked_lm.ts";

/** Settings and context of a training. The rate does not rise first and the norm is at most 1, if not told otherwise. */
export interface TrainMaskedLmOptions extends TrainDenoisingOptions, ReadingOptions {}

/** The way blocks are read. */
export interface ReadingOptions {
  /** The way pieces are masked; they are masked anew in every epoch. */
  mask: Omit<MaskPiecesOptions, "random">;
  /** The shapes of the words of each block's pieces (see `shapesOfPieces`), for a model with a table of them. */
  shapes?: ReadonlyMap<Int32Array, ArrayLike<number>> | undefined;
}

/**
 * Trains a masked language model in place.
 *
 * @param blocks Piece ids of each block (see `blocksOf`).
 * @throws If there is no block; `NotFiniteError` if a loss is not finite.
 */
export async function trainMaskedLm(
  lm: MaskedLm,
  blocks: readonly Int32Array[],
  options: TrainMaskedLmOptions,
): Promise<DenoisingRecord> {
  const { warmup = 0, clipNorm = 1, stage = "masked language model", mask, shapes } = options;
  if (blocks.length === 0) throw new Error("Cannot train a masked language model: the text fills no block");
  const hiding = {
    hide: (ids: Int32Array, random: Random) => ({
      ...maskPieces(ids, { ...mask, random }),
      pieceShapes: shapes?.get(ids),
    }),
    isAny: ({ positions }: { positions: Int32Array }) => positions.length > 0,
    random: options.random.fork("mask"),
  };
  return await trainDenoising(lm, blocks, hiding, { ...options, warmup, clipNorm, stage });
}

/**
 * Computes the perplexity on masked pieces: e to the mean loss over all of them.
 *
 * @param random Draws what is masked; the same seed masks the same.
 * @throws The signal's reason when it says stop.
 */
export async function maskedPerplexity(
  lm: MaskedLm,
  blocks: readonly Int32Array[],
  options: ReadingOptions & { random: Random; batchSize?: number; signal?: AbortSignal },
): Promise<number> {
  const { mask, shapes, random, batchSize = 8, signal } = options;
  let sum = 0;
  let count = 0;
  for (let start = 0; start < blocks.length; start += batchSize) {
    const masked = blocks.slice(start, start + batchSize).map((ids) => ({
      ...maskPieces(ids, { ...mask, random }),
      pieceShapes: shapes?.get(ids),
    }));
    const n = masked.reduce((total, { positions }) => total + positions.length, 0);
    if (n === 0) continue;
    signal?.throwIfAborted();
    sum += n * await lm.loss(masked);
    count += n;
  }
  return Math.exp(sum / count);
}
