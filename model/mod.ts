/**
 * Trained models: a tagger that reads words and texts, and the folders that models lie in.
 *
 * @module
 */
export { loadBertModel, loadModelFolder, writeModelFolder } from "./model_folder.ts";
export { type EvaluateOptions, type Evaluation, loadTagger, type Tagger } from "./tagger.ts";
export { expandTags } from "./transfer.ts";
