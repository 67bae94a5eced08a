/** The floating-point operations of a training step: of its matrix products, on real pieces and words alone. */
import type { BertConfig } from "../../model/bert/bert_config.ts";

/** A sentence's length. */
export interface SentenceSize {
  nPieces: number;
  nWords: number;
}

/** The sizes of a tagger's head. */
export interface HeadSizes {
  /** K. */
  nTags: number;
  /** D; null for the tagger, which has no label encoder. */
  labelWidth: number | null;
}

/** A training step runs each product forward, and twice back: by what is on its left and on its right. */
const STEP = 3;

/**
 * Counts the operations of a training step. A product of [m, k] and [k, n] is 2mkn.
 *
 * Counted are the encoder's linear layers, its attention within each sentence, and the head: of the tagger the output
 * layer; of LANER the products of Eq. 4 to 10, in which word i attends to all words of its sentence and to the i tags
 * before it. The label encoder is not: how many states it computes depends on the tags.
 */
export function stepOperations(config: BertConfig, head: HeadSizes, batch: readonly SentenceSize[]): number {
  const forward = batch.reduce(
    (sum, sentence) => sum + encoderOperations(config, sentence) + headOperations(config, head, sentence),
    0,
  );
  return STEP * forward;
}

/** Counts those of the encoder's linear layers alone. */
export function linearOperations(config: BertConfig, batch: readonly SentenceSize[]): number {
  return STEP * batch.reduce((sum, sentence) => sum + linearForward(config, sentence), 0);
}

function encoderOperations(config: BertConfig, sentence: SentenceSize) {
  const attention = 4 * sentence.nPieces ** 2 * config.hiddenWidth;
  return linearForward(config, sentence) + config.nLayers * attention;
}

function linearForward(
  { hiddenWidth: H, feedForwardWidth: F, nLayers }: BertConfig,
  { nPieces }: SentenceSize,
) {
  return nLayers * 2 * nPieces * H * (4 * H + 2 * F);
}

function headOperations(
  { hiddenWidth: H }: BertConfig,
  { nTags: K, labelWidth: D }: HeadSizes,
  { nWords }: SentenceSize,
) {
  if (D === null) return 2 * nWords * H * K;
  const query = 2 * nWords * 2 * D * H;
  const background = 4 * nWords ** 2 * H;
  const contextQuery = 2 * nWords * 2 * H * 2 * D;
  const context = 4 * (nWords * (nWords + 1) / 2) * 2 * D;
  const output = 2 * nWords * (2 * H + 2 * D) * K;
  return query + background + contextQuery + context + output;
}
