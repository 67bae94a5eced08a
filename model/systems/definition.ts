/** The definition of a system: everything that differs between one system and another. */
import type { Batching } from "../../data/batches/domain_batches.ts";
import type { Folder, OpenFolderOptions } from "../../data/open_folder.ts";
import type { WordEncoder } from "../../data/pieces/encode_corpus.ts";
import type { TokenizerFiles } from "../../data/pieces/tokenizer_files.ts";
import type { Domains } from "../../data/tags/domain_tags.ts";
import type { TagSet } from "../../data/tags/tag_set.ts";
import type { Sentence } from "../../data/text/conll.ts";
import type { WordVectors } from "../../data/words/word_vectors.ts";
import type { Vocabulary } from "../../data/words/word_vocabulary.ts";
import type { BartFolder } from "../bart/bart_folder.ts";
import type { EncoderFolder } from "../bert/encoder_folder.ts";
import type { Engine } from "../engine/engine.ts";
import type { TrainingSettings } from "../settings/settings.ts";
import type { System } from "../training/system.ts";
import type { Parameters } from "../weights/parameters.ts";
import type { TaggerFields } from "./tagger_fields.ts";

/** A trained model: the fields that every system has. Systems add their own. */
export interface Model {
  /** Name of its system. */
  system: string;
  tags: TagSet;
  parameters: Parameters;
  /** The longest sentence in pieces, or in words if the system reads words. Longer sentences are split. */
  maxPieces: number;
}

/** A model with the tokenizer of its input, and that tokenizer's files; none if it reads whole words. */
export type Loaded<M extends Model = Model> = M & { tokenizer: WordEncoder; tokenizerFiles: TokenizerFiles };

/** The name of something that a new model is built on. */
export type Material = "encoder" | "vectors" | "charLms" | "bart";

/** A character language model of one direction. */
export interface TrainedCharLm {
  characters: Vocabulary;
  parameters: Parameters;
}

/** The materials of new models. Each is loaded when its method is called. */
export interface Materials {
  encoder(): Promise<EncoderFolder>;
  /** Loads the vectors of some words. */
  vectors(words: ReadonlySet<string>): Promise<WordVectors>;
  charLms(): Promise<Record<"forward" | "backward", TrainedCharLm>>;
  bart(): Promise<BartFolder>;
}

/** The settings that new models depend on. */
export type SystemSettings = Pick<TrainingSettings, "model" | "words">;

/** The task of a new model: its tags, its data, its settings. */
export interface NewModel {
  tags: TagSet;
  /** The tags of the source and of the target; `tags` are those of one of them. */
  domains: Domains;
  /** The training sentences of both data sets. */
  train: readonly Sentence[];
  /** All sentences of both data sets. */
  all: readonly Sentence[];
  settings: SystemSettings;
  seed: number;
}

/** The abilities of a system beside tagging. */
export interface Abilities {
  /** It attends to earlier tags (Eq. 8), so that its label embeddings can be shown. */
  labelContext: boolean;
  /** It attends to the words that its labels suggest (Eq. 5-6). */
  labelBackground: boolean;
  /** It can read the states of an encoder that is not trained (`words.readsEncoder`). */
  readEncoderStates: boolean;
  /** Its values stay on a GPU from step to step of a training; others' parameters travel there at each one. */
  trainOnGpu: boolean;
  /** Its training steps can be computed in mixed precision (`train.precision`): they are a `createGradientGraph`. */
  mixedPrecision: boolean;
  /** Its loss is over words, so that two passes with dropout can be compared word by word (`train.rDrop`). */
  comparePasses: boolean;
}

/** A system as the rest of the toolkit knows it: everything in which it differs from the others. */
export interface SystemDefinition<M extends Model = Model> {
  readonly can: Abilities;
  /**
   * The axes of parameters that are indexed by tag id: `{ "out.weight": [0] }` has one row for each tag. Such an axis
   * may be longer than there are tags; the rest, such as the row of START, stands at its end.
   */
  readonly tagAxes: Readonly<Record<string, readonly number[]>>;
  /** The way in which sentences of two domains are put into batches; mixed by default. */
  readonly batching?: Batching | undefined;
  /** The material that is trained together with the system; null if none is. */
  readonly trains: Material | null;
  /**
   * True if the vocabulary or the types depend on the target. A source model then serves one target only; otherwise
   * one source model serves all targets.
   */
  readonly fitsTarget: boolean;

  /** Lists the materials that a new model needs. */
  needs(settings: SystemSettings): readonly Material[];
  /** Picks the settings that a new model depends on, apart from those of its materials. */
  ownSettings(settings: SystemSettings): object;
  /** Makes a new model. */
  fresh(system: string, materials: Materials, about: NewModel): Promise<Loaded<M>>;
  /** Applies the target's settings to a source model whose tags have been expanded to the target's. */
  transferred(model: Loaded<M>, settings: SystemSettings): Loaded<M>;

  /** Tells whether a parameter belongs to a material, not to the system's own layers. */
  isOfMaterial(parameter: string): boolean;
  /** Returns the system's own keys of tagger.json. */
  describe(model: M): Record<string, unknown>;
  /** Returns the files of a model by name, without tagger.json and the tokenizer's files. */
  files(model: M): Record<string, string | Uint8Array>;
  /**
   * Loads a model from its folder.
   *
   * @throws If a file is missing or malformed, or does not fit tagger.json, naming file and key.
   */
  load(folder: Folder, fields: TaggerFields, options: Pick<OpenFolderOptions, "fetch">): Promise<Loaded<M>>;

  /** Assembles the system of a model. */
  create(options: M & { engine: Engine }): System;
}

/** The abilities of most systems: none. */
export const NO_ABILITIES: Abilities = {
  labelContext: false,
  labelBackground: false,
  readEncoderStates: false,
  trainOnGpu: false,
  mixedPrecision: false,
  comparePasses: false,
};
