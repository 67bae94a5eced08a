/** Tiny random BARTs and sentences for tests. */
import type { Random } from "../../../data/random.ts";
import type { BartConfig } from "../../../model/bart/bart_config.ts";
import { initialBart } from "../../../model/bart/bart_init.ts";
import { bartShapes } from "../../../model/bart/bart_shapes.ts";
import type { Parameters } from "../../../model/weights/parameters.ts";

export const TINY_BART: BartConfig = {
  vocabularySize: 30,
  maxPositions: 24,
  hiddenWidth: 8,
  nEncoderLayers: 1,
  nDecoderLayers: 2,
  nHeads: 2,
  encoderFeedForwardWidth: 12,
  decoderFeedForwardWidth: 10,
  scaleEmbedding: false,
  dropout: 0.1,
  attentionDropout: 0.2,
  activationDropout: 0.15,
  bosId: 0,
  padId: 1,
  eosId: 2,
  decoderStartId: 2,
};

/** Random parameters, larger than new ones are, so that attention is not flat. */
export function tinyBart(random: Random, config = TINY_BART): Parameters {
  const parameters = initialBart(bartShapes(config), random);
  for (const [name, { data }] of Object.entries(parameters)) {
    if (!name.includes("norm")) data.forEach((value, i) => data[i] = 20 * value);
  }
  return parameters;
}

/** Random sentences of 1 to `maxWords` words of 1 to 3 pieces. */
export function tinySources(
  random: Random,
  n: number,
  maxWords = 6,
): { ids: number[]; firstPieces: number[] }[] {
  return Array.from({ length: n }, () => {
    const ids = [0];
    const firstPieces: number[] = [];
    for (let words = 1 + random.integer(maxWords); words > 0; words--) {
      firstPieces.push(ids.length);
      for (let pieces = 1 + random.integer(3); pieces > 0; pieces--) {
        ids.push(3 + random.integer(TINY_BART.vocabularySize - 3));
      }
    }
    return { ids: [...ids, 2], firstPieces };
  });
}
