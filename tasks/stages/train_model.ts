/** Training one model: from an encoder or a source model to a model with its scores. */
import { formatConll, placeOf, type Sentence } from "../../data/text/conll.ts";
import type { Domain } from "../../data/batches/domain_batches.ts";
import { encodeCorpus, type WordEncoder } from "../../data/pieces/encode_corpus.ts";
import { createRandom } from "../../data/random.ts";
import { scoreSpans, type SpanScores } from "../../data/scores/scores.ts";
import type { TagSet } from "../../data/tags/tag_set.ts";
import { loadEncoderFolder } from "../../model/bert/encoder_folder.ts";
import { isBertModel, type LoadedModel } from "../../model/model.ts";
import { loadModelFolder } from "../../model/model_folder.ts";
import { NotFiniteError } from "../../model/training/not_finite_error.ts";
import { initialParameters } from "../../model/parameters.ts";
import type { SystemDefinition, TaggedSentence } from "../../model/system.ts";
import {
  type BertSystemName,
  isBertSystem,
  isWordSystem,
  type SystemName,
  SYSTEMS,
} from "../../model/systems.ts";
import { createSystem, createTagger, type Tagger } from "../../model/tagger.ts";
import type { SgdSettings } from "../../model/training/learning_rate.ts";
import { train, type TrainRecord } from "../../model/training/train.ts";
import { expandTags } from "../../model/transfer.ts";
import type { Config } from "../config/config.ts";
import type { DataSet } from "../data/data_sets.ts";
import { freshBartModel } from "./fresh_bart_model.ts";
import { freshWordModel } from "./fresh_word_model.ts";
import { locationOptions, type StageContext } from "./stage_context.ts";

/** Which model is trained. */
export interface ModelRequest {
  /** As it is for the run's target (`configForTarget`). */
  config: Config;
  system: SystemName;
  seed: number;
}

/** What a model is to be made for. */
export interface ModelPurpose {
  tags: TagSet;
  /** The data sets that it will be trained on. */
  source: DataSet | null;
  target: DataSet;
}

/** A new model, from the folders of what its system stands on: the encoder, word vectors. */
export async function freshModel(
  context: StageContext,
  request: ModelRequest,
  folders: Readonly<Record<string, string>>,
  purpose: ModelPurpose,
): Promise<LoadedModel> {
  const { system } = request;
  const [dir] = Object.values(folders);
  if (isBertSystem(system)) return await freshBertModel({ ...request, system }, dir, purpose.tags);
  if (isWordSystem(system)) return await freshWordModel(context, { ...request, system }, folders, purpose);
  return await freshBartModel({ ...request, system }, dir, purpose);
}

async function freshBertModel(
  { config, system, seed }: ModelRequest & { system: BertSystemName },
  encoderDir: string,
  tags: TagSet,
): Promise<LoadedModel> {
  const { config: bert, parameters, tokenizer } = await loadEncoderFolder(encoderDir, locationOptions());
  const { labelWidth, dropout, maxPieces } = config.model;
  const shapes = SYSTEMS[system].headShapes(bert.hiddenWidth, labelWidth, tags.nTags);
  return {
    system,
    config: { ...bert, dropout, attentionDropout: dropout },
    parameters: { ...parameters, ...initialParameters(shapes, createRandom(seed).fork("head")) },
    tags,
    labelWidth,
    maxPieces: Math.min(maxPieces, bert.maxPositions),
    tokenizer: tokenizer!,
  };
}

/** The source model in a folder, with its tags expanded to the target's. */
export async function transferredModel(
  { config, seed }: ModelRequest,
  modelDir: string,
  tags: TagSet,
): Promise<LoadedModel> {
  const model = await loadModelFolder(modelDir, locationOptions());
  const parameters = expandTags(model, tags, createRandom(seed).fork("transfer"));
  if (!isBertModel(model)) return { ...model, parameters, tags };
  const { dropout } = config.model;
  return { ...model, parameters, tags, config: { ...model.config, dropout, attentionDropout: dropout } };
}

