/** New models that read words: vocabularies of the training sentences, word vectors from a file. */
import { join } from "node:path";
import { createRandom } from "../data/random.ts";
import { allSpellings, createVocabularies } from "../data/vocabularies.ts";
import { vectorTable } from "../data/vector_table.ts";
import { WHOLE_WORDS } from "../data/whole_words.ts";
import type { LoadedModel } from "../model/model.ts";
import { initialParameters } from "../model/parameters.ts";
import type { WordSystemDefinition } from "../model/system.ts";
import { SYSTEMS, type WordSystemName } from "../model/systems.ts";
import type { Config } from "./config.ts";
import { tagsOf } from "./data_tags.ts";
import type { StageContext } from "./stage_context.ts";
import type { ModelPurpose, ModelRequest } from "./train_model.ts";
import { readWordVectorFile } from "./word_vector_file.ts";

/**
 * A new model of a system that reads words.
 *
 * Its vocabulary has the words that it will be trained on, and of the other words of the data sets those with a vector.
 *
 * @param vectors File of word vectors, or the folder of the stage that trained some.
 */
export async function freshWordModel(
  context: StageContext,
  { config, system, seed }: ModelRequest & { system: WordSystemName },
  vectors: string,
  { tags, source, target }: ModelPurpose,
): Promise<LoadedModel> {
  const { words: keys, model: { maxPieces }, data: { scheme } } = config;
  const dataSets = source ? [source, target] : [target];
  const all = dataSets.flatMap(({ splits }) => Object.values(splits).flat());
  const domains = { source: tagsOf(source ?? target, scheme), target: tagsOf(target, scheme) };
  const definition: WordSystemDefinition = SYSTEMS[system];
  const also = definition.vectorWords?.(domains) ?? [];
  const isFolder = (await Deno.stat(vectors)).isDirectory;
  const found = await readWordVectorFile(isFolder ? join(vectors, "vectors.txt") : vectors, {
    words: allSpellings([...all, { words: also }], keys.lowercaseFallback),
    report: context.report,
    signal: context.signal,
  });
  const train = dataSets.flatMap(({ splits }) => splits.train);
  const vocabularies = createVocabularies(train, [...found.words, ...also], keys.lowercaseFallback);
  const { characterWidth, characterFeatures, width, nLayers, dropout } = keys;
  const about = {
    vocabularies,
    sizes: { wordWidth: found.width, characterWidth, characterFeatures, width, nLayers, dropout },
    tags,
    domains,
  };
  const random = createRandom(seed), shapes = definition.shapes(about);
  const parameters = initialParameters(shapes, random.fork("head"));
  parameters["words.weight"].data.set(vectorTable(vocabularies.words, found, random.fork("words")).data);
  definition.initialise?.(parameters, about);
  return { system, ...about, parameters, maxPieces, tokenizer: WHOLE_WORDS };
}

/** The keys of `words` that decide what a model is, once its vectors are there. */
export function ownWordKeys({ vectors: _, standIn: __, ...keys }: Config["words"]): object {
  return keys;
}
