/** Models of systems that read words, and the parts in which such systems differ. */
import type { Domains } from "../../data/tags/domain_tags.ts";
import type { TagSet } from "../../data/tags/tag_set.ts";
import type { Vocabularies } from "../../data/words/vocabularies.ts";
import type { BertConfig } from "../bert/bert_config.ts";
import type { CharLmSizes } from "../char_lm/char_lm.ts";
import type { Engine } from "../engine/engine.ts";
import type { System } from "../training/system.ts";
import type { Parameters } from "../weights/parameters.ts";
import type { WordSizes } from "../words/word_states.ts";
import type { Abilities, Model, SystemDefinition } from "./definition.ts";

/** The prefix of an encoder's parameters in a model that reads its states. */
export const ENCODER_PREFIX = "encoder";

/** Everything on which the shapes of a system that reads words depend. */
export interface WordSystemShape {
  vocabularies: Vocabularies;
  sizes: WordSizes;
  tags: TagSet;
  /** The tags of the source and of the target, for systems with parts for each; `tags` are those of one of them. */
  domains: Domains;
  /** Sizes of the character language models, for systems that need them. */
  charLm?: CharLmSizes;
  /** The BERT encoder whose states are read beside words, if the settings ask for one. */
  encoder?: BertConfig;
}

/** A trained model that reads words; `maxPieces` counts words. */
export interface WordModel extends Model, WordSystemShape {
  tags: TagSet;
}

/** The parts from which a system that reads words is assembled. */
export interface WordSystemOptions extends WordSystemShape {
  engine: Engine;
  /** Used as they are, not copied. The system's own `parameters` are those among them that are trained. */
  parameters: Parameters;
}

/** The differences between systems that read words. */
export interface WordSystemParts extends Partial<Pick<SystemDefinition, "tagAxes" | "batching">> {
  /** Abilities beside tagging; none by default. */
  can?: Partial<Abilities>;
  /** True if it is built on character language models, whose parameters are under `forward/` and `backward/`. */
  needsCharLm?: boolean;
  /** Lists names and shapes of all parameters. */
  shapes(about: WordSystemShape): Record<string, number[]>;
  /** Lists words that need vectors besides the words of the data. */
  vectorWords?: ((domains: Domains) => readonly string[]) | undefined;
  /** Sets the initial values of new parameters, in place; `words.weight` has the word vectors already. */
  initialise?: ((parameters: Parameters, about: WordSystemShape) => void) | undefined;
  /** Assembles the system. */
  create(options: WordSystemOptions): System;
}
