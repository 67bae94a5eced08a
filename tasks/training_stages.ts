/** Stages that train a tagger: on the source, then on a target with the tags expanded. */
import { basename, join } from "node:path";
import { formatConll, type Sentence } from "../data/conll.ts";
import { encodeCorpus } from "../data/encode_corpus.ts";
import { createRandom } from "../data/random.ts";
import { scoreSpans, type SpanScores } from "../data/scores.ts";
import { type TagSet, tagSetOf, unionOfTagSets } from "../data/tag_set.ts";
import type { Tokenizer } from "../data/tokenizer.ts";
import { loadEncoderFolder } from "../model/encoder_folder.ts";
import { loadModelFolder, type Model, writeModelFolder } from "../model/model_folder.ts";
import { initialParameters } from "../model/parameters.ts";
import type { TaggedSentence } from "../model/system.ts";
import { type SystemName, SYSTEMS } from "../model/systems.ts";
import { createSystem, createTagger, type Tagger } from "../model/tagger.ts";
import { train, type TrainRecord } from "../model/train.ts";
import { expandTags } from "../model/transfer.ts";
import type { Config } from "./config.ts";
import type { DataSet } from "./data_sets.ts";
import type { StoredEncoder } from "./encoder_stages.ts";
import {
  copyTokenizer,
  Interrupted,
  type StageContext,
  stageOf,
  throwIfInterrupted,
  writeFiles,
} from "./stage_context.ts";

/** A trained model on disk, and the hash of what it came from. */
export interface StoredModel {
  dir: string;
  key: string;
  wallSeconds: number;
}

/** What `scores.json` of a fine-tuned model holds. */
export interface FinetuneScores {
  dev: SpanScores;
  test: SpanScores;
  training: TrainRecord;
  /** Seconds that prediction of the test sentences took. */
  predictSeconds: number;
  nParameters: { encoder: number; head: number };
}

/** What both stages are told. */
export interface TrainingRequest {
  config: Config;
  system: SystemName;
  seed: number;
  encoder: StoredEncoder;
  source: DataSet;
}

/** The tags of a data set: of all types that occur in any of its splits. */
export function tagsOf({ splits }: DataSet, scheme: Config["data"]["scheme"]): TagSet {
  return tagSetOf(Object.values(splits).flat(), { scheme });
}

/** A model trained on the source, with the source's own tags, or with the target's too (`labelSpace: joint`). */
export async function pretrainStage(
  context: StageContext,
  request: TrainingRequest,
  target: DataSet,
): Promise<StoredModel> {
  const { config, system, seed, encoder, source } = request;
  const own = tagsOf(source, config.data.scheme);
  const tags = config.model.labelSpace === "joint"
    ? unionOfTagSets(own, tagsOf(target, config.data.scheme))
    : own;
  const spec = {
    stage: "pretrain",
    inputs: { encoder: encoder.key, source: source.fingerprint },
    config: { system, seed, tags: tags.tags, model: config.model, pretrain: config.pretrain },
  };
  const { dir, record } = await stageOf(context, spec, async (dir) => {
    const { model, tokenizer } = await freshModel(request, tags);
    const { training, tagger } = await trainModel(context, request, model, tokenizer, source, {
      ...config.pretrain,
      patience: 0,
    }, false);
    tagger.dispose();
    await copyTokenizer(encoder.dir, dir);
    await writeFiles(dir, {
      ...writeModelFolder(model),
      "training.json": JSON.stringify(training, null, 2) + "\n",
    });
  });
  return { dir, key: record.key, wallSeconds: record.wallSeconds };
}

/** A model for a target, from a source model or, without one, from the encoder (in-domain training). */
export async function finetuneStage(
  context: StageContext,
  request: TrainingRequest,
  target: DataSet,
  pretrained: StoredModel | null,
): Promise<StoredModel> {
  const { config, system, seed, encoder } = request;
  const tags = tagsOf(target, config.data.scheme);
  const spec = {
    stage: "finetune",
    inputs: { start: pretrained?.key ?? encoder.key, target: target.fingerprint },
    config: { system, seed, tags: tags.tags, model: config.model, train: config.train },
  };
  const { dir, record } = await stageOf(context, spec, async (dir) => {
    const { model, tokenizer } = pretrained
      ? await transferredModel(pretrained, request, tags)
      : await freshModel(request, tags);
    const { training, tagger } = await trainModel(
      context,
      request,
      model,
      tokenizer,
      target,
      config.train,
      true,
    );
    const dev = await tagAndScore(tagger, target.splits.dev);
    const start = performance.now();
    const test = await tagAndScore(tagger, target.splits.test);
    const predictSeconds = (performance.now() - start) / 1000;
    tagger.dispose();
    await copyTokenizer(encoder.dir, dir);
    const files = writeModelFolder(model);
    const nValues = (names: (name: string) => boolean) =>
      Object.entries(model.parameters).reduce(
        (n, [name, { data }]) => n + (names(name) ? data.length : 0),
        0,
      );
    const isEncoder = (name: string) => /^(embeddings|encoder)\./.test(name);
    const scores: FinetuneScores = {
      dev: dev.scores,
      test: test.scores,
      training,
      predictSeconds,
      nParameters: { encoder: nValues(isEncoder), head: nValues((name) => !isEncoder(name)) },
    };
    await writeFiles(dir, {
      ...files,
      "scores.json": JSON.stringify(scores, null, 2) + "\n",
      "dev.conll": dev.conll,
      "test.conll": test.conll,
    });
    if (training.stoppedBy === "signal") await keepInterrupted(context, dir, training);
  });
  return { dir, key: record.key, wallSeconds: record.wallSeconds };
}

