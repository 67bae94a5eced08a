/**
 * The graph that computes LANER's attention weights. Training and prediction never read them, so they have a graph of
 * their own, built from the same parts.
 */
import { type EncodedSentence, packBatch, PADDING_AXES, padWords } from "../../data/batches/batch.ts";
import { HISTORY_AXES, historyLayout } from "../../data/tags/history_layout.ts";
import { createTagStrings, tagHistories } from "../../data/tags/tag_history.ts";
import type { TagSet } from "../../data/tags/tag_set.ts";
import { EMBEDDING_TABLES } from "../bert/embeddings.ts";
import { createPieceEmbedder } from "../bert/piece_embedder.ts";
import {
  encodeWords,
  wordEncoderArrays,
  wordEncoderAxes,
  type WordEncoderInputs,
} from "../bert/word_encoder.ts";
import type { Engine } from "../engine/engine.ts";
import type { NdArray } from "../engine/nd_array.ts";
import type { BertModel } from "../systems/bert_system.ts";
import { createSystem } from "../systems/create_system.ts";
import {
  backgroundWeights,
  contextWeights,
  type HistoryLayout,
  type WordPadding,
} from "../systems/laner/biattention.ts";
import { isLabelParameter } from "../systems/laner/label_encoder.ts";
import { createLabelStates } from "../systems/laner/label_states.ts";
import { type LabelStates, type Parts, predict } from "../systems/laner/predictor.ts";

/** The sentence to look at, and the model. */
export interface AttentionOptions {
  engine: Engine;
  model: BertModel;
  sentence: EncodedSentence;
  /** Tag ids of its words, which make the histories; by default those that the model predicts. */
  tagIds?: ArrayLike<number> | undefined;
}

type Inputs = WordEncoderInputs & WordPadding & HistoryLayout & LabelStates;

/**
 * Computes the attention weights of a part of the model in a sentence of N words, with the tags of the histories.
 *
 * @returns `weights` float32 [N, N] of the label context, [1, N, N] of the label background.
 * @throws If the model lacks the part, or `tagIds` does not fit the sentence or the tags.
 */
export async function attend(
  { engine, model, sentence, tagIds: given }: AttentionOptions,
  part: keyof Parts,
): Promise<{ tagIds: number[]; weights: NdArray }> {
  const { config, tags, labelWidth: D, parameters } = model;
  const parts: Parts = {
    labelBackground: "background_query.weight" in parameters,
    labelContext: "context_query.weight" in parameters,
  };
  if (!parts[part]) {
    const what = part === "labelContext" ? "label context" : "label background";
    throw new Error(
      `Cannot compute the weights of the ${what}: the model's system must have one, current value is ${model.system}`,
    );
  }
  const tagIds = given ? Array.from(given) : await predictTags(engine, model, sentence);
  checkTagIds(tagIds, sentence, tags);
  const K = tags.nTags;
  const N = tagIds.length;
  if (N === 0) return { tagIds, weights: { shape: [0, 0], data: new Float32Array(0) } };

  const batch = packBatch([sentence], config.nHeads);
  const strings = createTagStrings(K);
  const histories = tagHistories(strings, [tagIds], K);
  const inGraph = Object.keys(parameters)
    .filter((name) => !EMBEDDING_TABLES.includes(name) && !isLabelParameter(name));
  const labelStates = createLabelStates(engine, D, K);
  const embedder = createPieceEmbedder(engine, config.hiddenWidth);
  const compiled = engine.compile<Inputs>("attention weights", (x) => {
    const h = encodeWords(config, x, x);
    const { queries, contextQueries } = predict(parts, x, h, x, x);
    const weights = part === "labelContext"
      ? contextWeights(contextQueries!, x.history!, x)
      : backgroundWeights(queries!, h, x);
    return { weights };
  }, {
    ...wordEncoderAxes(config),
    ...PADDING_AXES,
    ...HISTORY_AXES,
    wordsFromPadded: ["W"],
    lastStates: ["W", 2 * D],
    history: ["R", 2 * D],
  });
  try {
    await labelStates.reset(parameters, false);
    await labelStates.compute(strings, histories.levels);
    const { weights } = await compiled.run({
      ...await wordEncoderArrays(embedder, parameters, inGraph, batch),
      ...padWords(batch.nWords),
      ...historyLayout(batch.nWords),
      ...labelStates.lookUp(histories),
    });
    return { tagIds, weights: weights! };
  } finally {
    compiled.dispose();
    labelStates.dispose();
    embedder.dispose();
  }
}

async function predictTags(engine: Engine, model: BertModel, sentence: EncodedSentence): Promise<number[]> {
  const system = createSystem(engine, model);
  try {
    return Array.from((await system.predict([sentence])).tagIds[0]!);
  } finally {
    system.dispose();
  }
}

function checkTagIds(tagIds: readonly number[], { firstPieces }: EncodedSentence, { nTags }: TagSet): void {
  const fail = (rule: string, value: number) => {
    throw new Error(`Cannot make histories of tagIds: ${rule}, current value is ${value}`);
  };
  if (tagIds.length !== firstPieces.length) {
    fail(`there must be one for each of the ${firstPieces.length} words`, tagIds.length);
  }
  const unknown = tagIds.find((id) => !(Number.isInteger(id) && id >= 0 && id < nTags));
  if (unknown !== undefined) fail(`each must be from 0 to ${nTags - 1}`, unknown);
}
