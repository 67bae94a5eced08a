/** Trained models in memory. */
import type { WordEncoder } from "../../data/pieces/encode_corpus.ts";
import type { Tokenizer } from "../../data/pieces/tokenizer.ts";
import type { TagSet } from "../../data/tags/tag_set.ts";
import type { BertConfig } from "../bert/bert_config.ts";
import type { Parameters } from "../weights/parameters.ts";
import type { BartSystemShape, WordSystemShape } from "./system.ts";
import {
  type BartSystemName,
  type BertSystemName,
  isBertSystem,
  isWordSystem,
  type WordSystemName,
} from "./systems.ts";

/** A trained model on a BERT encoder. */
export interface BertModel {
  system: BertSystemName;
  config: BertConfig;
  /** The encoder's and the head's parameters. */
  parameters: Parameters;
  tags: TagSet;
  labelWidth: number;
  /** Most pieces of a sentence; longer ones are split. */
  maxPieces: number;
}

/** A trained model that reads words. */
export interface WordModel extends WordSystemShape {
  system: WordSystemName;
  parameters: Parameters;
  /** Most words of a sentence; longer ones are split. */
  maxPieces: number;
}

/** A trained model on BART. */
export interface BartModel extends BartSystemShape {
  system: BartSystemName;
  /** BART's and the head's parameters. */
  parameters: Parameters;
  lengthRatio: number;
  /** Beams of decoding; greedy without. */
  beamSize?: number;
  /** Most pieces of a sentence; longer ones are split. */
  maxPieces: number;
}

/** A trained model. */
export type Model = BertModel | WordModel | BartModel;

/** A model with what turns words into what it reads. */
export type LoadedModel =
  | (BertModel & { tokenizer: Tokenizer })
  | ((WordModel | BartModel) & { tokenizer: WordEncoder });

/** Whether a model stands on a BERT encoder. */
export function isBertModel<M extends Model>(model: M): model is M & BertModel {
  return isBertSystem(model.system);
}

/** Whether a model reads words. */
export function isWordModel<M extends Model>(model: M): model is M & WordModel {
  return isWordSystem(model.system);
}
