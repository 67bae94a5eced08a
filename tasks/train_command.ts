/** The common part of the commands for single stages: one run of an experiment, up to a stage. */
import { resolve } from "node:path";
import type { ReadOptions } from "../data/formats/read_settings.ts";
import type { Config } from "./config/config.ts";
import {
  asOneExperiment,
  chosenEngine,
  EXPERIMENT_FLAGS,
  type ExperimentFlagValues,
  readExperiments,
} from "./config/experiment_flags.ts";
import { readFlags, type ReadFlagValues, readOptionsOf } from "./config/read_flags.ts";
import { formatFindings } from "./data_sets/data_finding.ts";
import { UsageError } from "./errors.ts";
import { type PlannedRun, planProfile } from "./plan/plan.ts";
import { findingsOfRun } from "./plan/plan_data.ts";
import { formatStages, stageStatus } from "./plan/plan_status.ts";
import { ensureStage, type Stage } from "./stages/stage.ts";
import type { StoredStage } from "./stages/stage_results.ts";
import { interruptSignal } from "./terminal/interrupt.ts";
import { createReporter } from "./terminal/progress.ts";

const { config, profile, set, data, encoder, corpora, engine, threads, force, results } = EXPERIMENT_FLAGS;

/** The flags of a command that runs one stage. */
export const STAGE_FLAGS = {
  config,
  profile,
  set,
  data,
  encoder,
  corpora,
  engine,
  threads,
  force,
  results,
  target: { type: "text", valueName: "NAME", doc: "The target; by default the experiment's first" },
  system: { type: "text", valueName: "NAME", doc: "The system; by default the experiment's first" },
  seed: { type: "text", valueName: "N", doc: "The seed; by default the experiment's first" },
  shots: {
    type: "integer",
    valueName: "K",
    doc: "Choose training sentences with K entities of each type (data.shots)",
  },
  "source-format": {
    type: "text",
    valueName: "NAME",
    doc:
      "Format of the source's files, or the profile of its corpus (data.perSet); the flags below are about the target",
  },
  dapt: { type: "boolean", doc: "Begin with an encoder adapted to the target's text" },
  rerun: {
    type: "boolean",
    doc:
      "Run the stage again although it is stored, but not the stages that it builds on; its old result is replaced once the new one is complete",
  },
  ...readFlags(),
} as const;

type StageFlagValues =
  & Omit<ExperimentFlagValues, "targets" | "systems" | "seeds" | "only">
  & ReadFlagValues
  & {
    shots?: number | undefined;
    "source-format"?: string | undefined;
    target?: string | undefined;
    system?: string | undefined;
    seed?: string | undefined;
    dapt: boolean;
    threads: number;
    force: boolean;
    rerun: boolean;
    results: string;
  };

/** A command's request for a stage. */
export interface StageRequest {
  /** True if the run adapts the encoder. */
  adapt: boolean;
  /** Returns the requested stage of a run. */
  stageOf(run: PlannedRun): Stage;
  /** Prints a line. */
  print(line: string): void;
}

/**
 * Reads the settings, plans one run with them, and returns the result of one of its stages.
 *
 * Prints the findings about the data, and the stages that are stored and not run, or run again.
 */
export async function runOneStage(
  flags: StageFlagValues,
  { adapt, stageOf, print }: StageRequest,
): Promise<{ run: PlannedRun; stored: StoredStage }> {
  const { target, system, seed } = flags;
  for (const [flag, value] of Object.entries({ target, system, seed })) {
    if (value?.includes(",")) {
      throw new UsageError(
        `Cannot use --${flag} ${value}: one is expected; deno task reproduce runs several`,
      );
    }
  }
  const profile = await readExperiments({ ...flags, targets: target, seeds: seed }, [
    { key: "adapt", value: [adapt], flag: adapt ? "--dapt" : "without --dapt" },
    ...(system === undefined ? [] : [{ key: "systems", value: [system], flag: "--system" }]),
    ...(flags.shots === undefined ? [] : [{ key: "data.shots", value: flags.shots, flag: "--shots" }]),
  ]);
  const { config } = profile;
  const one = {
    ...profile,
    experiments: [asOneExperiment({
      ...profile,
      config: {
        ...config,
        // Runs one run, even if the file only shows its data.
        show: "table",
        data: dataWithFlags(config.data, flags),
        systems: config.systems.slice(0, 1),
        seeds: config.seeds.slice(0, 1),
        // The flag --dapt alone decides, whatever the file says for the target.
        perTarget: Object.fromEntries(
          Object.entries(config.perTarget).map(([name, { adapt: _, ...keys }]) => [name, keys]),
        ),
      },
    })],
  };
  const reporter = createReporter();
  using interrupt = interruptSignal(reporter.say);
  try {
    const engine = await chosenEngine(one, flags, reporter.say);
    const { signal } = interrupt;
    const { force } = flags;
    const { data, runs: [run] } = await planProfile(one, engine.name);
    // Findings come before hours of training, and above the resulting scores.
    formatFindings(await findingsOfRun({ data }, run!)).forEach((line) => print(line));
    const stage = stageOf(run!);
    const store = resolve(flags.results, "stages");
    const { report } = reporter;
    const rerun = flags.rerun ? { since: new Date().toISOString(), needs: false } : undefined;
    const status = await stageStatus([stage], store, rerun);
    const { changed, notRun } = formatStages(status);
    for (const line of [...changed, ...notRun]) reporter.say(line);
    if (status.pending.length === 0) reporter.say("--rerun runs it again");
    return {
      run: run!,
      stored: await ensureStage({ store, engine, report, signal, force }, stage, { rerun }),
    };
  } finally {
    reporter.close();
  }
}

/** Returns the data of the first target, its files and the source's read as the flags say. */
function dataWithFlags(data: Config["data"], flags: StageFlagValues): Config["data"] {
  const [target] = data.targets;
  const perSet = { ...data.perSet };
  const add = (name: string, keys: ReadOptions) => {
    if (Object.keys(keys).length === 0) return;
    if (data.sample !== null) {
      throw new UsageError("Cannot use flags about files with data.sample: generated corpora have none");
    }
    perSet[name] = { ...(Object.hasOwn(perSet, name) ? perSet[name] : {}), ...keys };
  };
  add(target!, readOptionsOf(flags));
  const format = flags["source-format"];
  if (format !== undefined) add(data.source, readOptionsOf({ format }));
  return { ...data, targets: [target!], perSet };
}
