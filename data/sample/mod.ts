/**
 * The sample corpora, made by a grammar from a seed: news as the source, research as the target.
 *
 * @module
 */
export { createSampleCorpora } from "./corpora.ts";
