/** Stages that train a tagger: on the source, on a target after it, or on both together. */
import type { SpanScores } from "../../data/scores/scores.ts";
import { type TagSet, unionOfTagSets } from "../../data/tags/tag_set.ts";
import type { Sentence } from "../../data/text/conll.ts";
import type { EngineName } from "../../model/engine/engine.ts";
import { writeModelFolder } from "../../model/model_folder.ts";
import type { Loaded } from "../../model/systems/definition.ts";
import { systemOf } from "../../model/systems/systems.ts";
import type { TrainRecord } from "../../model/training/train.ts";
import type { RunConfig } from "../config/run_config.ts";
import type { DataSet } from "../data_sets/data_sets.ts";
import { tagsOf } from "../data_sets/data_tags.ts";
import type { GivenFolder } from "../files/given_folder.ts";
import { createStage, isStage, type Stage } from "./stage.ts";
import { codeOfStage } from "./stage_code.ts";
import { type StageContext, tokenizerFiles, writeFiles } from "./stage_context.ts";
import { readStored, type StoredStage } from "./stage_store.ts";
import { freshModel, transferredModel } from "./starting_model.ts";
import { FINETUNE_SCORES } from "./stored_forms.ts";
import { tagAndScore, type TrainingData, trainModel, type TrainSettings } from "./train_model.ts";

/** What `scores.json` of a model for a target holds. */
export interface FinetuneScores {
  dev: SpanScores;
  test: SpanScores;
  training: TrainRecord;
  /** Seconds that prediction of the test sentences took. */
  predictSeconds: number;
  nParameters: { encoder: number; head: number };
}

/** What a model is made of, each by name: what its system needs, or the source's model. */
export type Needs = {
  readonly sourceModel?: Stage;
  readonly encoder?: Stage | GivenFolder;
  readonly vectors?: Stage | GivenFolder;
  readonly forward?: Stage;
  readonly backward?: Stage;
  readonly bart?: Stage | GivenFolder;
};

/** What training stages are told. */
export interface TrainingRequest {
  engine: EngineName;
  run: RunConfig;
  /** For people: "laner + DAPT, seed 555". */
  name: string;
}

/** A model trained on the source, with the source's own tags, or with the target's too (`labelSpace: joint`). */
export function pretrainStage(
  request: TrainingRequest,
  needs: Needs,
  source: DataSet,
  target: DataSet,
): Promise<Stage> {
  const { engine, run, name } = request;
  const { system, seed, model, pretrain, data: { scheme } } = run;
  const own = tagsOf(source, scheme);
  const tags = model.labelSpace === "joint" ? unionOfTagSets(own, tagsOf(target, scheme)) : own;
  return createStage({
    stage: "pretrain",
    label: `${source.name}${isForTarget(needs) ? ` before ${target.name}` : ""}: ${name}`,
    needs,
    inputs: {
      source: source.fingerprint,
      ...(systemOf(system).fitsTarget ? { target: target.fingerprint } : {}),
    },
    config: { system, seed, tags: tags.tags, ...systemOf(system).ownSettings(run), pretrain },
    engine,
    code: codeOfStage(import.meta.url, { system }),
    async work(out, folders, context) {
      const loaded = await freshModel(context, run, folders, { tags, source, target });
      const data = { train: { source: source.splits.train } };
      const { training, tagger } = await trainModel(context, seed, loaded, data, {
        ...pretrain,
        patience: null,
      });
      tagger.dispose();
      await writeFiles(context, out, {
        ...await ownTokenizer(loaded, folders),
        ...writeModelFolder(loaded),
        "training.json": JSON.stringify(training, null, 2) + "\n",
      });
    },
  });
}

/**
 * A model for a target.
 *
 * @param needs The source's model, or what a new model is made of.
 */
