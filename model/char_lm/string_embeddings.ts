/** Contextual string embeddings (Akbik et al. 2018): words as the states of two character language models. */
import type { EncodedSentence } from "../../data/batches/batch.ts";
import { charPlaces } from "../../data/batches/char_places.ts";
import type { Vocabulary } from "../../data/words/word_vocabulary.ts";
import type { Engine } from "../engine/engine.ts";
import { type NdArray, sideBySide, takeRows } from "../engine/nd_array.ts";
import { type Parameters, withoutPrefix } from "../weights/parameters.ts";
import type { WordFeatures } from "../words/word_features.ts";
import { type CharLmSizes, createCharLm } from "./char_lm.ts";

/**
 * Creates them.
 *
 * @param characters The characters that the models know.
 * @param parameters Those of two models, under `forward/` and `backward/`; they are not trained.
 */
export function createStringEmbeddings(
  engine: Engine,
  characters: Vocabulary,
  sizes: CharLmSizes,
  parameters: Parameters,
): WordFeatures {
  const lm = createCharLm(engine, characters.size, sizes);
  const directions = ["forward", "backward"] as const;
  const own = Object.fromEntries(
    directions.map((direction) => [direction, withoutPrefix(direction, parameters)]),
  );
  return {
    width: 2 * sizes.width,
    async of(sentences: readonly EncodedSentence[]): Promise<NdArray> {
      const read = sentences.map(({ words }) => charPlaces(words!));
      const halves: NdArray[] = [];
      for (const direction of directions) {
        const texts = read.map((places) => characters.idsOf(places[direction]));
        const lengths = texts.map(({ length }) => length);
        const ids = new Int32Array(lengths.reduce((sum, n) => sum + n, 0));
        const rows: number[] = [];
        let start = 0;
        texts.forEach((text, i) => {
          ids.set(text, start);
          for (const place of read[i]![`${direction}Places`]) rows.push(start + place);
          start += text.length;
        });
        halves.push(takeRows(await lm.states(own[direction]!, ids, lengths), rows));
      }
      return sideBySide(halves);
    },
    dispose: () => lm.dispose(),
  };
}
