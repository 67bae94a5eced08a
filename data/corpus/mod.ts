/**
 * Corpora of tagged sentences: train, dev and test, from a folder or from text.
 *
 * @module
 */
export { chooseShots } from "./choose_shots.ts";
export type { Corpus } from "./corpus.ts";
export { type CorpusOptions, parseCorpus, readCorpus } from "./read_corpus.ts";
export type { ReadOptions } from "../formats/read_settings.ts";
