import type { DropoutSites } from "../nn/site_dropout.ts";
import type { BartConfig } from "./bart_config.ts";

/**
 * Returns the names of BART's dropout masks with the axes and the rate of each: after both embeddings, on attention
 * probabilities, between the linear maps of feed-forward parts and after every sublayer, as in Hugging Face's.
 *
 * Axes are those of model/bart/bart_batch.ts. Sites whose rate is 0 are left out.
 */
export function bartDropoutSites(config: BartConfig): DropoutSites {
  const { hiddenWidth: H, nHeads, dropout, attentionDropout, activationDropout } = config;
  const sites: DropoutSites = {};
  const add = (name: string, rate: number, ...axes: (string | number)[]) => {
    if (rate > 0) sites[`dropout.${name}`] = { axes, rate };
  };
  for (const side of ["encoder", "decoder"] as const) {
    const isDecoder = side === "decoder";
    const [packed, padded] = isDecoder ? ["U", "L"] : ["T", "P"];
    const inner = isDecoder ? config.decoderFeedForwardWidth : config.encoderFeedForwardWidth;
    add(side, dropout, packed, H);
    for (let index = 0; index < (isDecoder ? config.nDecoderLayers : config.nEncoderLayers); index++) {
      const layer = `${side}.layers.${index}`;
      for (
        const [attention, keys] of [["self_attn", padded], ...(isDecoder ? [["encoder_attn", "P"]] : [])]
      ) {
        add(`${layer}.${attention}.probabilities`, attentionDropout, "B", nHeads, padded, keys!);
        add(`${layer}.${attention}`, dropout, packed, H);
      }
      add(`${layer}.fc1`, activationDropout, packed, inner);
      add(`${layer}.fc2`, dropout, packed, H);
    }
  }
  return sites;
}
