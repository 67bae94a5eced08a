/** LANER's attention in a sentence: the weights of its label context and its label background. */
import type { NdArray } from "../engine/nd_array.ts";
import { attend, type AttentionOptions } from "./attention_graph.ts";

/** Attention weights of a sentence of N words, with the tags that the histories were made of. */
export interface AttentionWeights {
  /** Tag ids of the N words; the last one is in no history. */
  tagIds: number[];
  /** A row for each word; each row adds up to 1. */
  weights: number[][];
}

/**
 * Computes the weights of the label context in a sentence, Eq. 8: softmax_k(h'_i · e^(i)_k) over the history of word i.
 *
 * With the model's own tags, these are the weights with which greedy decoding took its decisions, as its result is a
 * fixed point: each tag is predicted from the very tags before it.
 *
 * @returns Row i, from 1 to N, has i weights: those of START, y_1, …, y_{i-1}.
 * @throws If the model has no label context, or `tagIds` does not fit the sentence or the tags.
 *
 * @example
 * ```ts
 * import { createEngine, createRandom, createTagSet, encoderShapes, initialBert, initialParameters } from "@laner/laner";
 * import { labelContextWeights, labelEncoderShapes, type BertModel, predictorShapes } from "@laner/laner";
 *
 * const config = {
 *   vocabularySize: 20, maxPositions: 16, nTokenTypes: 2, hiddenWidth: 8, nLayers: 1, nHeads: 2,
 *   feedForwardWidth: 16, layerNormEpsilon: 1e-12, dropout: 0.1, attentionDropout: 0.1,
 * };
 * const tags = createTagSet(["task"]), random = createRandom(1), parts = { labelBackground: true, labelContext: true };
 * const head = { ...labelEncoderShapes(4, tags.nTags), ...predictorShapes(parts, 8, 4, tags.nTags) };
 * const parameters = { ...initialBert(encoderShapes(config), random), ...initialParameters(head, random) };
 * const model: BertModel = { system: "laner", config, tags, labelWidth: 4, maxPieces: 16, parameters };
 *
 * const sentence = { ids: [2, 7, 8, 9, 3], firstPieces: [1, 2, 3] };
 * const { weights } = await labelContextWeights({ engine: await createEngine("onnx"), model, sentence });
 * console.log(weights.map((row) => row.length), weights[0]); // [1, 2, 3] [1]
 * ```
 */
export async function labelContextWeights(options: AttentionOptions): Promise<AttentionWeights> {
  const { tagIds, weights } = await attend(options, "labelContext");
  return { tagIds, weights: tagIds.map((_, i) => rowOf(weights, i).slice(0, i + 1)) };
}

/**
 * Computes the weights of the label background in a sentence, Eq. 5: softmax_k(q_i · h_k) over its words k.
 *
 * @returns N rows of N weights.
 * @throws If the model has no label background, or `tagIds` does not fit the sentence or the tags.
 *
 * @example
 * ```ts
 * import { createEngine, createRandom, createTagSet, encoderShapes, initialBert, initialParameters } from "@laner/laner";
 * import { labelBackgroundWeights, labelEncoderShapes, type BertModel, predictorShapes } from "@laner/laner";
 *
 * const config = {
 *   vocabularySize: 20, maxPositions: 16, nTokenTypes: 2, hiddenWidth: 8, nLayers: 1, nHeads: 2,
 *   feedForwardWidth: 16, layerNormEpsilon: 1e-12, dropout: 0.1, attentionDropout: 0.1,
 * };
 * const tags = createTagSet(["task"]), random = createRandom(1), parts = { labelBackground: true, labelContext: true };
 * const head = { ...labelEncoderShapes(4, tags.nTags), ...predictorShapes(parts, 8, 4, tags.nTags) };
 * const parameters = { ...initialBert(encoderShapes(config), random), ...initialParameters(head, random) };
 * const model: BertModel = { system: "laner", config, tags, labelWidth: 4, maxPieces: 16, parameters };
 *
 * const sentence = { ids: [2, 7, 8, 9, 3], firstPieces: [1, 2, 3] };
 * const options = { engine: await createEngine("onnx"), model, sentence };
 * const { tagIds, weights } = await labelBackgroundWeights(options);
 * console.log(tagIds, weights.map((row) => row.length)); // three tags; [3, 3, 3]
 * ```
 */
export async function labelBackgroundWeights(options: AttentionOptions): Promise<AttentionWeights> {
  const { tagIds, weights } = await attend(options, "labelBackground");
  return { tagIds, weights: tagIds.map((_, i) => rowOf(weights, i)) };
}

function rowOf({ shape, data }: NdArray, i: number): number[] {
  const width = shape.at(-1)!;
  return Array.from(data.subarray(i * width, (i + 1) * width));
}
