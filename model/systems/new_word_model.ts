/** New models of systems that read words. */
import { WHOLE_WORDS } from "../../data/pieces/whole_words.ts";
import { createRandom } from "../../data/random.ts";
import { charNgramVector, hashedNgrams } from "../../data/words/char_ngrams.ts";
import { vectorTable } from "../../data/words/vector_table.ts";
import { allSpellings, createVocabularies, type Vocabularies } from "../../data/words/vocabularies.ts";
import { FIRST_WORD, type Vocabulary } from "../../data/words/word_vocabulary.ts";
import type { CharLmSizes } from "../char_lm/char_lm.ts";
import { type NdArray, sideBySide } from "../engine/nd_array.ts";
import { assignParameters, initialParameters, withPrefix } from "../weights/parameters.ts";
import type { Loaded, Materials, NewModel } from "./definition.ts";
import { ENCODER_PREFIX, type WordModel, type WordSystemParts, type WordSystemShape } from "./word_model.ts";

/** Makes a new model of a system. */
export async function newWordModel(
  { needsCharLm = false, vectorWords, shapes, initialise }: WordSystemParts,
  system: string,
  materials: Materials,
  { tags, domains, train, all, settings, seed }: NewModel,
): Promise<Loaded<WordModel>> {
  const { words: keys, model: { maxPieces } } = settings;
  const also = vectorWords?.(domains) ?? [];
  const found = await materials.vectors(allSpellings([...all, { words: also }], keys.lowercaseFallback));
  const charLms = needsCharLm ? await materials.charLms() : null;
  const encoder = keys.readsEncoder ? await materials.encoder() : null;
  const vocabularies: Vocabularies = {
    ...createVocabularies(train, [...found.words, ...also], keys.lowercaseFallback),
    ...(charLms ? { lmCharacters: charLms.forward.characters } : {}),
  };
  const { characterWidth, characterFeatures, width, nLayers, dropout, templates, ngramWidth } = keys;
  const about: WordSystemShape = {
    vocabularies,
    sizes: {
      wordWidth: found.width + (ngramWidth ?? 0),
      characterWidth,
      characterFeatures,
      width,
      nLayers,
      dropout,
      ...(templates ? { templates } : {}),
    },
    tags,
    domains,
    ...(charLms ? { charLm: sizesOf(keys.charLm) } : {}),
    ...(encoder ? { encoder: encoder.config } : {}),
  };
  const random = createRandom(seed);
  const parameters = initialParameters(shapes(about), random.fork("head"));
  const { data } = vectorTable(vocabularies.words, found, random.fork("words"));
  const table = { shape: [vocabularies.words.size, found.width], data };
  parameters["words.weight"]!.data.set(
    ngramWidth === null ? data : sideBySide([table, ngramTable(vocabularies.words, ngramWidth)]).data,
  );
  for (const [direction, own] of Object.entries(charLms ?? {})) {
    assignParameters(parameters, withPrefix(direction, own.parameters));
  }
  if (encoder) assignParameters(parameters, withPrefix(ENCODER_PREFIX, encoder.parameters));
  initialise?.(parameters, about);
  return {
    system,
    ...about,
    parameters,
    maxPieces: Math.min(maxPieces, encoder?.config.maxPositions ?? maxPieces),
    tokenizer: encoder?.tokenizer ?? WHOLE_WORDS,
    tokenizerFiles: encoder?.tokenizerFiles ?? {},
  };
}

/** Averages random vectors of each word's character n-grams; the rows of PAD and UNK are zero. */
function ngramTable({ words, size }: Vocabulary, width: number): NdArray {
  const vectorOf = hashedNgrams({ width, seed: 1 });
  const data = new Float32Array(size * width);
  words.forEach((word, i) => data.set(charNgramVector(word, vectorOf, width), (i + FIRST_WORD) * width));
  return { shape: [size, width], data };
}

function sizesOf({ width, characterWidth }: CharLmSizes): CharLmSizes {
  return { width, characterWidth };
}
