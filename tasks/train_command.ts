/** What the commands of single stages share: one run of an experiment, up to a stage. */
import { resolve } from "node:path";
import { UsageError } from "./errors.ts";
import { type Experiment, openExperiment, type Run } from "./experiment.ts";
import { EXPERIMENT_FLAGS, type ExperimentFlagValues, readExperiment } from "./experiment_flags.ts";
import { interruptSignal } from "./interrupt.ts";
import { createReporter } from "./progress.ts";

const { config, profile, set, data, encoder, engine, results } = EXPERIMENT_FLAGS;

/** Flags of a command that runs one stage. */
export const STAGE_FLAGS = {
  config,
  profile,
  set,
  data,
  encoder,
  engine,
  results,
  target: { type: "text", valueName: "NAME", doc: "The target; by default the experiment's first" },
  system: { type: "text", valueName: "NAME", doc: "The system; by default the experiment's first" },
  seed: { type: "text", valueName: "N", doc: "The seed; by default the experiment's first" },
  dapt: { type: "boolean", doc: "Begin with an encoder adapted to the target's text" },
} as const;

type StageFlagValues = Omit<ExperimentFlagValues, "targets" | "systems" | "seeds"> & {
  target?: string;
  system?: string;
  seed?: string;
  dapt: boolean;
  results: string;
};

/**
 * Reads the experiment, chooses one run of it and hands both to `work`.
 *
 * @param adapt Whether the run adapts the encoder.
 */
export async function withRun(
  flags: StageFlagValues,
  adapt: boolean,
  work: (experiment: Experiment, run: Run) => Promise<void>,
): Promise<void> {
  const { target, system, seed } = flags;
  for (const [flag, value] of Object.entries({ target, system, seed })) {
    if (value?.includes(",")) {
      throw new UsageError(
        `Cannot use --${flag} ${value}: one is expected; deno task reproduce runs several`,
      );
    }
  }
  const config = await readExperiment({ ...flags, targets: target, systems: system, seeds: seed }, [
    { key: "adapt", value: [adapt], flag: adapt ? "--dapt" : "without --dapt" },
  ]);
  const reporter = createReporter();
  using interrupt = interruptSignal();
  try {
    const store = resolve(flags.results, "stages");
    const experiment = await openExperiment(
      {
        ...config,
        data: { ...config.data, targets: config.data.targets.slice(0, 1) },
        systems: config.systems.slice(0, 1),
        seeds: config.seeds.slice(0, 1),
      },
      { store, report: reporter.report, signal: interrupt.signal },
    );
    await work(experiment, experiment.runs[0]);
  } finally {
    reporter.close();
  }
}
