/**
 * Analysis of trained models: label embeddings, maps of labels, attention to words and to earlier tags.
 *
 * @module
 */
export { type AttentionWeights, labelBackgroundWeights, labelContextWeights } from "./attention_weights.ts";
export { analyseLabels, type LabelFindings } from "./label_analysis.ts";
export { type LabelMap, mapLabels } from "./label_map.ts";
export { principalComponents } from "./principal_components.ts";
