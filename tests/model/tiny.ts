/** Tiny random models and sentences for tests. */
import { createRandom, type Random } from "../../data/random.ts";
import { createTagSet, type TagSet } from "../../data/tags/tag_set.ts";
import { createVocabularies, type Vocabularies } from "../../data/words/vocabularies.ts";
import { NO_SHAPE, WORD_SHAPES } from "../../data/words/word_shapes.ts";
import { createVocabulary } from "../../data/words/word_vocabulary.ts";
import type { BartConfig } from "../../model/bart/bart_config.ts";
import { initialBart } from "../../model/bart/bart_init.ts";
import { bartShapes } from "../../model/bart/bart_shapes.ts";
import type { BertConfig } from "../../model/bert/bert_config.ts";
import { initialBert } from "../../model/bert/bert_init.ts";
import { encoderShapes } from "../../model/bert/bert_shapes.ts";
import { SHAPE_TABLE, withShapeTable } from "../../model/bert/word_shapes.ts";
import type { Engine } from "../../model/engine/engine.ts";
import type { BartModel, BartSystemShape } from "../../model/systems/bart_system.ts";
import type { BertModel } from "../../model/systems/bert_system.ts";
import { createSystem } from "../../model/systems/create_system.ts";
import { type SystemName, SYSTEMS } from "../../model/systems/systems.ts";
import type { WordModel, WordSystemShape } from "../../model/systems/word_model.ts";
import type { WordSystem } from "../../model/systems/word_system.ts";
import type { System, TaggedSentence } from "../../model/training/system.ts";
import { initialParameters, type Parameters } from "../../model/weights/parameters.ts";
import type { WordSizes } from "../../model/words/word_states.ts";
import { TINY_PIECES } from "../data/tiny_tokenizer.ts";
import { type BertSystemName, isBertSystem, isWordSystem, type WordSystemName } from "./families.ts";

/** An encoder with the pieces of tests/data/tiny_tokenizer.ts. */
export const TINY_BERT: BertConfig = {
  vocabularySize: TINY_PIECES.length,
  maxPositions: 48,
  nTokenTypes: 2,
  hiddenWidth: 8,
  nLayers: 2,
  nHeads: 2,
  feedForwardWidth: 12,
  layerNormEpsilon: 1e-12,
  dropout: 0.1,
  attentionDropout: 0.1,
};

/** O and the tags of two types. */
export const TINY_TAGS: TagSet = createTagSet(["person", "place"]);

/** D of tiny models. */
export const LABEL_WIDTH = 3;

/** Sizes of tiny systems of words. */
export const TINY_SIZES: WordSizes = {
  wordWidth: 6,
  characterWidth: 3,
  characterFeatures: 4,
  width: 3,
  nLayers: 2,
  dropout: 0.2,
};

/** The letter that a piece is in the words of `tinySentences`. */
const letterOf = (piece: number) => String.fromCharCode(97 + piece % 26);

/** Most words of up to two letters; all others are unknown. */
export const TINY_VOCABULARIES: Vocabularies = {
  ...createVocabularies(
    [{ words: Array.from({ length: 200 }, (_, i) => letterOf(i) + (i < 26 ? "" : letterOf(i * 7 % 26))) }],
    [],
    true,
  ),
  lmCharacters: createVocabulary([..."abcdefghijklmnopqrstuvw \n"]),
};

/** BART with the pieces of bytes and the special ones; its sentences begin and end as the tiny encoder's do. */
export const TINY_BART: BartConfig = {
  vocabularySize: 261,
  maxPositions: 48,
  hiddenWidth: 8,
  nHeads: 2,
  scaleEmbedding: false,
  nEncoderLayers: 1,
  nDecoderLayers: 1,
  encoderFeedForwardWidth: 12,
  decoderFeedForwardWidth: 12,
  dropout: 0.1,
  attentionDropout: 0,
  activationDropout: 0,
  bosId: 2,
  padId: 0,
  eosId: 3,
  decoderStartId: 3,
};
const DOMAINS = { source: createTagSet(["person", "river"]), target: TINY_TAGS };

/** What a tiny system on BART is made for. */
const aboutBart = (tags: TagSet): BartSystemShape => ({ config: TINY_BART, tags, domains: DOMAINS });

/** What a tiny system of words is made for. */
const about = (name: WordSystemName, tags: TagSet): WordSystemShape => {
  const { lmCharacters, ...vocabularies } = TINY_VOCABULARIES;
  const { needsCharLm }: WordSystem = SYSTEMS[name];
  return {
    vocabularies: needsCharLm ? { ...vocabularies, lmCharacters } : vocabularies,
    ...(needsCharLm ? { charLm: { characterWidth: 3, width: 4 } } : {}),
    sizes: TINY_SIZES,
    tags,
    domains: DOMAINS,
  };
};

