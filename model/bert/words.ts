/** From pieces to words: a word's state is the encoder state of its first piece. */
import type { Tensor } from "../engine/tf.ts";
import { gatherRows } from "../nn/ops.ts";

/** The layout of words in pieces (see data/batches/batch.ts). */
export interface WordLayout {
  /** int32 [W]: the packed piece with which each word begins. */
  wordPieces: Tensor;
  /** int32 [T]: the word that each piece begins; any for other pieces. */
  pieceWords: Tensor;
  /** float32 [T, 1]: 1 at pieces that begin a word, else 0. */
  pieceStartsWord: Tensor;
}

/**
 * Computes the states of words.
 *
 * @param states float32 [T, H]: encoder states of packed pieces.
 * @returns float32 [W, H]: h of the paper, packed.
 */
export function wordStates(states: Tensor, layout: WordLayout): Tensor {
  return gatherRows(states, layout.wordPieces, layout.pieceWords, layout.pieceStartsWord);
}
