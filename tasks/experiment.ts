/** Runs an experiment: every system on every target with every seed, in stages that are stored. */
import { join } from "node:path";
import { decodeText } from "../data/decode_text.ts";
import { createEngine } from "../model/engine/create_engine.ts";
import type { Progress } from "../model/progress.ts";
import type { SystemName } from "../model/systems.ts";
import type { Config } from "./config.ts";
import { type DataSet, findDataRoot, loadDataSet } from "./data_sets.ts";
import {
  adaptedEncoder,
  pretrainedEncoder,
  type StoredEncoder,
  type Text,
  tinyEncoder,
} from "./encoder_stages.ts";
import { readInputFile } from "./errors.ts";
import { sha256 } from "./hash.ts";
import { configForTarget } from "./read_config.ts";
import { createSampleData } from "./sample_data.ts";
import { type StageContext, throwIfInterrupted } from "./stage_context.ts";
import {
  type FinetuneScores,
  finetuneStage,
  pretrainStage,
  readScores,
  type StoredModel,
  type TrainingRequest,
} from "./training_stages.ts";

/** One trained and scored model. */
export interface Run {
  target: string;
  system: SystemName;
  /** Whether the encoder was adapted to the target's text first. */
  adapt: boolean;
  seed: number;
}

/** A run with its result. */
export interface FinishedRun extends Run {
  model: StoredModel;
  scores: FinetuneScores;
}

/** The data of an experiment. */
export interface ExperimentData {
  source: DataSet;
  targets: Map<string, DataSet>;
  /** Text to make a tiny encoder from. */
  encoderText: Text | null;
  /** Unlabelled text of a target. */
  targetText: (target: string) => Promise<Text>;
}

/** The runs of an experiment, in the order in which they run. */
export function planRuns(config: Config): Run[] {
  return config.data.targets.flatMap((target) => {
    const { adapt, systems, seeds } = configForTarget(config, target);
    return seeds.flatMap((seed) =>
      adapt.flatMap((adapted) => systems.map((system) => ({ target, system, adapt: adapted, seed })))
    );
  });
}

/**
 * Loads or generates the data of an experiment.
 *
 * @throws As `loadDataSet` does.
 */
export async function loadExperimentData(config: Config): Promise<ExperimentData> {
  const { root, source, targets, devFraction, devSeed, scheme, sample } = config.data;
  if (sample) {
    const made = await createSampleData(sample);
    const textOf = async (lines: string[]): Promise<Text> => ({
      lines,
      sha256: await sha256(lines.join("\n")),
    });
    const targetText = await textOf(made.target.text);
    return {
      source: made.source,
      targets: new Map([[made.target.name, made.target]]),
      encoderText: await textOf(made.source.text),
      targetText: () => Promise.resolve(targetText),
    };
  }
  const dataRoot = findDataRoot(root), options = { devFraction, seed: devSeed, scheme };
  const loaded = new Map<string, DataSet>();
  for (const target of targets) loaded.set(target, await loadDataSet(dataRoot, target, options));
  const sourceSet = await loadDataSet(dataRoot, source, options);
  return {
    source: sourceSet,
    targets: loaded,
    encoderText: null,
    targetText: async (target) => {
      const path = configForTarget(config, target).dapt.corpus!;
      const bytes = await readInputFile(path, `the unlabelled text of ${target}`);
      const lines = decodeText(bytes, path).split(/\r?\n/).filter((line) => line.trim() !== "");
      return { lines, sha256: await sha256(bytes) };
    },
  };
}

/** What an experiment runs with. */
export interface ExperimentOptions {
  /** Folder of the stage store. */
  store: string;
  report: Progress;
  signal: AbortSignal;
}

/** An experiment ready to run; each stage is taken from the store if it is there. */
export interface Experiment {
  config: Config;
  data: ExperimentData;
  runs: Run[];
  /** The encoder of a run, adapted to the target's text if the run says so. */
  encoder(run: Run): Promise<StoredEncoder>;
  /** The run's model of the source; null if training is in-domain (`pretrain.epochs: 0`). */
  pretrained(run: Run): Promise<StoredModel | null>;
  /** The run's model of the target, with its scores. */
  finetuned(run: Run): Promise<FinishedRun>;
}

/**
 * Loads the data and the engine of an experiment.
 *
 * @throws As `loadDataSet` and `createEngine` do. The stages throw `Interrupted` when the signal says so.
 */
export async function openExperiment(config: Config, options: ExperimentOptions): Promise<Experiment> {
  const data = await loadExperimentData(config);
  const engine = await createEngine(config.engine);
  const runs = planRuns(config);

  const contextOf = (run: Run, what: string): StageContext => {
    throwIfInterrupted(options.signal);
    const place = runs.findIndex((one) =>
      Object.entries(one).every(([key, value]) => run[key as keyof Run] === value)
    );
    return { ...options, engine, label: `[${place + 1}/${runs.length}] ${what}` };
  };
  const nameOf = ({ system, adapt, seed }: Run) => `${system}${adapt ? " + dapt" : ""}, seed ${seed}`;
  const requestOf = async (run: Run) => ({
    config: configForTarget(config, run.target),
    system: run.system,
    seed: run.seed,
    encoder: await encoder(run),
    source: data.source,
  });

  async function encoder(run: Run): Promise<StoredEncoder> {
    const own = configForTarget(config, run.target);
    const start = typeof own.encoder === "string"
      ? await pretrainedEncoder(contextOf(run, "encoder"), own.encoder)
      : await tinyEncoder(
        contextOf(run, "encoder from nothing"),
        own.encoder,
        own.model.dropout,
        data.encoderText!,
        await data.targetText(run.target),
      );
    if (!run.adapt) return start;
    const context = contextOf(run, `dapt on ${run.target}`);
    return await adaptedEncoder(context, start, own.dapt, await data.targetText(run.target));
  }

  async function sourceModel(run: Run, request: TrainingRequest): Promise<StoredModel | null> {
    if (config.pretrain.epochs === 0) return null;
    const context = contextOf(run, `${data.source.name}: ${nameOf(run)}`);
    return await pretrainStage(context, request, data.targets.get(run.target)!);
  }

  const pretrained = async (run: Run) => await sourceModel(run, await requestOf(run));

  async function finetuned(run: Run): Promise<FinishedRun> {
    const request = await requestOf(run), start = await sourceModel(run, request);
    const context = contextOf(run, `${run.target}: ${nameOf(run)}`);
    const model = await finetuneStage(context, request, data.targets.get(run.target)!, start);
    return { ...run, model, scores: await readScores(model) };
  }

  return { config, data, runs, encoder, pretrained, finetuned };
}

/** The folder of a run below the results folder. */
export function runFolder(results: string, { target, system, adapt, seed }: Run): string {
  return join(results, target, `${system}${adapt ? "-dapt" : ""}`, `seed-${seed}`);
}
