/** Stages that train a tagger: on the source, on a target after it, or on both together. */
import { corpusTags } from "../../data/corpus/corpus.ts";
import { type TagSet, unionOfTagSets } from "../../data/tags/tag_set.ts";
import type { EngineName } from "../../model/engine/engine.ts";
import { loadModelFolder, writeModelFolder } from "../../model/model_folder.ts";
import type { Loaded } from "../../model/systems/definition.ts";
import { systemOf } from "../../model/systems/systems.ts";
import type { TrainedModel } from "../../model/train_model.ts";
import {
  jointSettings,
  sourceRequest,
  sourceTags,
  trainJointly,
  trainOnSource,
  trainOnTarget,
} from "../../model/training_steps.ts";
import type { RunConfig } from "../config/run_config.ts";
import type { DataSet } from "../data_sets/data_sets.ts";
import { FINETUNE_SCORES, type FinetuneScores } from "./finetune_scores.ts";
import { materialsIn } from "./materials.ts";
import type { Needs } from "./needs.ts";
import { runTraining } from "./run_training.ts";
import { createStage, isStage, type Stage } from "./stage.ts";
import { codeOfStage } from "./stage_code.ts";
import { locationOptions, type StageContext, writeFiles } from "./stage_context.ts";
import { readStored, type StoredStage } from "./stage_results.ts";
import { tagAndScore } from "./tag_and_score.ts";

/** A request for a training stage. */
export interface TrainingRequest {
  engine: EngineName;
  run: RunConfig;
  /** The name of the run for people: "laner + DAPT, seed 555". */
  name: string;
}

/** Describes a model trained on the source with its own tags, and with the target's under `labelSpace: joint`. */
export function pretrainStage(
  { engine, run, name }: TrainingRequest,
  needs: Needs,
  source: DataSet,
  target: DataSet,
): Promise<Stage> {
  const { system, pretrain, data: { scheme } } = run;
  const corpora = { source: source.splits, target: target.splits, scheme };
  return createStage({
    stage: "pretrain",
    label: `${source.name}${isForTarget(needs) ? ` before ${target.name}` : ""}: ${name}`,
    needs,
    inputs: {
      source: source.fingerprint,
      ...(systemOf(system).fitsTarget ? { target: target.fingerprint } : {}),
    },
    config: { ...modelConfig(sourceRequest(run), sourceTags(run, corpora)), pretrain },
    engine,
    code: codeOfStage(import.meta.url, { system }),
    async work(out, folders, context) {
      const materials = materialsIn(context, folders);
      const { model, training, tagger } = await runTraining(
        context,
        (options) => trainOnSource(run, materials, corpora, options),
      );
      tagger.dispose();
      await writeFiles(context, out, {
        ...writeModelFolder(model),
        "training.json": JSON.stringify(training, null, 2) + "\n",
      });
    },
  });
}

/**
 * Describes a model for a target.
 *
 * @param needs The source's model, or the materials of a new model.
 */
export function finetuneStage(
  { engine, run, name }: TrainingRequest,
  needs: Needs,
  target: DataSet,
): Promise<Stage> {
  const { system, train, data: { scheme } } = run;
  return createStage({
    stage: "finetune",
    label: `${target.name}: ${name}`,
    needs,
    inputs: { target: target.fingerprint },
    config: { ...modelConfig(run, corpusTags(target.splits, scheme)), train },
    engine,
    code: codeOfStage(import.meta.url, { system }),
    async work(out, folders, context) {
      const start = folders.sourceModel === undefined
        ? { materials: materialsIn(context, folders) }
        : { sourceModel: await loadModelFolder(folders.sourceModel, locationOptions()) };
      const trained = await runTraining(
        context,
        (options) => trainOnTarget(run, start, { target: target.splits, scheme }, options),
      );
      await writeFiles(context, out, await scoredModel(context, trained, target));
    },
  });
}

/** Describes a model trained on the source and the target together, the target repeated to match the source's size. */
export function jointStage(
  { engine, run, name }: TrainingRequest,
  needs: Needs,
  source: DataSet,
  target: DataSet,
): Promise<Stage> {
  const { system, data: { scheme } } = run;
  const corpora = { source: source.splits, target: target.splits, scheme };
  const tags = unionOfTagSets(corpusTags(source.splits, scheme), corpusTags(target.splits, scheme));
  return createStage({
    stage: "joint",
    label: `${source.name} and ${target.name}: ${name}`,
    needs,
    inputs: { source: source.fingerprint, target: target.fingerprint },
    config: { ...modelConfig(run, tags), joint: jointSettings(run) },
    engine,
    code: codeOfStage(import.meta.url, { system }),
    async work(out, folders, context) {
      const materials = materialsIn(context, folders);
      const trained = await runTraining(
        context,
        (options) => trainJointly(run, materials, corpora, options),
      );
      await writeFiles(context, out, await scoredModel(context, trained, target));
    },
  });
}

/** Returns the part of the configuration that decides which model is trained. */
function modelConfig(run: RunConfig, { tags }: TagSet): object {
  const { system, seed, model: { newTags, factoredTags } } = run;
  return { system, seed, tags, newTags, factoredTags, ...systemOf(system).ownSettings(run) };
}

/** Returns the files of a trained model with its scores on dev and test; disposes its tagger. */
async function scoredModel(
  { signal }: StageContext,
  { model, training, tagger }: TrainedModel,
  { splits }: DataSet,
): Promise<Record<string, string | Uint8Array>> {
  const dev = await tagAndScore(tagger, splits.dev, signal);
  const start = performance.now();
  const test = await tagAndScore(tagger, splits.test, signal);
  const predictSeconds = (performance.now() - start) / 1000;
  tagger.dispose();
  const scores: FinetuneScores = {
    dev: dev.scores,
    test: test.scores,
    training,
    predictSeconds,
    nParameters: countParameters(model),
  };
  return {
    ...writeModelFolder(model),
    "scores.json": JSON.stringify(scores, null, 2) + "\n",
    "dev.conll": dev.conll,
    "test.conll": test.conll,
  };
}

/** Tells whether a material belongs to one target, as an adapted encoder does, so that the model does, too. */
function isForTarget(needs: Needs): boolean {
  return Object.values(needs).some((need) =>
    isStage(need) && ["dapt", "word_vectors", "pretrain_char_lm", "bart"].includes(need.spec.stage)
  );
}

/** Counts the parameters from a model's materials (`encoder`) and those of its system's own layers (`head`). */
function countParameters({ system, parameters }: Loaded): FinetuneScores["nParameters"] {
  const counts = { encoder: 0, head: 0 };
  const { isOfMaterial } = systemOf(system);
  for (const [name, { data }] of Object.entries(parameters)) {
    counts[isOfMaterial(name) ? "encoder" : "head"] += data.length;
  }
  return counts;
}

/** Reads the scores of a model for a target. */
export function readScores(stored: StoredStage): Promise<FinetuneScores> {
  return readStored(stored, "scores.json", FINETUNE_SCORES);
}