/** What a model is trained on. */
export interface TrainingData {
  train: Partial<Record<Domain, readonly Sentence[]>>;
  /** Chooses the best epoch; without it the last is kept. */
  dev?: readonly Sentence[];
}

/**
 * Trains a model in place; the tagger is to be disposed of by the caller.
 *
 * @throws The signal's reason when it says so; if a loss is not finite, naming the sentences of its batch.
 */
export async function trainModel(
  context: StageContext,
  seed: number,
  model: LoadedModel,
  data: TrainingData,
  options: TrainSettings,
): Promise<{ training: TrainRecord; tagger: Tagger }> {
  const { tokenizer } = model;
  const system = createSystem(context.engine, model), tagger = createTagger(system, tokenizer, model);
  const domains = ["source", "target"] as const;
  const sentences = domains.flatMap((domain) =>
    encodeTagged(data.train[domain] ?? [], model, tokenizer).map((sentence) => ({ ...sentence, domain }))
  );
  const definition: SystemDefinition = SYSTEMS[model.system];
  const { dev } = data, { signal } = context, checkpoint = await context.openCheckpoint();
  // Few tags change from one epoch to the next.
  let devTags: string[][] | undefined;
  const scoreDev = async (dev: readonly Sentence[]) => {
    const { scores, predicted } = await tagAndScore(tagger, dev, signal, devTags);
    devTags = predicted;
    return scores.f1;
  };
  try {
    const training = await train(system, sentences, {
      ...options,
      batching: definition.batching,
      random: createRandom(seed).fork("train"),
      evaluate: dev && (() => scoreDev(dev)),
      stage: context.label,
      onProgress: context.report,
      signal,
      checkpoint,
    });
    signal.throwIfAborted();
    return { training, tagger };
  } catch (error) {
    tagger.dispose();
    if (!(error instanceof NotFiniteError)) throw error;
    // A part of an over-long sentence is named as its sentence.
    const all = domains.flatMap((domain) => data.train[domain] ?? []);
    const { places } = encodeCorpus(all.map(({ words }) => words), tokenizer, model.maxPieces);
    const members = error.members.map((part) => placeOf(all[places[part].sentence], 0));
    throw new Error(`${error.message}, in the batch of ${members.join(", ")}; ${checkpoint.describe()}`, {
      cause: error,
    });
  }
}

/** How a model is trained: keys of the configuration. */
export interface TrainSettings {
  epochs: number;
  patience: number;
  batchSize: number;
  learningRate: number;
  clipNorm: number | null;
  sgd: SgdSettings | null;
}

/** Training sentences with tag ids; a part of an over-long sentence is a sentence of its own. */
export function encodeTagged(
  sentences: readonly Sentence[],
  model: Pick<LoadedModel, "tags" | "maxPieces">,
  tokenizer: WordEncoder,
): TaggedSentence[] {
  const ids = sentences.map((sentence) => model.tags.idsOf(sentence));
  const { parts, places } = encodeCorpus(sentences.map(({ words }) => words), tokenizer, model.maxPieces);
  return parts.map((part, i) => ({
    ...part,
    tagIds: ids[places[i].sentence].slice(places[i].start, places[i].end),
  }));
}

/**
 * Predicted tags, also beside the gold ones, as columns, and their scores.
 *
 * @param guesses Tags that each sentence probably gets.
 * @throws The signal's reason when it says so.
 */
export async function tagAndScore(
  tagger: Tagger,
  sentences: readonly Sentence[],
  signal: AbortSignal,
  guesses?: readonly (readonly string[])[],
): Promise<{ scores: SpanScores; predicted: string[][]; conll: string }> {
  const words = sentences.map(({ words }) => words);
  const tagged = await tagger.predict(words, () => signal.throwIfAborted(), guesses);
  const gold = sentences.map(({ tags }) => tags), predicted = tagged.map(({ tags }) => tags);
  return {
    scores: scoreSpans(gold, predicted, { scheme: tagger.tags.scheme }),
    predicted,
    conll: formatConll(sentences, { columns: [predicted] }),
  };
}
