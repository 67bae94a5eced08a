/** What there is to know about a system before it is assembled. */
import type { Batching } from "../../data/batches/domain_batches.ts";
import type { Domains } from "../../data/tags/domain_tags.ts";
import type { TagSet } from "../../data/tags/tag_set.ts";
import type { Vocabularies } from "../../data/words/vocabularies.ts";
import type { BartConfig } from "../bart/bart_config.ts";
import type { BertConfig } from "../bert/bert_config.ts";
import type { CharLmSizes } from "../char_lm/char_lm.ts";
import type { Engine } from "../engine/engine.ts";
import type { System } from "../training/system.ts";
import type { Parameters } from "../weights/parameters.ts";
import type { WordSizes } from "../words/word_states.ts";

/** What a system on a BERT encoder is assembled from. */
export interface SystemOptions {
  engine: Engine;
  config: BertConfig;
  tags: TagSet;
  /** D; systems without a label encoder do not read it. */
  labelWidth: number;
  /** The encoder's parameters under Hugging Face's names, and the head's; used as they are, not copied. */
  parameters: Parameters;
}

/** What is said of every system before it is assembled. */
interface Definition {
  /**
   * Which axes of which parameters are tags, by id: `{ "out.weight": [0] }` has a row a tag. An axis that is longer
   * than the tags are many, such as START makes it, ends with what is no tag.
   */
  tagAxes: Record<string, readonly number[]>;
  /** How it wants sentences of two domains put into batches; mixed unless told. */
  batching?: Batching;
}

/** A system on a BERT encoder. */
export interface BertSystemDefinition extends Definition {
  reads: "pieces";
  /** Names and shapes of the parameters on top of the encoder: H encoder width, D label width, K tags. */
  headShapes(H: number, D: number, K: number): Record<string, number[]>;
  /** Assembles the system. */
  create(options: SystemOptions): System;
}

/** What decides the shapes of a system that reads words. */
export interface WordSystemShape {
  vocabularies: Vocabularies;
  sizes: WordSizes;
  tags: TagSet;
  /** The tags of both data sets, whichever of them `tags` are of: for systems with something of its own for each. */
  domains: Domains;
  /** Sizes of the character language models, for systems that need them. */
  charLm?: CharLmSizes;
  /** A BERT encoder whose states are read beside words, for systems that may and are told to. */
  encoder?: BertConfig;
}

/** What a system that reads words is assembled from. */
export interface WordSystemOptions extends WordSystemShape {
  engine: Engine;
  /** Used as they are, not copied; those of the system are the ones among them that are trained. */
  parameters: Parameters;
}

/** A system that reads words and their characters. */
export interface WordSystemDefinition extends Definition {
  reads: "words";
  /** Names and shapes of all parameters. */
  shapes(about: WordSystemShape): Record<string, number[]>;
  /** Whether it stands on character language models: on parameters under `forward/` and `backward/`. */
  needsCharLm?: boolean;
  /** Whether it can read the states of an encoder: parameters under `encoder/`, which are not trained. */
  mayReadEncoder?: boolean;
  /** Words whose vectors it wants besides those of the data. */
  vectorWords?(domains: Domains): readonly string[];
  /** Changes new parameters, of which `words.weight` has the word vectors, to what the system begins with. */
  initialise?(parameters: Parameters, about: WordSystemShape): void;
  /** Assembles the system. */
  create(options: WordSystemOptions): System;
}

/** What decides the shapes of a system on BART. */
export interface BartSystemShape {
  config: BartConfig;
  tags: TagSet;
  /** The tags of both data sets, whichever of them `tags` are of. */
  domains: Domains;
}

/** What a system on BART is assembled from. */
export interface BartSystemOptions extends BartSystemShape {
  engine: Engine;
  /** How long sequences may be that it writes (see `maxSequenceLength`). */
  lengthRatio: number;
  /** Sequences that are written side by side; 1, greedily, unless told. */
  beamSize?: number;
  /** BART's parameters by the names of `bartShapes`, and the head's; used as they are, not copied. */
  parameters: Parameters;
}

/** A system on BART. */
export interface BartSystemDefinition extends Definition {
  reads: "bart";
  /** Names and shapes of the parameters on top of BART. */
  headShapes(about: BartSystemShape): Record<string, number[]>;
  /**
   * Changes new parameters to what the system begins with.
   *
   * @param piecesOf Gives the ids of the pieces of an entity type's name.
   */
  initialise(
    parameters: Parameters,
    about: BartSystemShape,
    piecesOf: (entityType: string) => number[],
  ): void;
  /** Assembles the system. */
  create(options: BartSystemOptions): System;
}

/** All that there is to know about a system before it is assembled: an entry of the table in model/systems/systems.ts. */
export type SystemDefinition = BertSystemDefinition | WordSystemDefinition | BartSystemDefinition;
