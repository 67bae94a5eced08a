/**
 * The BERT encoder (Devlin et al. 2019) on packed pieces: the linear layers see only
 * the T real pieces of a batch, and the attention product alone works on the padded form [B, P].
 */
import { type Tensor, type Tensors, tf } from "../engine/tf.ts";
import { attend, type PaddedRows } from "../nn/attention.ts";
import { gelu, layerNorm, linear } from "../nn/ops.ts";
import type { BertConfig } from "./bert_config.ts";

/** The part of a batch that the encoder reads, besides the embedded pieces (see data/batches/batch.ts). */
export interface EncoderLayout {
  /** int32 [B, heads, P]: row of each padded place in the packed heads [T·heads]. */
  paddedFromPieces: Tensor;
  /** int32 [T, heads]: row of each packed head in the padded heads [B·heads·P]. */
  piecesFromPadded: Tensor;
  /** float32 [B, 1, 1, P]: 0 at real pieces, a large negative number at padding. */
  pieceBias: Tensor;
  /** float32 [B, heads, P, 1], or a shape that broadcasts to it: 1 at real pieces, 0 at padding. */
  pieceMask: Tensor;
}

/** Returns that part as attention reads it. */
export const paddedRows = (layout: EncoderLayout): PaddedRows => ({
  paddedFromPacked: layout.paddedFromPieces,
  packedFromPadded: layout.piecesFromPadded,
  mask: layout.pieceMask,
});

/** Dropout masks by site: 0 at dropped elements, 1 / (1 - rate) elsewhere. */
export type DropoutMasks = Tensors;

/**
 * Returns the names of the encoder's dropout masks with the axes of each: after the embeddings, on the attention
 * probabilities and after both sublayers, as in BERT.
 */
export function dropoutSites(
  config: BertConfig,
): Record<string, { axes: (string | number)[]; rate: number }> {
  const { nLayers, nHeads, hiddenWidth, dropout, attentionDropout } = config;
  const states = { axes: ["T", hiddenWidth], rate: dropout };
  const sites: ReturnType<typeof dropoutSites> = { "dropout.embeddings": states };
  for (let layer = 0; layer < nLayers; layer++) {
    sites[`dropout.${layer}.probabilities`] = { axes: ["B", nHeads, "P", "P"], rate: attentionDropout };
    sites[`dropout.${layer}.attention`] = states;
    sites[`dropout.${layer}.output`] = states;
  }
  return sites;
}

/**
 * Computes the encoder's last states.
 *
 * @param config Sizes.
 * @param parameters The encoder's weights under Hugging Face's names, less the embedding tables.
 * @param embedded float32 [T, H]: word, position and token type embedding of each piece, added up.
 * @param layout Where pieces stand in the padded form.
 * @param dropout Masks by the names of `dropoutSites`; none when predicting.
 * @returns float32 [T, H].
 */
export function encode(
  config: BertConfig,
  parameters: Tensors,
  embedded: Tensor,
  layout: EncoderLayout,
  dropout?: DropoutMasks,
): Tensor {
  const drop = (x: Tensor, site: string) => (dropout ? tf.mul(x, dropout[`dropout.${site}`]!) : x);
  const norm = (x: Tensor, name: string) =>
    layerNorm(x, parameters[`${name}.weight`]!, parameters[`${name}.bias`]!, config.layerNormEpsilon);
  const dense = (x: Tensor, name: string) =>
    linear(x, parameters[`${name}.weight`]!, parameters[`${name}.bias`]!);
  const rows = paddedRows(layout);

  let x = drop(norm(embedded, "embeddings.LayerNorm"), "embeddings");
  for (let layer = 0; layer < config.nLayers; layer++) {
    const name = `encoder.layer.${layer}`;
    const project = (part: string) => dense(x, `${name}.attention.self.${part}`);
    const context = attend(
      config.nHeads,
      [project("query"), project("key"), project("value")],
      rows,
      rows,
      layout.pieceBias,
      (p) => drop(p, `${layer}.probabilities`),
    );
    const attention = drop(dense(context, `${name}.attention.output.dense`), `${layer}.attention`);
    x = norm(tf.add(attention, x), `${name}.attention.output.LayerNorm`);
    const inner = gelu(dense(x, `${name}.intermediate.dense`));
    const output = drop(dense(inner, `${name}.output.dense`), `${layer}.output`);
    x = norm(tf.add(output, x), `${name}.output.LayerNorm`);
  }
  return x;
}
