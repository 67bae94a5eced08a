/** BART's encoder (Lewis et al. 2020) on packed pieces: layers as BERT's, the norm after each residual. */
import { type EncoderLayout, paddedRows } from "../bert/encoder.ts";
import type { Tensor, Tensors } from "../engine/tf.ts";
import { attend } from "../nn/attention.ts";
import { bartBlocks } from "./bart_blocks.ts";
import type { BartConfig } from "./bart_config.ts";

/**
 * Computes the encoder's last states.
 *
 * @param config Sizes.
 * @param parameters Weights by the names of `bartShapes`, less the embedding tables.
 * @param embedded float32 [T, H]: piece and position embedding of each piece, added up.
 * @param layout Where pieces stand in the padded form (`packBatch`).
 * @param dropout Masks by the names of `bartDropoutSites`; none when predicting.
 * @returns float32 [T, H].
 */
export function encodeSource(
  config: BartConfig,
  parameters: Tensors,
  embedded: Tensor,
  layout: EncoderLayout,
  dropout?: Tensors,
): Tensor {
  const { embed, project, drop, afterAttention, feedForward } = bartBlocks(parameters, dropout);
  const rows = paddedRows(layout);
  let x = embed(embedded, "encoder");
  for (let index = 0; index < config.nEncoderLayers; index++) {
    const layer = `encoder.layers.${index}`;
    const attention = `${layer}.self_attn`;
    const context = attend(
      config.nHeads,
      [project(x, attention, "q"), project(x, attention, "k"), project(x, attention, "v")],
      rows,
      rows,
      layout.pieceBias,
      (p) => drop(p, `${attention}.probabilities`),
    );
    x = feedForward(afterAttention(x, context, attention), layer);
  }
  return x;
}
