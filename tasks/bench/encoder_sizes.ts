/** Sizes of encoders that are timed with random weights: what a step costs depends on sizes alone. */
import type { BertConfig } from "../../model/bert/bert_config.ts";
import { initialBert } from "../../model/bert/bert_init.ts";
import { encoderShapes } from "../../model/bert/bert_shapes.ts";
import { createRandom } from "../../data/random.ts";
import type { Parameters } from "../../model/weights/parameters.ts";

const BERT = {
  maxPositions: 512,
  nTokenTypes: 2,
  layerNormEpsilon: 1e-12,
  dropout: 0.1,
  attentionDropout: 0.1,
};

/** The sizes by name. */
export const ENCODER_SIZES = {
  tiny: { ...BERT, vocabularySize: 1000, hiddenWidth: 32, nLayers: 2, nHeads: 2, feedForwardWidth: 64 },
  minilm: {
    ...BERT,
    vocabularySize: 30_522,
    hiddenWidth: 384,
    nLayers: 6,
    nHeads: 12,
    feedForwardWidth: 1536,
  },
  "bert-base": {
    ...BERT,
    vocabularySize: 30_522,
    hiddenWidth: 768,
    nLayers: 12,
    nHeads: 12,
    feedForwardWidth: 3072,
  },
} as const satisfies Record<string, BertConfig>;

/** A name of sizes. */
export type EncoderSize = keyof typeof ENCODER_SIZES;

/** All names of sizes. */
export const ENCODER_SIZE_NAMES = Object.keys(ENCODER_SIZES) as EncoderSize[];

/** Makes random weights of an encoder. */
export function randomEncoder(config: BertConfig): Parameters {
  return initialBert(encoderShapes(config), createRandom(1));
}
