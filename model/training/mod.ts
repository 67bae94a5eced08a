/**
 * Training: the loop, the optimisers, and what a system gives to be trained.
 *
 * @module
 */
export { createAdam } from "./adam.ts";
export { createLossScaler, type LossScaler } from "./loss_scaler.ts";
export { createSgd } from "./sgd.ts";
export type { System, TaggedSentence, UntaggedSentence } from "./system.ts";
export { train } from "./train.ts";
