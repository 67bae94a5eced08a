/** Made-up sentences and models of any size, for timings that depend on sizes alone. */
import { createRandom, type Random } from "../../data/random.ts";
import { createTagSet, type TagSet } from "../../data/tags/tag_set.ts";
import type { BertModel } from "../../model/systems/bert_system.ts";
import { SYSTEMS } from "../../model/systems/systems.ts";
import type { TaggedSentence } from "../../model/training/system.ts";
import { initialParameters } from "../../model/weights/parameters.ts";
import type { SyntheticRequest } from "./bench_request.ts";
import { ENCODER_SIZES, randomEncoder } from "./encoder_sizes.ts";

/** Ids of [CLS] and [SEP] in BERT's vocabularies; other sizes of vocabulary do not mind which they are. */
const [CLS, SEP] = [101, 102];
/** The first id that a word may have. */
const FIRST_WORD = 110;
/** The share of words that begin an entity, and the most words in one, as in the data sets of the paper. */
const ENTITY_SHARE = 0.12;
const MOST_WORDS = 3;
/** The share of words with a second piece. */
const SECOND_PIECE = 0.2;

/** Makes the tags of some entity types. */
export function syntheticTags(types: number): TagSet {
  return createTagSet(Array.from({ length: types }, (_, i) => `type${i}`));
}

/** Makes the model of a request, with random weights. */
export function syntheticModel({ system, size, labelWidth, types }: SyntheticRequest): BertModel {
  const config = ENCODER_SIZES[size];
  const tags = syntheticTags(types);
  const shapes = SYSTEMS[system].headShapes(config.hiddenWidth, labelWidth, tags.nTags);
  return {
    system,
    config,
    tags,
    labelWidth,
    maxPieces: config.maxPositions,
    parameters: { ...randomEncoder(config), ...initialParameters(shapes, createRandom(2)) },
  };
}

/**
 * Makes sentences of one length, with entities as dense as in real text.
 *
 * @param n Their number.
 * @param length Words in each; they have 1.2 pieces each, and no more than the encoder reads.
 */
export function syntheticSentences(
  random: Random,
  n: number,
  length: number,
  { config, tags }: Pick<BertModel, "config" | "tags">,
): TaggedSentence[] {
  const draw = () => FIRST_WORD + random.integer(config.vocabularySize - FIRST_WORD);
  return Array.from({ length: n }, () => {
    const ids = [CLS];
    const firstPieces = [];
    let spare = config.maxPositions - 2 - length;
    for (let word = 0; word < length; word++) {
      firstPieces.push(ids.length);
      ids.push(draw());
      if (random.uniform() < SECOND_PIECE && spare-- > 0) ids.push(draw());
    }
    ids.push(SEP);
    return { ids, firstPieces, words: firstPieces.map(String), tagIds: drawTags(random, length, tags.nTags) };
  });
}

/** Draws tag ids: 0 is O, then B and I of each type. */
function drawTags(random: Random, length: number, nTags: number): number[] {
  const tagIds: number[] = [];
  while (tagIds.length < length) {
    if (random.uniform() >= ENTITY_SHARE) {
      tagIds.push(0);
      continue;
    }
    const type = random.integer((nTags - 1) / 2);
    tagIds.push(1 + 2 * type);
    for (let more = random.integer(MOST_WORDS); more > 0 && tagIds.length < length; more--) {
      tagIds.push(2 + 2 * type);
    }
  }
  return tagIds;
}