export function finetuneStage(
  request: TrainingRequest,
  needs: Needs,
  target: DataSet,
): Promise<Stage> {
  const { engine, run, name } = request;
  const { system, seed, train, data: { scheme } } = run;
  const tags = tagsOf(target, scheme);
  return createStage({
    stage: "finetune",
    label: `${target.name}: ${name}`,
    needs,
    inputs: { target: target.fingerprint },
    config: { system, seed, tags: tags.tags, ...systemOf(system).ownSettings(run), train },
    engine,
    code: codeOfStage(import.meta.url, { system }),
    async work(out, folders, context) {
      const loaded = needs.sourceModel
        ? await transferredModel(run, folders.sourceModel!, tags)
        : await freshModel(context, run, folders, { tags, source: null, target });
      const files = await trainAndScore(
        context,
        request,
        loaded,
        { target: target.splits.train },
        target,
        train,
      );
      await writeFiles(context, out, { ...await ownTokenizer(loaded, folders), ...files });
    },
  });
}

/** A model for a target, trained on the source and the target, repeated to be as large, together. */
export function jointStage(
  request: TrainingRequest,
  needs: Needs,
  source: DataSet,
  target: DataSet,
): Promise<Stage> {
  const { engine, run, name } = request;
  const { system, seed, train, joint, data: { scheme } } = run;
  const tags: TagSet = unionOfTagSets(
    tagsOf(source, scheme),
    tagsOf(target, scheme),
  );
  const { batchSize, learningRate, clipNorm, sgd } = train;
  const settings = { ...joint, batchSize, learningRate, clipNorm, sgd };
  return createStage({
    stage: "joint",
    label: `${source.name} and ${target.name}: ${name}`,
    needs,
    inputs: { source: source.fingerprint, target: target.fingerprint },
    config: { system, seed, tags: tags.tags, ...systemOf(system).ownSettings(run), joint: settings },
    engine,
    code: codeOfStage(import.meta.url, { system }),
    async work(out, folders, context) {
      const loaded = await freshModel(context, run, folders, { tags, source, target });
      const sentences = {
        source: source.splits.train,
        target: upsample(source.splits.train, target.splits.train, joint.upsample),
      };
      const files = await trainAndScore(context, request, loaded, sentences, target, settings);
      await writeFiles(context, out, { ...await ownTokenizer(loaded, folders), ...files });
    },
  });
}

/**
 * The target's sentences of an epoch of joint training: `times` times all of them.
 *
 * @param times null for as many as bring the target nearest to the source's size.
 */
export function upsample(
  source: readonly Sentence[],
  target: readonly Sentence[],
  times: number | null,
): Sentence[] {
  const n = times ?? Math.max(1, Math.round(source.length / target.length));
  return Array.from({ length: n }, () => target).flat();
}

/** Trains on sentences, keeps the best epoch on the target's dev, scores dev and test; the files of all that. */
async function trainAndScore(
  context: StageContext,
  { run: { seed } }: TrainingRequest,
  loaded: Loaded,
  sentences: TrainingData["train"],
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
    nParameters: countParameters(loaded),
  };
  return {
    ...writeModelFolder(loaded),
    "scores.json": JSON.stringify(scores, null, 2) + "\n",
    "dev.conll": dev.conll,
    "test.conll": test.conll,
  };
}

/** Gives the files of the tokenizer that a model reads with, from what it is made of or from the source's model. */
async function ownTokenizer(model: Loaded, folders: Readonly<Record<string, string>>) {
  const material = systemOf(model.system).tokenizerOf(model);
  return material === null ? {} : await tokenizerFiles(folders[material] ?? folders.sourceModel!);
}

/** Tells whether something that a model is made of is one target's, as an adapted encoder is, and so the model, too. */
function isForTarget(needs: Needs): boolean {
  return Object.values(needs).some((need) =>
    isStage(need) && ["dapt", "word_vectors", "pretrain_char_lm", "bart"].includes(need.spec.stage)
  );
}

/** Counts the values of what a model was made of (`encoder`) and of its system's own layers (`head`). */
function countParameters({ system, parameters }: Loaded): FinetuneScores["nParameters"] {
  const counts = { encoder: 0, head: 0 };
  const { isOfMaterial } = systemOf(system);
  for (const [name, { data }] of Object.entries(parameters)) {
    counts[isOfMaterial(name) ? "encoder" : "head"] += data.length;
  }
  return counts;
}

/** Reads what a model for a target scored. */
export function readScores(stored: StoredStage): Promise<FinetuneScores> {
  return readStored(stored, "scores.json", FINETUNE_SCORES);
}
