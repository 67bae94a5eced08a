/** The beginning of every system: from the pieces of a batch to the states of its words. */
import { type Batch, BATCH_AXES } from "../../data/batches/batch.ts";
import type { Arrays, Axes } from "../engine/engine.ts";
import type { Tensor, Tensors } from "../engine/tf.ts";
import { type Parameters, pickParameters } from "../weights/parameters.ts";
import type { BertConfig } from "./bert_config.ts";
import { type DropoutMasks, encode, type EncoderLayout } from "./encoder.ts";
import type { PieceEmbedder } from "./piece_embedder.ts";
import { addShapes, SHAPE_AXES, shapeArrays } from "./word_shapes.ts";
import { type WordLayout, wordStates } from "./words.ts";

/** The inputs of a graph that encodes words, besides parameters and dropout masks. */
export type WordEncoderInputs = Tensors & EncoderLayout & WordLayout & { embedded: Tensor };

/** The part of them that is not differentiated by. */
export type WordEncoderLayout = EncoderLayout & WordLayout & { wordShapes?: Tensor };

/** Returns the axes of those inputs. */
export const wordEncoderAxes = (config: BertConfig): Axes => ({
  ...BATCH_AXES(config.nHeads),
  ...SHAPE_AXES,
  embedded: ["T", config.hiddenWidth],
});

/**
 * Collects the inputs of such a graph for a batch, with the parameters of this moment.
 *
 * @param names The parameters that the graph reads.
 */
export async function wordEncoderArrays(
  embedder: PieceEmbedder,
  parameters: Parameters,
  names: readonly string[],
  batch: Batch,
): Promise<Arrays> {
  return {
    ...pickParameters(parameters, names),
    ...batch.encoder,
    ...batch.words,
    ...shapeArrays(parameters, batch),
    embedded: await embedder.embed(parameters, batch),
  };
}

/**
 * Computes h of the paper, in a graph.
 *
 * @param parameters The encoder's weights and `embedded`: what gradients are asked for by is read from here.
 * @param layout Where pieces and words stand, and the shapes of words if there is a table of them.
 * @param dropout Masks by the names of `dropoutSites`; none when predicting.
 * @returns float32 [W, H].
 */
export function encodeWords(
  config: BertConfig,
  parameters: Tensors,
  layout: WordEncoderLayout,
  dropout?: DropoutMasks,
): Tensor {
  return wordStates(encode(config, parameters, addShapes(parameters, layout), layout, dropout), layout);
}
