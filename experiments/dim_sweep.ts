/**
 * Test F1 of LANER against the width of its label embeddings (Figure 3 of the paper), with the parameters that each
 * width adds to the BERT tagger's. A script to copy for sweeps of your own; `figure_3.yaml` is the same as YAML.
 *
 * deno run --allow-read --allow-write --allow-env=DEBUG,HF_ENDPOINT,HF_TOKEN,NER_DATA,ORT_LIBRARY --allow-net=huggingface.co,*.hf.co \
 *   --allow-ffi --allow-sys=cpus experiments/dim_sweep.ts
 */
import { resolve } from "node:path";
import { EXPERIMENT_FLAGS, JOBS_FLAG } from "../tasks/config/experiment_flags.ts";
import { formatFindings } from "../tasks/data_sets/data_finding.ts";
import { UsageError } from "../tasks/errors.ts";
import { findingsOfPlan } from "../tasks/plan/plan_data.ts";
import { formatPlan, planStatus } from "../tasks/plan/plan_status.ts";
import { requestedPlan } from "../tasks/plan/requested_plan.ts";
import { runPlan } from "../tasks/plan/run_plan.ts";
import { parametersTable } from "../tasks/report/parameters_table.ts";
import { sweepTable } from "../tasks/report/sweep_table.ts";
import { toMarkdown } from "../tasks/report/table.ts";
import { writeReport } from "../tasks/report/write_report.ts";
import { runCommand } from "../tasks/terminal/command.ts";
import { defineCommand } from "../tasks/terminal/command_spec.ts";

const { config: _config, only: _only, systems: _systems, ...flags } = EXPERIMENT_FLAGS;

const DIM_SWEEP = defineCommand({
  name: "dim_sweep",
  summary:
    "Trains LANER with label embeddings of several widths, prints test F1 and added parameters of each, and writes a " +
    "report of them into a folder of its own.",
  flags: {
    ...flags,
    ...JOBS_FLAG,
    widths: { type: "text", valueName: "N,M", default: "10,25,50,100,150,200", doc: "The widths to compare" },
  },
});

if (import.meta.main) {
  await runCommand(DIM_SWEEP, async (flags, _operands, { print }) => {
    const widths = flags.widths.split(",").map(Number);
    if (!widths.every((width) => Number.isInteger(width) && width > 0)) {
      throw new UsageError(
        `Cannot use --widths ${flags.widths}: whole numbers from 1 are expected, as in 50,100,150`,
      );
    }
    const vary = { key: "vary", value: { "model.labelWidth": widths }, flag: "--widths" };
    const request = { flags: { ...flags, only: "figure_3" }, overrides: [vary] };
    const { plan, engine, nJobs } = await requestedPlan(request);
    const status = await planStatus(plan, resolve(flags.results, "stages"));
    print(formatPlan(status, { nJobs }));
    formatFindings(await findingsOfPlan(plan)).forEach((line) => print(line));
    await runPlan(plan, { engine, results: flags.results, status, jobs: { nJobs, request } });
    const { data: { experiments: [figure] }, path } = await writeReport(plan, flags.results);
    for (const table of [sweepTable(figure!), parametersTable(figure!, null)]) {
      if (table) print(toMarkdown(table));
    }
    print(`Report: ${path}`);
  });
}
