/**
 * Word vectors trained by skip-gram.
 *
 * @module
 */
export { type SkipGramResult, trainSkipGram } from "./skip_gram.ts";
