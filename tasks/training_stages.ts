/** Stages that train a tagger: on the source, on a target after it, or on both together. */
import type { Sentence } from "../data/conll.ts";
import type { SpanScores } from "../data/scores.ts";
import { type TagSet, unionOfTagSets } from "../data/tag_set.ts";
import type { EngineName } from "../model/engine/engine.ts";
import { writeModelFolder } from "../model/model_folder.ts";
import type { Parameters } from "../model/parameters.ts";
import type { TrainRecord } from "../model/train.ts";
import type { DataSet } from "./data_sets.ts";
import { createStage, type GivenFolder, isStage, type Stage } from "./stage.ts";
import { type StageContext, tokenizerFiles, writeFiles } from "./stage_context.ts";
import { readStored, type StoredStage } from "./stage_store.ts";
import { FINETUNE_SCORES } from "./stored_forms.ts";
import {
  freshModel,
  type LoadedModel,
  type ModelRequest,
  tagAndScore,
  tagsOf,
  trainModel,
  type TrainSettings,
  transferredModel,
} from "./train_model.ts";

/** What `scores.json` of a model for a target holds. */
export interface FinetuneScores {
  dev: SpanScores;
  test: SpanScores;
  training: TrainRecord;
  /** Seconds that prediction of the test sentences took. */
  predictSeconds: number;
  nParameters: { encoder: number; head: number };
}

/** What training stages are told. */
export interface TrainingRequest extends ModelRequest {
  engine: EngineName;
  /** For people: "laner + DAPT, seed 555". */
  name: string;
}

/** A model trained on the source, with the source's own tags, or with the target's too (`labelSpace: joint`). */
export function pretrainStage(
  request: TrainingRequest,
  encoder: Stage | GivenFolder,
  source: DataSet,
  target: DataSet,
): Promise<Stage> {
  const { engine, config, system, seed, name } = request, { model, pretrain } = config;
  const own = tagsOf(source, config.data.scheme);
  const tags = model.labelSpace === "joint" ? unionOfTagSets(own, tagsOf(target, config.data.scheme)) : own;
  return createStage({
    stage: "pretrain",
    label: `${source.name}${isAdapted(encoder) ? ` before ${target.name}` : ""}: ${name}`,
    needs: { encoder },
    inputs: { source: source.fingerprint },
    config: { system, seed, tags: tags.tags, model, pretrain },
    engine,
    async work(dir, folders, context) {
      const loaded = await freshModel(request, folders.encoder, tags);
      const data = { train: source.splits.train };
      const { training, tagger } = await trainModel(context, seed, loaded, data, {
        ...pretrain,
        patience: 0,
      });
      tagger.dispose();
      await writeFiles(context, dir, {
        ...await tokenizerFiles(folders.encoder),
        ...writeModelFolder(loaded.model),
        "training.json": JSON.stringify(training, null, 2) + "\n",
      });
    },
  });
}

/**
 * A model for a target.
 *
 * @param start The source model, or the encoder (in-domain training).
 */
export function finetuneStage(
  request: TrainingRequest,
  start: Stage | GivenFolder,
  target: DataSet,
): Promise<Stage> {
  const { engine, config, system, seed, name } = request, { model, train } = config;
  const tags = tagsOf(target, config.data.scheme);
  return createStage({
    stage: "finetune",
    label: `${target.name}: ${name}`,
    needs: { start },
    inputs: { target: target.fingerprint },
    config: { system, seed, tags: tags.tags, model, train },
    engine,
    async work(dir, folders, context) {
      const isModel = isStage(start) && start.spec.stage === "pretrain";
      const loaded = await (isModel ? transferredModel : freshModel)(request, folders.start, tags);
      const files = await trainAndScore(context, request, loaded, target.splits.train, target, train);
      await writeFiles(context, dir, { ...await tokenizerFiles(folders.start), ...files });
    },
  });
}

/** A model for a target, trained on the source and the target, repeated to be as large, together. */
export function jointStage(
  request: TrainingRequest,
  encoder: Stage | GivenFolder,
  source: DataSet,
  target: DataSet,
): Promise<Stage> {
  const { engine, config, system, seed, name } = request, { model, train, joint } = config;
  const tags: TagSet = unionOfTagSets(
    tagsOf(source, config.data.scheme),
    tagsOf(target, config.data.scheme),
  );
  const { batchSize, learningRate, clipNorm } = train;
  const settings = { ...joint, batchSize, learningRate, clipNorm };
  return createStage({
    stage: "joint",
    label: `${source.name} and ${target.name}: ${name}`,
    needs: { encoder },
    inputs: { source: source.fingerprint, target: target.fingerprint },
    config: { system, seed, tags: tags.tags, model, joint: settings },
    engine,
    async work(dir, folders, context) {
      const loaded = await freshModel(request, folders.encoder, tags);
      const sentences = upsample(source.splits.train, target.splits.train, joint.upsample);
      const options = { ...settings, patience: 0 };
      const files = await trainAndScore(context, request, loaded, sentences, target, options);
      await writeFiles(context, dir, { ...await tokenizerFiles(folders.encoder), ...files });
    },
  });
}

/**
 * The sentences of an epoch of joint training: all of the source and, `times` times, all of the target.
 *
 * @param times null for as many as bring the target nearest to the source's size.
 */
export function upsample(
  source: readonly Sentence[],
  target: readonly Sentence[],
  times: number | null,
): Sentence[] {
  const n = times ?? Math.max(1, Math.round(source.length / target.length));
  return [...source, ...Array.from({ length: n }, () => target).flat()];
}

/** Trains on sentences, keeps the best epoch on the target's dev, scores dev and test; the files of all that. */
async function trainAndScore(
  context: StageContext,
  { seed }: TrainingRequest,
  loaded: LoadedModel,
  sentences: readonly Sentence[],
  { splits }: DataSet,
  options: TrainSettings,
): Promise<Record<string, string | Uint8Array>> {
  const data = { train: sentences, dev: splits.dev };
  const { training, tagger } = await trainModel(context, seed, loaded, data, options);
  const dev = await tagAndScore(tagger, splits.dev, context.signal);
  const start = performance.now();
  const test = await tagAndScore(tagger, splits.test, context.signal);
  const predictSeconds = (performance.now() - start) / 1000;
  tagger.dispose();
  const scores: FinetuneScores = {
    dev: dev.scores,
    test: test.scores,
    training,
    predictSeconds,
    nParameters: countParameters(loaded.model.parameters),
  };
  return {
    ...writeModelFolder(loaded.model),
    "scores.json": JSON.stringify(scores, null, 2) + "\n",
    "dev.conll": dev.conll,
    "test.conll": test.conll,
  };
}

/** Whether an encoder was adapted to a target, so that what is made from it serves that target alone. */
function isAdapted(encoder: Stage | GivenFolder): boolean {
  return isStage(encoder) && encoder.spec.stage === "dapt";
}

/** Numbers of values in the encoder and in the head. */
function countParameters(parameters: Parameters): FinetuneScores["nParameters"] {
  const counts = { encoder: 0, head: 0 };
  for (const [name, { data }] of Object.entries(parameters)) {
    counts[/^(embeddings|encoder)\./.test(name) ? "encoder" : "head"] += data.length;
  }
  return counts;
}

/** Reads what a model for a target scored. */
export function readScores(stored: StoredStage): Promise<FinetuneScores> {
  return readStored(stored, "scores.json", FINETUNE_SCORES);
}