/** A random table of word shapes by its name, as loud as the encoder. */
export function tinyShapeTable(random: Random): Parameters {
  const { [SHAPE_TABLE]: table } = withShapeTable({}, true, TINY_BERT.hiddenWidth);
  return { [SHAPE_TABLE]: { ...table!, data: table!.data.map(() => random.normal()) } };
}

/** Random parameters of the encoder. */
export function tinyEncoder(random: Random): Parameters {
  return loudly(initialBert(encoderShapes(TINY_BERT), random));
}

/** New parameters of a transformer, made larger in place: attention is not flat. */
function loudly(parameters: Parameters): Parameters {
  for (const [name, { data }] of Object.entries(parameters)) {
    if (!/layer_?norm/i.test(name)) { for (let i = 0; i < data.length; i++) data[i]! *= 15; }
  }
  return parameters;
}

/**
 * Random parameters, larger than new ones are: attention is not flat, tags differ from word to word and depend on
 * the tags before. Those of laner-plus have a table of word shapes.
 */
export function tinyParameters(name: SystemName, random: Random, tags: TagSet = TINY_TAGS): Parameters {
  if (isWordSystem(name)) {
    const parameters = initialParameters(SYSTEMS[name].shapes(about(name, tags)), random);
    for (const { data } of Object.values(parameters)) data.forEach((value, i) => data[i] = 2 * value);
    return parameters;
  }
  const encoder = isBertSystem(name) ? tinyEncoder(random) : initialBart(bartShapes(TINY_BART), random);
  if (!isBertSystem(name)) loudly(encoder);
  const head = initialParameters(
    isBertSystem(name)
      ? SYSTEMS[name].headShapes(TINY_BERT.hiddenWidth, LABEL_WIDTH, tags.nTags)
      : SYSTEMS[name].headShapes(aboutBart(tags)),
    random,
  );
  for (const { data } of Object.values(head)) for (let i = 0; i < data.length; i++) data[i]! *= 3;
  return { ...encoder, ...(name === "laner-plus" ? tinyShapeTable(random.fork("shapes")) : {}), ...head };
}

/** A system with random parameters of the seed. */
export function tinySystem(engine: Engine, name: SystemName, seed: number): System {
  return createSystem(engine, tinyModel(name, seed));
}

/** A model of any family. */
export type TinyModel = BertModel | WordModel | BartModel;

/** A model with random parameters of the seed. */
export function tinyModel(name: BertSystemName, seed: number, maxPieces?: number): BertModel;
export function tinyModel(name: SystemName, seed: number, maxPieces?: number): TinyModel;
export function tinyModel(system: SystemName, seed: number, maxPieces = 12): TinyModel {
  const parameters = tinyParameters(system, createRandom(seed));
  if (!isBertSystem(system) && !isWordSystem(system)) {
    return { system, parameters, ...aboutBart(TINY_TAGS), lengthRatio: 2, maxPieces };
  }
  return isBertSystem(system)
    ? {
      system,
      config: TINY_BERT,
      parameters,
      tags: TINY_TAGS,
      labelWidth: LABEL_WIDTH,
      ...(system === "laner-plus" ? { legalTags: true } : {}),
      maxPieces,
    }
    : { system, parameters, ...about(system, TINY_TAGS), maxPieces };
}

/**
 * Random sentences of 1 to `maxWords` words of 1 to 3 pieces, with random tags; a word has a letter a piece, and the
 * shape that its first piece says.
 */
export function tinySentences(random: Random, n: number, maxWords = 8): TaggedSentence[] {
  return Array.from({ length: n }, () => {
    const ids = [2];
    const firstPieces: number[] = [];
    const tagIds: number[] = [];
    const words: string[] = [];
    const pieceShapes = [NO_SHAPE];
    for (let left = 1 + random.integer(maxWords); left > 0; left--) {
      firstPieces.push(ids.length);
      tagIds.push(random.integer(TINY_TAGS.nTags));
      for (let pieces = 1 + random.integer(3); pieces > 0; pieces--) {
        ids.push(5 + random.integer(TINY_BERT.vocabularySize - 5));
      }
      const pieces = ids.slice(firstPieces.at(-1));
      words.push(pieces.map(letterOf).join(""));
      pieceShapes.push(...pieces.map(() => pieces[0]! % WORD_SHAPES.length));
    }
    return { ids: [...ids, 3], firstPieces, words, tagIds, pieceShapes: [...pieceShapes, NO_SHAPE] };
  });
}
