import { z } from "npm:zod@4.6.7";
import { flag } from "../../data/schema/shapes.ts";
import { type ConfigKeys, formatConfigJson, ID, RATE, readConfigJson, SIZE } from "../weights/config_json.ts";

/** Sizes, rates and special pieces of BART. */
export interface BartConfig {
  /** Entries of the piece embedding table, which encoder and decoder share. */
  vocabularySize: number;
  /** Most pieces of a source, and of a target. */
  maxPositions: number;
  /** Width of a piece's state, H. */
  hiddenWidth: number;
  nEncoderLayers: number;
  nDecoderLayers: number;
  /** Attention heads of a layer, of encoder and decoder alike; they share `hiddenWidth`. */
  nHeads: number;
  /** Width between the two linear maps of a layer's feed-forward part. */
  encoderFeedForwardWidth: number;
  decoderFeedForwardWidth: number;
  /** Dropout after embeddings and sublayers. */
  dropout: number;
  /** Dropout of attention weights. */
  attentionDropout: number;
  /** Dropout between the two linear maps of the feed-forward part. */
  activationDropout: number;
  /** True if piece embeddings are multiplied by √H before positions are added. */
  scaleEmbedding: boolean;
  /** Ids of `<s>`, `<pad>` and `</s>`, and of the piece that a language model's decoder starts with. */
  bosId: number;
  padId: number;
  eosId: number;
  decoderStartId: number;
}

/** The keys of config.json, with the defaults that Hugging Face documents for `BartConfig`. */
const TABLE: ConfigKeys<BartConfig & { nDecoderHeads: unknown }> = {
  // The last four stand in the files of the first releases only.
  only: [
    ["model_type", "bart"],
    ["activation_function", "gelu", "gelu"],
    ["tie_word_embeddings", true, true],
    ["encoder_layerdrop", 0, 0],
    ["decoder_layerdrop", 0, 0],
    ["normalize_before", false, false],
    ["normalize_embedding", true, true],
    ["add_final_layer_norm", false, false],
    ["static_position_embeddings", false, false],
  ],
  keys: {
    vocabularySize: ["vocab_size", SIZE],
    maxPositions: ["max_position_embeddings", SIZE],
    hiddenWidth: ["d_model", SIZE],
    nEncoderLayers: ["encoder_layers", SIZE],
    nDecoderLayers: ["decoder_layers", SIZE],
    nHeads: ["encoder_attention_heads", SIZE],
    encoderFeedForwardWidth: ["encoder_ffn_dim", SIZE],
    decoderFeedForwardWidth: ["decoder_ffn_dim", SIZE],
    dropout: ["dropout", RATE, 0.1],
    attentionDropout: ["attention_dropout", RATE, 0],
    activationDropout: ["activation_dropout", RATE, 0],
    bosId: ["bos_token_id", ID, 0],
    padId: ["pad_token_id", ID, 1],
    eosId: ["eos_token_id", ID, 2],
    decoderStartId: ["decoder_start_token_id", ID, 2],
    // It is compared with the encoder's.
    nDecoderHeads: ["decoder_attention_heads", z.unknown()],
    scaleEmbedding: ["scale_embedding", flag(), false],
  },
};

/**
 * Reads the sizes of BART from a Hugging Face config.json.
 *
 * Keys that Hugging Face gives a default may be absent, except sizes; keys that do not concern encoder and decoder,
 * such as those of generation, are not looked at.
 *
 * @param json The parsed file.
 * @param source Where it came from, for messages.
 * @throws {Error} `Cannot use "SOURCE": KEY must be …` for a key that is missing, of a wrong type or not supported.
 *
 * @example
 * ```ts
 * import { formatBartConfig, parseBartConfig } from "@laner/laner";
 *
 * const config = parseBartConfig({
 *   model_type: "bart", vocab_size: 50265, max_position_embeddings: 1024, d_model: 768,
 *   encoder_layers: 6, decoder_layers: 6, encoder_attention_heads: 12, decoder_attention_heads: 12,
 *   encoder_ffn_dim: 3072, decoder_ffn_dim: 3072, attention_dropout: 0.1, activation_dropout: 0.1,
 * });
 * console.log(config.hiddenWidth, config.eosId, formatBartConfig(config).d_model); // 768 2 768
 * ```
 */
export function parseBartConfig(json: unknown, source = "config.json"): BartConfig {
  const { config: { nDecoderHeads, ...config }, refuse } = readConfigJson(json, source, TABLE);
  const { nHeads, hiddenWidth, vocabularySize } = config;
  if (nDecoderHeads !== nHeads) {
    refuse(`decoder_attention_heads must be encoder_attention_heads, ${nHeads}`, nDecoderHeads);
  }
  if (hiddenWidth % nHeads !== 0) {
    refuse(`d_model ${hiddenWidth} must be a multiple of encoder_attention_heads`, nHeads);
  }
  for (const name of ["bosId", "padId", "eosId", "decoderStartId"] as const) {
    const [key] = TABLE.keys[name];
    if (config[name] >= vocabularySize) {
      refuse(`${key} must be below vocab_size, ${vocabularySize}`, config[name]);
    }
  }
  return config;
}

/**
 * Writes the sizes of BART as the contents of a Hugging Face config.json, which
 * `BartForConditionalGeneration.from_pretrained` and {@linkcode parseBartConfig} read.
 *
 * @example
 * ```ts
 * import { type BartConfig, formatBartConfig } from "@laner/laner";
 *
 * const config: BartConfig = {
 *   vocabularySize: 300, maxPositions: 64, hiddenWidth: 16, nEncoderLayers: 2, nDecoderLayers: 2, nHeads: 2,
 *   encoderFeedForwardWidth: 32, decoderFeedForwardWidth: 32, scaleEmbedding: false,
 *   dropout: 0.1, attentionDropout: 0.1, activationDropout: 0,
 *   bosId: 0, padId: 1, eosId: 2, decoderStartId: 2,
 * };
 * console.log(JSON.stringify(formatBartConfig(config)));
 * ```
 */
export function formatBartConfig(config: BartConfig): Record<string, unknown> {
  return {
    architectures: ["BartForConditionalGeneration"],
    is_encoder_decoder: true,
    ...formatConfigJson({ ...config, nDecoderHeads: config.nHeads }, TABLE),
  };
}
