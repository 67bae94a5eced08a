/** What there is to know about a system: one entry says all that differs between it and others. */
import type { Batching } from "../../data/batches/domain_batches.ts";
import type { Folder, OpenFolderOptions } from "../../data/open_folder.ts";
import type { WordEncoder } from "../../data/pieces/encode_corpus.ts";
import type { Domains } from "../../data/tags/domain_tags.ts";
import type { TagSet } from "../../data/tags/tag_set.ts";
import type { Sentence } from "../../data/text/conll.ts";
import type { WordVectors } from "../../data/words/word_vectors.ts";
import type { Vocabulary } from "../../data/words/word_vocabulary.ts";
import type { BartFolder } from "../bart/bart_folder.ts";
import type { EncoderFolder } from "../bert/encoder_folder.ts";
import type { Engine } from "../engine/engine.ts";
import type { System } from "../training/system.ts";
import type { Parameters } from "../weights/parameters.ts";
import type { TaggerFields } from "./tagger_fields.ts";

/** What every trained model has; the rest is its system's own. */
export interface Model {
  /** Name of its system. */
  system: string;
  tags: TagSet;
  parameters: Parameters;
  /** Most pieces of a sentence, or most words where the system reads words; longer ones are split. */
  maxPieces: number;
}

/** A model with what turns words into what it reads. */
export type Loaded<M extends Model = Model> = M & { tokenizer: WordEncoder };

/** Something that new models are made of, by name. */
export type Material = "encoder" | "vectors" | "charLms" | "bart";

/** A character language model of one direction. */
export interface TrainedCharLm {
  characters: Vocabulary;
  parameters: Parameters;
}

/** Gives each material when it is asked for. */
export interface Materials {
  encoder(): Promise<EncoderFolder>;
  /** @param words The words whose vectors are wanted. */
  vectors(words: ReadonlySet<string>): Promise<WordVectors>;
  charLms(): Promise<Record<"forward" | "backward", TrainedCharLm>>;
  bart(): Promise<BartFolder>;
}

/** Settings of new models: keys of the configuration. */
export interface ModelSettings {
  model: {
    labelWidth: number;
    dropout: number;
    maxPieces: number;
    beamSize: number | null;
  };
  words: {
    lowercaseFallback: boolean;
    characterWidth: number;
    characterFeatures: number;
    width: number;
    nLayers: number;
    dropout: number;
    templates: number | null;
    ngramWidth: number | null;
    readsEncoder: boolean;
    charLm: { characterWidth: number; width: number };
  };
}

/** What a new model is for. */
export interface NewModel {
  tags: TagSet;
  /** The tags of both data sets, whichever of them `tags` are of. */
  domains: Domains;
  /** The sentences that it will be trained on, of both data sets. */
  train: readonly Sentence[];
  /** Every sentence of the data sets that it will be trained for. */
  all: readonly Sentence[];
  settings: ModelSettings;
  seed: number;
}

/** What a system can do beside tagging. */
export interface Abilities {
  /** Attends to earlier tags (Eq. 8), so that its label embeddings can be looked at. */
  labelContext: boolean;
  /** Attends to the words that its labels suggest (Eq. 5-6). */
  labelBackground: boolean;
  /** Can be told to read the states of an encoder that is not trained (`words.readsEncoder`). */
  readEncoderStates: boolean;
}

/** All that differs between a system and others, and so all that the rest of the toolkit knows of it. */
export interface SystemDefinition<M extends Model = Model> {
  readonly can: Abilities;
  /**
   * Which axes of which parameters are tags, by id: `{ "out.weight": [0] }` has a row a tag. An axis that is longer
   * than the tags are many, such as START makes it, ends with what is no tag.
   */
  readonly tagAxes: Readonly<Record<string, readonly number[]>>;
  /** How it wants sentences of two domains put into batches; mixed by default. */
  readonly batching?: Batching | undefined;
  /** The material that is trained with it; null if none is. */
  readonly trains: Material | null;
  /** Whether its vocabulary or its types are the target's, so that a model of the source serves one target alone. */
  readonly fitsTarget: boolean;

  /** Names what a new model is made of. */
  needs(settings: ModelSettings): readonly Material[];
  /** Picks the settings that decide what a new model is, once its materials are there. */
  ownSettings(settings: ModelSettings): object;
  /** Makes a new model. */
  fresh(system: string, materials: Materials, about: NewModel): Promise<Loaded<M>>;
  /** Changes what else is another setting's in a source model that goes on with a target, whose tags it has already. */
  transferred(model: Loaded<M>, settings: ModelSettings): Loaded<M>;

  /** Whether a parameter is of a material, and not of the system's own layers. */
  isOfMaterial(parameter: string): boolean;
  /** The material whose tokenizer a model reads with; null if it reads whole words. */
  tokenizerOf(model: M): Material | null;
  /** Gives the keys of tagger.json that are the system's own. */
  describe(model: M): Record<string, unknown>;
  /** Gives the files of a model by name, but for tagger.json and those of a tokenizer. */
  files(model: M): Record<string, string | Uint8Array>;
  /**
   * Reads a model.
   *
   * @throws If a file is missing or malformed, or does not fit tagger.json, naming file and key.
   */
  load(folder: Folder, fields: TaggerFields, options: Pick<OpenFolderOptions, "fetch">): Promise<Loaded<M>>;

  /** Assembles the system of a model. */
  create(options: M & { engine: Engine }): System;
}

/** What most systems can do beside tagging: nothing. */
export const NO_ABILITIES: Abilities = {
  labelContext: false,
  labelBackground: false,
  readEncoderStates: false,
};
