/** The analysis of a model's tags, on which the paper relies without showing it. */
import { encodeCorpus } from "../../data/pieces/encode_corpus.ts";
import type { Tokenizer } from "../../data/pieces/tokenizer.ts";
import type { Engine } from "../engine/engine.ts";
import type { BertModel } from "../systems/bert_system.ts";
import { labelContextWeights } from "./attention_weights.ts";
import { type LabelMap, mapLabels } from "./label_map.ts";

/** The models to analyse, and the options. */
export interface AnalyseLabelsOptions {
  engine: Engine;
  /** The model before transfer, if there was one. */
  source: BertModel | null;
  target: BertModel;
  tokenizer: Tokenizer;
  /** The sentence whose attention is shown; null for none. */
  words: readonly string[] | null;
  /** The number of nearest tags that are listed with each tag. */
  nNearest?: number;
}

/** Label embeddings before and after transfer, and the label context's attention in a sentence. */
export interface LabelFindings {
  /** On the source's tags; null without a source. */
  before: LabelMap | null;
  /** On the target's tags. */
  after: LabelMap;
  /** The sentence with its predicted tags; weights as `labelContextWeights` gives them. Null without a sentence. */
  attention: { words: string[]; tags: string[]; weights: number[][] } | null;
}

/**
 * Maps the label embeddings of a source and a target model (see `mapLabels`) and takes the weights of the target's
 * label context in a sentence (see `labelContextWeights`).
 *
 * @throws If a model has no label embeddings, the target no label context, or the sentence is not read in one part:
 * it is empty, or longer than the encoder takes.
 *
 * @example
 * ```ts
 * import { analyseLabels, createEngine, createRandom, createTagSet, createTokenizer, encoderShapes } from "@laner/laner";
 * import { initialBert, initialParameters, labelEncoderShapes, type BertModel, predictorShapes } from "@laner/laner";
 * import { tokenizerJson } from "@laner/laner";
 *
 * const tokenizer = createTokenizer(tokenizerJson(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "new", "york"]));
 * const config = {
 *   vocabularySize: 7, maxPositions: 16, nTokenTypes: 2, hiddenWidth: 8, nLayers: 1, nHeads: 2,
 *   feedForwardWidth: 16, layerNormEpsilon: 1e-12, dropout: 0.1, attentionDropout: 0.1,
 * };
 * const tags = createTagSet(["place"]), random = createRandom(1), parts = { labelBackground: true, labelContext: true };
 * const head = { ...labelEncoderShapes(4, tags.nTags), ...predictorShapes(parts, 8, 4, tags.nTags) };
 * const parameters = { ...initialBert(encoderShapes(config), random), ...initialParameters(head, random) };
 * const target: BertModel = { system: "laner", config, tags, labelWidth: 4, maxPieces: 16, parameters };
 *
 * const engine = await createEngine("onnx"), words = ["New", "York"];
 * const { after, attention } = await analyseLabels({ engine, source: null, target, tokenizer, words });
 * console.log(after.tags[1], after.nearest[1]); // B-place, and O and I-place with their cosines
 * console.log(attention!.tags, attention!.weights); // two tags; [[1], [weight of START, weight of the first tag]]
 * ```
 */
export async function analyseLabels(
  { engine, source, target, tokenizer, words, nNearest }: AnalyseLabelsOptions,
): Promise<LabelFindings> {
  const before = source && mapLabels(labelTable(source), source.tags, { nNearest });
  const after = mapLabels(labelTable(target), target.tags, { nNearest });
  if (words === null) return { before, after, attention: null };
  const { parts } = encodeCorpus([words], tokenizer, target.maxPieces);
  if (parts.length !== 1) {
    throw new Error(
      `Cannot analyse "${
        words.join(" ")
      }": a sentence must have a word and fit the encoder at once, with at most ` +
        `${target.maxPieces} pieces, current value is ${parts.length} parts`,
    );
  }
  const { tagIds, weights } = await labelContextWeights({ engine, model: target, sentence: parts[0]! });
  const tags = tagIds.map((id) => target.tags.tagOf(id));
  return { before, after, attention: { words: [...words], tags, weights } };
}

function labelTable({ system, parameters }: BertModel) {
  const table = parameters["label_embedding.weight"];
  if (!table) {
    throw new Error(
      `Cannot map the label embeddings of a model: its system must have them, current value is ${system}`,
    );
  }
  return table;
}
