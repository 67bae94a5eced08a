/**
 * Character language models, whose states are contextual string embeddings.
 *
 * @module
 */
export { createCharLm, initialCharLm } from "./char_lm.ts";
export { charLmLoss, trainCharLm } from "./train_char_lm.ts";
