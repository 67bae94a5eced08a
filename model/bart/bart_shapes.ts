import type { BartConfig } from "./bart_config.ts";

/** A tensor's name and the length of each of its axes. */
type Shapes = Record<string, number[]>;

/** BART leaves the first rows of its position tables unused, as the padding piece once had a position. */
export const POSITION_OFFSET = 2;

function linear(name: string, nIn: number, nOut: number): Shapes {
  // As in PyTorch, a row of the weight makes one output.
  return { [`${name}.weight`]: [nOut, nIn], [`${name}.bias`]: [nOut] };
}

function layerNorm(name: string, width: number): Shapes {
  return { [`${name}.weight`]: [width], [`${name}.bias`]: [width] };
}

function attention(name: string, width: number): Shapes {
  return {
    ...linear(`${name}.k_proj`, width, width),
    ...linear(`${name}.v_proj`, width, width),
    ...linear(`${name}.q_proj`, width, width),
    ...linear(`${name}.out_proj`, width, width),
    ...layerNorm(`${name}_layer_norm`, width),
  };
}

function feedForward(name: string, width: number, inner: number): Shapes {
  return {
    ...linear(`${name}.fc1`, width, inner),
    ...linear(`${name}.fc2`, inner, width),
    ...layerNorm(`${name}.final_layer_norm`, width),
  };
}

/**
 * Lists the tensors of BART's encoder and decoder, by the names of Hugging Face's `BartModel`.
 *
 * The language model's head has no weight of its own: it is `shared.weight`, and a bias that is not trained.
 *
 * @returns Shape by name, the shared embeddings first, then encoder and decoder.
 *
 * @example
 * ```ts
 * import { bartShapes, createRandom, initialBart } from "@laner/laner";
 *
 * const shapes = bartShapes({
 *   vocabularySize: 300, maxPositions: 64, hiddenWidth: 16, nEncoderLayers: 2, nDecoderLayers: 2, nHeads: 2,
 *   encoderFeedForwardWidth: 32, decoderFeedForwardWidth: 32, scaleEmbedding: false,
 *   dropout: 0.1, attentionDropout: 0.1, activationDropout: 0,
 *   bosId: 0, padId: 1, eosId: 2, decoderStartId: 2,
 * });
 * console.log(shapes["encoder.embed_positions.weight"]); // [66, 16]
 * console.log(Object.keys(initialBart(shapes, createRandom(1))).length); // 91 parameters
 * ```
 */
export function bartShapes(config: BartConfig): Shapes {
  const { hiddenWidth: width, maxPositions } = config;
  const shapes: Shapes = { "shared.weight": [config.vocabularySize, width] };
  for (const side of ["encoder", "decoder"] as const) {
    const isDecoder = side === "decoder";
    const inner = isDecoder ? config.decoderFeedForwardWidth : config.encoderFeedForwardWidth;
    const nLayers = isDecoder ? config.nDecoderLayers : config.nEncoderLayers;
    shapes[`${side}.embed_positions.weight`] = [maxPositions + POSITION_OFFSET, width];
    Object.assign(shapes, layerNorm(`${side}.layernorm_embedding`, width));
    for (let layer = 0; layer < nLayers; layer++) {
      const name = `${side}.layers.${layer}`;
      Object.assign(
        shapes,
        attention(`${name}.self_attn`, width),
        isDecoder ? attention(`${name}.encoder_attn`, width) : {},
        feedForward(name, width, inner),
      );
    }
  }
  return shapes;
}
