import { type ConfigKeys, formatConfigJson, RATE, readConfigJson, SIZE } from "../weights/config_json.ts";

/** Sizes and rates of a BERT encoder. */
export interface BertConfig {
  /** Entries of the piece embedding table. */
  vocabularySize: number;
  /** Most pieces of a sentence. */
  maxPositions: number;
  /** Entries of the token type table. */
  nTokenTypes: number;
  /** Width of a piece's state, H. */
  hiddenWidth: number;
  nLayers: number;
  /** Attention heads of a layer; they share `hiddenWidth`. */
  nHeads: number;
  /** Width between the two linear maps of a layer's feed-forward part. */
  feedForwardWidth: number;
  layerNormEpsilon: number;
  /** Dropout after embeddings and linear maps. */
  dropout: number;
  /** Dropout of attention weights. */
  attentionDropout: number;
}

/** The keys of config.json, with the defaults that Hugging Face documents for `BertConfig`. */
const TABLE: ConfigKeys<BertConfig> = {
  only: [
    ["model_type", "bert"],
    ["hidden_act", "gelu", "gelu"],
    ["position_embedding_type", "absolute", "absolute"],
    ["is_decoder", false, false],
    ["add_cross_attention", false, false],
    ["tie_word_embeddings", true, true],
  ],
  keys: {
    vocabularySize: ["vocab_size", SIZE],
    maxPositions: ["max_position_embeddings", SIZE],
    nTokenTypes: ["type_vocab_size", SIZE, 2],
    hiddenWidth: ["hidden_size", SIZE],
    nLayers: ["num_hidden_layers", SIZE],
    nHeads: ["num_attention_heads", SIZE],
    feedForwardWidth: ["intermediate_size", SIZE],
    layerNormEpsilon: ["layer_norm_eps", RATE, 1e-12],
    dropout: ["hidden_dropout_prob", RATE, 0.1],
    attentionDropout: ["attention_probs_dropout_prob", RATE, 0.1],
  },
};

/**
 * Reads the sizes of a BERT encoder from a Hugging Face config.json.
 *
 * Keys that Hugging Face gives a default may be absent; keys that do not concern the encoder are not looked at.
 *
 * @param json The parsed file.
 * @param source Where it came from, for messages.
 * @throws {Error} `Cannot use "SOURCE": KEY must be …` for a key that is missing, of a wrong type or not supported.
 */
export function parseBertConfig(json: unknown, source = "config.json"): BertConfig {
  const { config, refuse } = readConfigJson(json, source, TABLE);
  if (config.hiddenWidth % config.nHeads !== 0) {
    refuse(`hidden_size ${config.hiddenWidth} must be a multiple of num_attention_heads`, config.nHeads);
  }
  return config;
}

/** Writes the sizes of an encoder as the contents of a Hugging Face config.json. */
export function formatBertConfig(config: BertConfig, architecture = "BertModel"): Record<string, unknown> {
  return { architectures: [architecture], ...formatConfigJson(config, TABLE), pad_token_id: 0 };
}
