/** What the commands of single stages share: one run of an experiment, up to a stage. */
import { resolve } from "node:path";
import {
  asOneExperiment,
  chosenEngine,
  EXPERIMENT_FLAGS,
  type ExperimentFlagValues,
  readExperiments,
} from "./config/experiment_flags.ts";
import { UsageError } from "./errors.ts";
import { formatFindings } from "./data/data_findings.ts";
import { type PlannedRun, planProfile } from "./plan/plan.ts";
import { findingsOfRun } from "./plan/plan_data.ts";
import type { RunContext } from "./stages/stage_context.ts";
import { interruptSignal } from "./terminal/interrupt.ts";
import { createReporter } from "./terminal/progress.ts";

const { config, profile, set, data, encoder, corpora, engine, threads, force, results } = EXPERIMENT_FLAGS;

/** Flags of a command that runs one stage. */
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
  dapt: { type: "boolean", doc: "Begin with an encoder adapted to the target's text" },
} as const;

type StageFlagValues = Omit<ExperimentFlagValues, "targets" | "systems" | "seeds" | "only"> & {
  target?: string;
  system?: string;
  seed?: string;
  dapt: boolean;
  threads: number;
  force: boolean;
  results: string;
};

/**
 * Reads the settings, plans one run with them, prints what is odd about its data and hands it to `work`.
 *
 * @param adapt Whether the run adapts the encoder.
 */
export async function withRun(
  flags: StageFlagValues,
  adapt: boolean,
  print: (line: string) => void,
  work: (run: PlannedRun, context: RunContext) => Promise<void>,
): Promise<void> {
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
  ]);
  const { config } = profile;
  const one = asOneExperiment({
    ...profile,
    config: {
      ...config,
      // One run is asked for, also where the file only shows its data.
      show: "table",
      data: { ...config.data, targets: config.data.targets.slice(0, 1) },
      systems: config.systems.slice(0, 1),
      seeds: config.seeds.slice(0, 1),
      // --dapt is asked for, or not, whatever the file does for the target.
      perTarget: Object.fromEntries(
        Object.entries(config.perTarget).map(([name, { adapt: _, ...keys }]) => [name, keys]),
      ),
    },
  });
  const reporter = createReporter();
  using interrupt = interruptSignal(reporter.say);
  try {
    const engine = await chosenEngine(profile, flags), { signal } = interrupt, { force } = flags;
    const { data, runs: [run] } = await planProfile({ ...profile, experiments: [one] }, engine.name);
    // Before hours of training, and above the scores that come of them.
    formatFindings(await findingsOfRun({ data }, run)).forEach((line) => print(line));
    await work(run, {
      store: resolve(flags.results, "stages"),
      engine,
      report: reporter.report,
      signal,
      force,
    });
  } finally {
    reporter.close();
  }
}
