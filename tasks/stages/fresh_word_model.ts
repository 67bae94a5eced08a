/** New models that read words: vocabularies of the training sentences, word vectors from a file. */
import { join } from "node:path";
import { WHOLE_WORDS } from "../../data/pieces/whole_words.ts";
import { createRandom } from "../../data/random.ts";
import { charNgramVector, hashedNgrams } from "../../data/words/char_ngrams.ts";
import { vectorTable } from "../../data/words/vector_table.ts";
import { allSpellings, createVocabularies, type Vocabularies } from "../../data/words/vocabularies.ts";
import { FIRST_WORD, type Vocabulary } from "../../data/words/word_vocabulary.ts";
import { loadEncoderFolder } from "../../model/bert/encoder_folder.ts";
import type { CharLmSizes } from "../../model/char_lm/char_lm.ts";
import { type NdArray, sideBySide } from "../../model/engine/nd_array.ts";
import type { LoadedModel } from "../../model/systems/model.ts";
import type { WordSystemDefinition, WordSystemShape } from "../../model/systems/system.ts";
import { SYSTEMS, type WordSystemName } from "../../model/systems/systems.ts";
import { assignParameters, initialParameters, withPrefix } from "../../model/weights/parameters.ts";
import type { Config } from "../config/config.ts";
import { tagsOf } from "../data_sets/data_tags.ts";
import { readWordVectorFile } from "../data_sets/word_vector_file.ts";
import type { ModelPurpose, ModelRequest } from "./model_request.ts";
import { locationOptions, type StageContext } from "./stage_context.ts";
import { readCharLm } from "./stored_char_lm.ts";

/**
 * A new model of a system that reads words.
 *
 * Its vocabulary has the words that it will be trained on, and of the other words of the data sets those with a vector.
 *
 * @param folders `vectors`: a file of word vectors, or the folder of the stage that trained some; `forward` and
 * `backward`: folders of character language models, where the system needs them; `encoder`: that of a BERT encoder, if
 * its states are to be read.
 */
export async function freshWordModel(
  context: StageContext,
  { config, system, seed }: ModelRequest & { system: WordSystemName },
  folders: Readonly<Record<string, string>>,
  { tags, source, target }: ModelPurpose,
): Promise<LoadedModel> {
  const { words: keys, model: { maxPieces }, data: { scheme } } = config;
  const dataSets = source ? [source, target] : [target];
  const all = dataSets.flatMap(({ splits }) => Object.values(splits).flat());
  const domains = { source: tagsOf(source ?? target, scheme), target: tagsOf(target, scheme) };
  const definition: WordSystemDefinition = SYSTEMS[system];
  const also = definition.vectorWords?.(domains) ?? [];
  const { vectors } = folders;
  const isFolder = (await Deno.stat(vectors)).isDirectory;
  const found = await readWordVectorFile(isFolder ? join(vectors, "vectors.txt") : vectors, {
    words: allSpellings([...all, { words: also }], keys.lowercaseFallback),
    // Those that were trained in the run are read in no time.
    report: isFolder ? undefined : context.report,
    signal: context.signal,
  });
  const models = definition.needsCharLm
    ? { forward: await readCharLm(folders.forward), backward: await readCharLm(folders.backward) }
    : null;
  const train = dataSets.flatMap(({ splits }) => splits.train);
  const vocabularies: Vocabularies = {
    ...createVocabularies(train, [...found.words, ...also], keys.lowercaseFallback),
    ...(models ? { lmCharacters: models.forward.characters } : {}),
  };
  const { characterWidth, characterFeatures, width, nLayers, dropout, templates, ngramWidth } = keys;
  const encoder = folders.encoder ? await loadEncoderFolder(folders.encoder, locationOptions()) : null;
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
    ...(models ? { charLm: sizesOf(keys.charLm) } : {}),
    ...(encoder ? { encoder: encoder.config } : {}),
  };
  const most = Math.min(maxPieces, encoder?.config.maxPositions ?? maxPieces);
  const random = createRandom(seed), shapes = definition.shapes(about);
  const parameters = initialParameters(shapes, random.fork("head"));
  const vectorsOfWords = vectorTable(vocabularies.words, found, random.fork("words")).data;
  const table = { shape: [vocabularies.words.size, found.width], data: vectorsOfWords };
  parameters["words.weight"].data.set(
    ngramWidth === null ? table.data : sideBySide([table, ngramTable(vocabularies.words, ngramWidth)]).data,
  );
  for (const [direction, own] of Object.entries(models ?? {})) {
    assignParameters(parameters, withPrefix(direction, own.parameters));
  }
  if (encoder) assignParameters(parameters, withPrefix("encoder", encoder.parameters));
  definition.initialise?.(parameters, about);
  return { system, ...about, parameters, maxPieces: most, tokenizer: encoder?.tokenizer ?? WHOLE_WORDS };
}

/** Means of the vectors of each word's character n-grams, from a table of random ones; PAD and UNK have none. */
function ngramTable({ words, size }: Vocabulary, width: number): NdArray {
  const vectorOf = hashedNgrams({ width, seed: 1 }), data = new Float32Array(size * width);
  words.forEach((word, i) => data.set(charNgramVector(word, vectorOf, width), (i + FIRST_WORD) * width));
  return { shape: [size, width], data };
}

function sizesOf({ width, characterWidth }: Config["words"]["charLm"]): CharLmSizes {
  return { width, characterWidth };
}

/** The keys of `words` that decide what a model is, once what it is made from is there. */
export function ownWordKeys({ vectors: _, standIn: __, charLm: ___, ...keys }: Config["words"]): object {
  return keys;
}
