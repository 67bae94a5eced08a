/**
 * BART: configuration, weights, denoising language model and search.
 *
 * @module
 */
export { type BartConfig, formatBartConfig, parseBartConfig } from "./bart_config.ts";
export { initialBart } from "./bart_init.ts";
export { type BartLm, createBartLm } from "./bart_lm.ts";
export { bartShapes } from "./bart_shapes.ts";
export { type BartWeights, pickBartWeights } from "./bart_weights.ts";
export { beamSearch } from "./beam_search.ts";
export { greedySearch } from "./greedy_search.ts";
export { trainBartLm } from "./train_bart_lm.ts";
