/**
 * Trained models: a tagger of words and texts, and model folders.
 *
 * @module
 */
export { loadBertModel, loadModelFolder, writeModelFolder } from "./model_folder.ts";
export { type EvaluateOptions, type Evaluation, loadTagger, type Tagger } from "./tagger.ts";
export { expandTags } from "./transfer.ts";
