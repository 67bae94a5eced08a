/**
 * Cross-domain named entity recognition: LANER (Hu et al. 2022) and the systems it is compared with.
 *
 * Everything here comes from data/ (text, tags, spans, scores) and model/ (networks and training), and each part can be
 * imported alone: `@laner/laner/scores` loads no network.
 *
 * @module
 */

export * from "./data/tags/mod.ts";
export * from "./data/text/mod.ts";
export * from "./data/conll.ts";
export * from "./data/corpus/mod.ts";
export * from "./data/scores/mod.ts";
export * from "./data/pieces/mod.ts";
export * from "./data/words/mod.ts";
export * from "./data/batches/mod.ts";
export * from "./data/random.ts";
export * from "./data/sample/mod.ts";
export * from "./model/engine/mod.ts";
export * from "./model/nn/mod.ts";
export * from "./model/weights/mod.ts";
export * from "./model/training/mod.ts";
export * from "./model/bert/mod.ts";
export * from "./model/bart/mod.ts";
export * from "./model/words/mod.ts";
export * from "./model/char_lm/mod.ts";
export * from "./model/systems/mod.ts";
export * from "./model/analysis/mod.ts";
export * from "./model/mod.ts";
export * from "./model/train_tagger.ts";
