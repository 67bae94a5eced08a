/** The beginning of every system: from the pieces of a batch to the states of its words. */
import { type Batch, BATCH_AXES } from "../../data/batches/batch.ts";
import type { Arrays, Axes } from "../engine/engine.ts";
import type { Tensor, Tensors } from "../engine/tf.ts";
import type { Parameters } from "../weights/parameters.ts";
import type { BertConfig } from "./bert_config.ts";
import { type DropoutMasks, encode, type EncoderLayout } from "./encoder.ts";
import type { PieceEmbedder } from "./piece_embedder.ts";
import { type WordLayout, wordStates } from "./words.ts";

/** The inputs of a graph that encodes words, besides parameters and dropout masks. */
export type WordEncoderInputs = Tensors & EncoderLayout & WordLayout & { embedded: Tensor };

/** Returns the axes of those inputs. */
export const wordEncoderAxes = (config: BertConfig): Axes => ({
  ...BATCH_AXES(config.nHeads),
  embedded: ["T", config.hiddenWidth],
});

/** Collects those inputs of a batch. */
export async function wordEncoderArrays(
  embedder: PieceEmbedder,
  parameters: Parameters,
  batch: Batch,
): Promise<Arrays> {
  return { ...batch.encoder, ...batch.words, embedded: await embedder.embed(parameters, batch) };
}

/**
 * Computes h of the paper, in a graph.
 *
 * @param parameters The encoder's weights and `embedded`: what gradients are asked for by is read from here.
 * @param layout Where pieces and words stand.
 * @param dropout Masks by the names of `dropoutSites`; none when predicting.
 * @returns float32 [W, H].
 */
export function encodeWords(
  config: BertConfig,
  parameters: Tensors,
  layout: EncoderLayout & WordLayout,
  dropout?: DropoutMasks,
): Tensor {
  return wordStates(encode(config, parameters, parameters.embedded!, layout, dropout), layout);
}
