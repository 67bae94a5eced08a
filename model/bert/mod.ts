/**
 * BERT: the encoder, its folders and weights, and masked language modelling.
 *
 * @module
 */
export type { BertConfig } from "./bert_config.ts";
export { initialBert } from "./bert_init.ts";
export { encoderShapes, mlmHeadShapes } from "./bert_shapes.ts";
export { encode } from "./encoder.ts";
export { loadEncoderFolder, writeEncoderFolder } from "./encoder_folder.ts";
export { createMaskedLm } from "./masked_lm.ts";
export { maskedPerplexity, trainMaskedLm } from "./train_masked_lm.ts";
export { wordStates } from "./words.ts";
