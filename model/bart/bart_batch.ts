/** Batches of sources with their targets, as BART's encoder and decoder read them. */
import { type Batch, BATCH_AXES, type EncodedSentence, MASKED, packBatch } from "../../data/batches/batch.ts";
import type { Arrays, Axes } from "../engine/engine.ts";
import type { BartConfig } from "./bart_config.ts";

/** Letters: B pairs; T pieces of all sources, P of the longest; U pieces of all targets, L of the longest. */
export interface PairBatch {
  source: Batch;
  target: Batch;
  /** The layout that graphs read by name: `EncoderLayout` and `DecoderLayout`. */
  layout: Arrays;
  /** Sizes of the axes, for dropout masks. */
  sizes: Record<"B" | "T" | "P" | "U" | "L", number>;
}

/**
 * Packs sources and targets into a batch.
 *
 * @param sources At least one, each with at least one piece.
 * @param targetIds What the decoder reads, for each source; at least one id each.
 * @param nHeads Attention heads.
 */
export function packPairs(
  sources: readonly EncodedSentence[],
  targetIds: readonly ArrayLike<number>[],
  nHeads: number,
): PairBatch {
  const source = packBatch(sources, nHeads);
  const target = packBatch(targetIds.map((ids) => ({ ids, firstPieces: [] })), nHeads);
  const P = source.encoder.pieceBias.shape[3]!;
  const L = target.encoder.pieceBias.shape[3]!;
  const causalBias = new Float32Array(L * L);
  for (let row = 0; row < L; row++) causalBias.fill(MASKED, row * L + row + 1, (row + 1) * L);
  return {
    source,
    target,
    layout: {
      ...source.encoder,
      paddedFromTokens: target.encoder.paddedFromPieces,
      tokensFromPadded: target.encoder.piecesFromPadded,
      tokenMask: target.encoder.pieceMask,
      causalBias: { shape: [L, L], data: causalBias },
    },
    sizes: { B: sources.length, T: source.pieceIds.length, P, U: target.pieceIds.length, L },
  };
}

/** Returns the axes of the layout and of the embedded pieces. */
export const pairAxes = ({ nHeads, hiddenWidth }: BartConfig): Axes => ({
  ...BATCH_AXES(nHeads),
  embeddedSource: ["T", hiddenWidth],
  embeddedTarget: ["U", hiddenWidth],
  paddedFromTokens: ["B", nHeads, "L"],
  tokensFromPadded: ["U", nHeads],
  tokenMask: ["B", 1, "L", 1],
  causalBias: ["L", "L"],
});
