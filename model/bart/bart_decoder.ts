/** BART's decoder (Lewis et al. 2020): causal self-attention, attention on the source, feed-forward. */
import { type EncoderLayout, paddedRows } from "../bert/encoder.ts";
import type { Tensor, Tensors } from "../engine/tf.ts";
import { attend } from "../nn/attention.ts";
import { bartBlocks, dropoutBy } from "./bart_blocks.ts";
import type { BartConfig } from "./bart_config.ts";

/** The two attentions of a decoder layer, packed in and out: [U, H]. */
export interface DecoderAttention {
  /** Attends from the target to itself. */
  self(layer: number, q: Tensor, k: Tensor, v: Tensor): Tensor;
  /** Attends from the target to the source. */
  cross(layer: number, q: Tensor): Tensor;
}

/**
 * Computes the decoder's layers, with attention as it is told: on a whole target, or on what was kept of the steps
 * before.
 *
 * @param embedded float32 [U, H]: piece and position embedding of each target piece, added up.
 * @returns float32 [U, H]: the last states.
 */
export function decoderLayers(
  config: BartConfig,
  parameters: Tensors,
  embedded: Tensor,
  attention: DecoderAttention,
  dropout?: Tensors,
): Tensor {
  const { embed, project, afterAttention, feedForward } = bartBlocks(parameters, dropout);
  let x = embed(embedded, "decoder");
  for (let index = 0; index < config.nDecoderLayers; index++) {
    const layer = `decoder.layers.${index}`;
    const self = `${layer}.self_attn`;
    const cross = `${layer}.encoder_attn`;
    const [q, k, v] = (["q", "k", "v"] as const).map((part) => project(x, self, part));
    x = afterAttention(x, attention.self(index, q!, k!, v!), self);
    x = afterAttention(x, attention.cross(index, project(x, cross, "q")), cross);
    x = feedForward(x, layer);
  }
  return x;
}

/** Computes what each decoder layer looks up in the source: keys and values, float32 [T, H] each. */
export function crossKeysAndValues(
  config: BartConfig,
  parameters: Tensors,
  states: Tensor,
): { keys: Tensor; values: Tensor }[] {
  const { project } = bartBlocks(parameters);
  return Array.from({ length: config.nDecoderLayers }, (_, index) => {
    const attention = `decoder.layers.${index}.encoder_attn`;
    return { keys: project(states, attention, "k"), values: project(states, attention, "v") };
  });
}

/** The part of a batch of targets that the decoder reads (see model/bart/bart_batch.ts): L pieces of the longest. */
export interface DecoderLayout {
  /** int32 [B, heads, L]: row of each padded place in the packed heads [U·heads]. */
  paddedFromTokens: Tensor;
  /** int32 [U, heads]: row of each packed head in the padded heads [B·heads·L]. */
  tokensFromPadded: Tensor;
  /** float32 [B, 1, L, 1]: 1 at real pieces, 0 at padding. */
  tokenMask: Tensor;
  /** float32 [L, L]: 0 from a place to itself and those before, a large negative number to those after. */
  causalBias: Tensor;
}

/**
 * Computes the decoder's last states for whole targets at once, each place seeing itself, those before and the source.
 *
 * @param config Sizes.
 * @param parameters Weights by the names of `bartShapes`, less the embedding tables.
 * @param embedded float32 [U, H]: piece and position embedding of each target piece, added up.
 * @param states float32 [T, H]: the encoder's last states.
 * @param layout Where the pieces of sources and targets stand in the padded form.
 * @param dropout Masks by the names of `bartDropoutSites`; none when predicting.
 * @returns float32 [U, H].
 */
export function decodeTarget(
  config: BartConfig,
  parameters: Tensors,
  embedded: Tensor,
  states: Tensor,
  layout: EncoderLayout & DecoderLayout,
  dropout?: Tensors,
): Tensor {
  const drop = dropoutBy(dropout);
  const { nHeads } = config;
  const sources = paddedRows(layout);
  const targets = {
    paddedFromPacked: layout.paddedFromTokens,
    packedFromPadded: layout.tokensFromPadded,
    mask: layout.tokenMask,
  };
  const source = crossKeysAndValues(config, parameters, states);
  const dropOf = (index: number, attention: string) => (probabilities: Tensor) =>
    drop(probabilities, `decoder.layers.${index}.${attention}.probabilities`);
  return decoderLayers(config, parameters, embedded, {
    // Padding stands after all real places, so that what is causal does not see it either.
    self: (index, q, k, v) =>
      attend(nHeads, [q, k, v], targets, targets, layout.causalBias, dropOf(index, "self_attn")),
    cross(index, q) {
      const { keys, values } = source[index]!;
      const dropped = dropOf(index, "encoder_attn");
      return attend(nHeads, [q, keys, values], targets, sources, layout.pieceBias, dropped);
    },
  }, dropout);
}