/** A model that was not trained to its end is kept beside the store, not in it: nothing must build on it unasked. */
async function keepInterrupted({ store }: StageContext, dir: string, training: TrainRecord): Promise<never> {
  const kept = join(store, "interrupted", basename(dir));
  await Deno.mkdir(join(store, "interrupted"), { recursive: true });
  await Deno.remove(kept, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  await Deno.rename(dir, kept);
  throw new Interrupted(
    `stopped; the best epoch so far (${training.bestEpoch} of ${training.epochs.length}) is kept as a model in ${kept}, ` +
      "and the same command trains this run anew",
  );
}

/** Reads what a fine-tuning stage scored. */
export async function readScores(model: StoredModel): Promise<FinetuneScores> {
  return JSON.parse(await Deno.readTextFile(join(model.dir, "scores.json")));
}

type LoadedModel = { model: Model; tokenizer: Tokenizer };

/** A model from the encoder with a new head. */
async function freshModel(
  { config, system, seed, encoder }: TrainingRequest,
  tags: TagSet,
): Promise<LoadedModel> {
  const { config: bert, parameters, tokenizer } = await loadEncoderFolder(encoder.dir);
  const { labelWidth, dropout, maxPieces } = config.model;
  const shapes = SYSTEMS[system].headShapes(bert.hiddenWidth, labelWidth, tags.nTags);
  const model: Model = {
    system,
    config: { ...bert, dropout, attentionDropout: dropout },
    parameters: { ...parameters, ...initialParameters(shapes, createRandom(seed).fork("head")) },
    tags,
    labelWidth,
    maxPieces: Math.min(maxPieces, bert.maxPositions),
  };
  return { model, tokenizer: tokenizer! };
}

/** A source model with its tags expanded to the target's. */
async function transferredModel(
  pretrained: StoredModel,
  { config, seed }: TrainingRequest,
  tags: TagSet,
): Promise<LoadedModel> {
  const { tokenizer, ...model } = await loadModelFolder(pretrained.dir);
  const { dropout } = config.model;
  const parameters = expandTags(model, tags, createRandom(seed).fork("transfer"));
  return {
    model: { ...model, parameters, tags, config: { ...model.config, dropout, attentionDropout: dropout } },
    tokenizer,
  };
}

async function trainModel(
  context: StageContext,
  { seed }: TrainingRequest,
  model: Model,
  tokenizer: Tokenizer,
  data: DataSet,
  options: { epochs: number; patience: number; batchSize: number; learningRate: number },
  selectOnDev: boolean,
): Promise<{ training: TrainRecord; tagger: Tagger }> {
  const system = createSystem(context.engine, model);
  const tagger = createTagger(system, tokenizer, model);
  const sentences = encodeTagged(data.splits.train, model, tokenizer);
  const training = await train(system, sentences, {
    ...options,
    random: createRandom(seed).fork("train"),
    evaluate: selectOnDev ? async () => (await tagAndScore(tagger, data.splits.dev)).scores.f1 : undefined,
    stage: context.label,
    onProgress: context.report,
    signal: context.signal,
  });
  // What was trained on the source alone, or for less than an epoch, is of no use to anybody.
  if (training.stoppedBy === "signal" && !(selectOnDev && training.bestEpoch > 0)) {
    throwIfInterrupted(context.signal);
  }
  return { training, tagger };
}

/** Training sentences with tag ids; a part of an over-long sentence is a sentence of its own. */
export function encodeTagged(
  sentences: readonly Sentence[],
  model: Pick<Model, "tags" | "maxPieces">,
  tokenizer: Tokenizer,
): TaggedSentence[] {
  const ids = sentences.map((sentence) => model.tags.idsOf(sentence));
  const { parts, places } = encodeCorpus(sentences.map(({ words }) => words), tokenizer, model.maxPieces);
  return parts.map((part, i) => ({
    ...part,
    tagIds: ids[places[i].sentence].slice(places[i].start, places[i].end),
  }));
}

/** Predicted tags beside the gold ones, as columns, and their scores. */
async function tagAndScore(
  tagger: Tagger,
  sentences: readonly Sentence[],
): Promise<{ scores: SpanScores; conll: string }> {
  const tagged = await tagger.predict(sentences.map(({ words }) => words));
  const gold = sentences.map(({ tags }) => tags), predicted = tagged.map(({ tags }) => tags);
  return {
    scores: scoreSpans(gold, predicted, { scheme: tagger.tags.scheme }),
    conll: formatConll(sentences, { columns: [predicted] }),
  };
}
