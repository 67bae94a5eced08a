/** Writes the report of experiments from their stored results; trains nothing. */
import { chosenEngine, EXPERIMENT_FLAGS, readExperiments } from "./config/experiment_flags.ts";
import { planProfile } from "./plan/plan.ts";
import { REPORT_LAYOUT, writeReport } from "./report/write_report.ts";
import { runCommand } from "./terminal/command.ts";
import { type CommandMain, defineCommand } from "./terminal/command_spec.ts";
import { createReporter } from "./terminal/progress.ts";

const { threads: _threads, ...flags } = EXPERIMENT_FLAGS;

/** `deno task report`. */
export const REPORT = defineCommand({
  name: "report",
  summary:
    "Writes report.html, its tables as Markdown, CSV and LaTeX, its figures as SVG, and results.json from the stored " +
    "results. What has not been run yet is named. The flags are those that the experiments were run with.",
  flags: {
    ...flags,
    out: {
      type: "text",
      valueName: "DIR",
      doc: "Folder of the report, where that of the results is not to be written to; default RESULTS/NAME",
    },
  },
  examples: [
    "deno task report",
    "deno task report --profile laptop --data DIR --encoder DIR --corpora DIR --targets ai",
  ],
  details: REPORT_LAYOUT,
});

/** Plans the experiments, collects their results and writes the report. */
export const report: CommandMain<typeof REPORT.flags> = async (flags, _operands, { print }) => {
  const profile = await readExperiments(flags);
  const engine = await chosenEngine(profile, { threads: 0 }, createReporter().say);
  const plan = await planProfile(profile, engine.name);
  const { path, data } = await writeReport(plan, flags.results, flags.out);
  const runs = data.experiments.flatMap(({ runs }) => runs);
  const done = runs.filter(({ result }) => result !== null);
  print(`${done.length} of ${runs.length} runs: ${path}`);
};

if (import.meta.main) await runCommand(REPORT, report);
