/** Tiny random models and sentences for tests. */
import { createRandom, type Random } from "../../data/random.ts";
import { createTagSet, type TagSet } from "../../data/tag_set.ts";
import type { BertConfig } from "../../model/bert_config.ts";
import { encoderShapes } from "../../model/bert_shapes.ts";
import { initialBert } from "../../model/bert_init.ts";
import type { Engine } from "../../model/engine/engine.ts";
import { initialParameters, type Parameters } from "../../model/parameters.ts";
import type { System, TaggedSentence } from "../../model/system.ts";
import { type SystemName, SYSTEMS } from "../../model/systems.ts";
import { TINY_PIECES } from "../data/tiny_tokenizer.ts";

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

/**
 * Random parameters, larger than new ones are: attention is not flat, tags differ from word to word and depend on
 * the tags before.
 */
export function tinyParameters(name: SystemName, random: Random, tags: TagSet = TINY_TAGS): Parameters {
  const encoder = initialBert(encoderShapes(TINY_BERT), random);
  for (const [name, { data }] of Object.entries(encoder)) {
    if (!name.includes("LayerNorm")) { for (let i = 0; i < data.length; i++) data[i] *= 15; }
  }
  const head = initialParameters(
    SYSTEMS[name].headShapes(TINY_BERT.hiddenWidth, LABEL_WIDTH, tags.nTags),
    random,
  );
  for (const { data } of Object.values(head)) for (let i = 0; i < data.length; i++) data[i] *= 3;
  return { ...encoder, ...head };
}

/** A system with random parameters of the seed. */
export function tinySystem(engine: Engine, name: SystemName, seed: number): System {
  return SYSTEMS[name].create({
    engine,
    config: TINY_BERT,
    tags: TINY_TAGS,
    labelWidth: LABEL_WIDTH,
    parameters: tinyParameters(name, createRandom(seed)),
  });
}

/** Random sentences of 1 to `maxWords` words of 1 to 3 pieces, with random tags. */
export function tinySentences(random: Random, n: number, maxWords = 8): TaggedSentence[] {
  return Array.from({ length: n }, () => {
    const ids = [2], firstPieces: number[] = [], tagIds: number[] = [];
    for (let words = 1 + random.integer(maxWords); words > 0; words--) {
      firstPieces.push(ids.length);
      tagIds.push(random.integer(TINY_TAGS.nTags));
      for (let pieces = 1 + random.integer(3); pieces > 0; pieces--) {
        ids.push(5 + random.integer(TINY_BERT.vocabularySize - 5));
      }
    }
    return { ids: [...ids, 3], firstPieces, tagIds };
  });
}
