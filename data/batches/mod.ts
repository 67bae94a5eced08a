/**
 * Batches: padded and packed sentences, masking and infilling for pre-training, blocks of characters, dropout masks.
 *
 * @module
 */
export { type EncodedSentence, packBatch, padWords } from "./batch.ts";
export { type CharBlock, charBlocks, charsOfLines } from "./char_blocks.ts";
export { type CharPlaces, charPlaces } from "./char_places.ts";
export { batchesOf } from "./domain_batches.ts";
export { fillDropout } from "./dropout.ts";
export { blocksOf, joinLonePositions, maskPieces } from "./mask_pieces.ts";
export {
  logUniformProbability,
  type SampledSoftmaxBatch,
  sampleLogUniform,
  sampleSoftmax,
} from "./sampled_softmax.ts";
export { type InfilledText, infillText } from "./text_infilling.ts";
export { timeSteps } from "./time_steps.ts";
