import { readConfigJson } from "../weights/config_json.ts";

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

/** Sizes: our name, and the key of config.json, which must have it unless there is a default. */
const SIZES = [
  ["vocabularySize", "vocab_size"],
  ["maxPositions", "max_position_embeddings"],
  ["nTokenTypes", "type_vocab_size", 2],
  ["hiddenWidth", "hidden_size"],
  ["nLayers", "num_hidden_layers"],
  ["nHeads", "num_attention_heads"],
  ["feedForwardWidth", "intermediate_size"],
] as const;

/** Rates, with the defaults that Hugging Face documents for `BertConfig`. */
const RATES = [
  ["layerNormEpsilon", "layer_norm_eps", 1e-12],
  ["dropout", "hidden_dropout_prob", 0.1],
  ["attentionDropout", "attention_probs_dropout_prob", 0.1],
] as const;

/** Keys whose other values mean another network than the one computed here, and Hugging Face's default for each. */
const ONLY = [
  ["model_type", "bert", undefined],
  ["hidden_act", "gelu", "gelu"],
  ["position_embedding_type", "absolute", "absolute"],
  ["is_decoder", false, false],
  ["add_cross_attention", false, false],
  ["tie_word_embeddings", true, true],
] as const;

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
  const keys = { only: ONLY, sizes: SIZES, rates: RATES };
  const { numbers: config, refuse } = readConfigJson<keyof BertConfig>(json, source, keys);
  if (config.hiddenWidth % config.nHeads !== 0) {
    refuse(`hidden_size ${config.hiddenWidth} must be a multiple of num_attention_heads`, config.nHeads);
  }
  return config;
}

/** Writes the sizes of an encoder as the contents of a Hugging Face config.json. */
export function formatBertConfig(config: BertConfig, architecture = "BertModel"): Record<string, unknown> {
  const json: Record<string, unknown> = { architectures: [architecture] };
  for (const [key, only] of ONLY) json[key] = only;
  for (const [name, key] of [...SIZES, ...RATES]) json[key] = config[name];
  return { ...json, pad_token_id: 0 };
}
