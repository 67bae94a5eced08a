/** What LANER looks at among the tags of the words before: the weights of the label context. */
import { packBatch, padWords } from "../data/batch.ts";
import { createTagStrings, HISTORY_AXES, tagHistories } from "../data/tag_history.ts";
import type { EncodedSentence } from "../data/batch.ts";
import { PADDING_AXES } from "../data/batch.ts";
import type { HistoryLayout, WordPadding } from "./biattention.ts";
import type { Engine } from "./engine/engine.ts";
import type { Tensors } from "./engine/tf.ts";
import { createLabelStates } from "./label_states.ts";
import type { Model } from "./model_folder.ts";
import type { NdArray } from "./nd_array.ts";
import { type LabelStates, predict, predictorShapes } from "./predictor.ts";

/** What is needed to look into one sentence. */
export interface LabelAttentionOptions {
  engine: Engine;
  model: Model;
  sentence: EncodedSentence;
  /** float32 [N, H]: the sentence's word states. */
  h: NdArray;
  /** Tags of the words, of which all but the last are history. */
  tagIds: ArrayLike<number>;
}
