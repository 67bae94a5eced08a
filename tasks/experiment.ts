/** Runs an experiment: every system on every target with every seed, in stages that are stored. */
import { join } from "node:path";
import { decodeText } from "../data/decode_text.ts";
import { createEngine } from "../model/engine/create_engine.ts";
import type { Engine } from "../model/engine/engine.ts";
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
  /** Is told of each run as it ends. */
  onRun?: (run: FinishedRun, done: number, total: number) => void | Promise<void>;
}

/**
 * Runs what has not been run before of an experiment.
 *
 * @returns All runs with their scores, in the order of `planRuns`.
 * @throws Interrupted if the signal said so; the finished stages are stored.
 */
export async function runExperiment(config: Config, options: ExperimentOptions): Promise<FinishedRun[]> {
  const data = await loadExperimentData(config);
  const engine = await createEngine(config.engine);
  const runs = planRuns(config), finished: FinishedRun[] = [];
  for (const [i, run] of runs.entries()) {
    throwIfInterrupted(options.signal);
    const model = await trainRun(config, run, data, engine, options, `${i + 1}/${runs.length}`);
    const result = { ...run, model, scores: await readScores(model) };
    finished.push(result);
    await options.onRun?.(result, i + 1, runs.length);
  }
  return finished;
}

/** The stages of one run. */
export async function trainRun(
  config: Config,
  { target, system, adapt, seed }: Run,
  data: ExperimentData,
  engine: Engine,
  { store, report, signal }: ExperimentOptions,
  count: string,
): Promise<StoredModel> {
  const own = configForTarget(config, target), targetSet = data.targets.get(target)!;
  const context = (what: string): StageContext => ({
    store,
    engine,
    report,
    signal,
    label: `[${count}] ${what}`,
  });
  const encoder = await encoderFor(own, adapt, seed, data, target, context);
  const request = { config: own, system, seed, encoder, source: data.source };
  const name = `${system}${adapt ? " + dapt" : ""}, seed ${seed}`;
  const pretrained = own.pretrain.epochs === 0
    ? null
    : await pretrainStage(context(`${data.source.name}: ${name}`), request, targetSet);
  return await finetuneStage(context(`${target}: ${name}`), request, targetSet, pretrained);
}

/** The encoder of a run, adapted if it asks for that. */
export async function encoderFor(
  config: Config,
  adapt: boolean,
  seed: number,
  data: ExperimentData,
  target: string,
  context: (what: string) => StageContext,
): Promise<StoredEncoder> {
  const start = typeof config.encoder === "string"
    ? await pretrainedEncoder(context("encoder"), config.encoder)
    : await tinyEncoder(
      context("encoder from nothing"),
      config.encoder,
      config.model.dropout,
      data.encoderText!,
      config.seeds[0],
    );
  if (!adapt) return start;
  return await adaptedEncoder(
    context(`dapt on ${target}, seed ${seed}`),
    start,
    config.dapt,
    await data.targetText(target),
    seed,
  );
}

/** The folder of a run below the results folder. */
export function runFolder(results: string, { target, system, adapt, seed }: Run): string {
  return join(results, target, `${system}${adapt ? "-dapt" : ""}`, `seed-${seed}`);
}
