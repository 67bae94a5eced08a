/**
 * Runs a whole experiment: the paper's comparison at one of three sizes, or one of your own.
 *
 * Needs --allow-read, --allow-write, --allow-env, --allow-ffi, --allow-sys, and --allow-net for downloads.
 */
import { join, resolve } from "node:path";
import { runCommand } from "./command.ts";
import { type CommandMain, defineCommand } from "./command_spec.ts";
import { describeConfig } from "./config.ts";
import { type FinishedRun, openExperiment } from "./experiment.ts";
import { EXPERIMENT_FLAGS, readExperiment } from "./experiment_flags.ts";
import { interruptSignal } from "./interrupt.ts";
import { createReporter } from "./progress.ts";
import { formatResults, resultRows, writeResults } from "./results.ts";

/** `deno task reproduce`. */
export const REPRODUCE = defineCommand({
  name: "reproduce",
  summary:
    "Runs an experiment whole: every system, target and seed, stage by stage, and prints the table of scores. " +
    "What was run before is taken from the results folder.",
  flags: EXPERIMENT_FLAGS,
  examples: [
    "deno task reproduce",
    "deno task reproduce --profile laptop --data DIR --encoder DIR --targets ai --systems bert-tagger,laner --seeds 555",
    "deno task reproduce --config my.yaml --set train.epochs=5",
  ],
  details: () => `Keys of an experiment:\n${describeConfig()}`,
});

/** Runs the experiment and prints its table. */
export const reproduce: CommandMain<typeof REPRODUCE.flags> = async (flags, _operands, { print }) => {
  const config = await readExperiment(flags);
  const folder = join(flags.results, config.name);
  await Deno.mkdir(folder, { recursive: true });
  const reporter = createReporter({ logPath: join(folder, "progress.jsonl") });
  using interrupt = interruptSignal();
  const finished: FinishedRun[] = [];
  try {
    const store = resolve(flags.results, "stages");
    const experiment = await openExperiment(config, {
      store,
      report: reporter.report,
      signal: interrupt.signal,
    });
    for (const run of experiment.runs) {
      finished.push(await experiment.finetuned(run));
      // Written after every run, so that a long experiment can be looked at while it goes on.
      await writeResults(folder, config, finished);
    }
  } finally {
    reporter.close();
  }
  print(`\nTest F1 (entity-level, micro; mean ± std over ${config.seeds.length} seeds)\n`);
  print(formatResults(resultRows(finished)));
  print(
    `\nResults: ${folder}/results.json, results.md and one folder a run; models: ${
      join(flags.results, "stages")
    }`,
  );
  if (flags.profile === "sample" && flags.config === undefined) {
    print(
      "These corpora are generated; the real ones: deno task reproduce --profile laptop --data DIR --encoder DIR",
    );
  }
};

if (import.meta.main) await runCommand(REPRODUCE, reproduce);
