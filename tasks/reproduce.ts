/** Runs whole experiments: the paper's tables and figures at one of three sizes, or experiments of your own. */
import { resolve } from "node:path";
import { describeConfig } from "./config/config.ts";
import { EXPERIMENT_FLAGS, JOBS_FLAG } from "./config/experiment_flags.ts";
import { formatFindings } from "./data_sets/data_finding.ts";
import { isReadOnly } from "./files/durable_files.ts";
import type { Plan } from "./plan/plan.ts";
import { findingsOfPlan } from "./plan/plan_data.ts";
import { formatPlan, type PlanStatus, planStatus } from "./plan/plan_status.ts";
import { requestedPlan } from "./plan/requested_plan.ts";
import { runPlan } from "./plan/run_plan.ts";
import { loadReport } from "./report/load_report.ts";
import { reportTables } from "./report/report_tables.ts";
import { toMarkdown } from "./report/table.ts";
import { REPORT_LAYOUT, writeReport } from "./report/write_report.ts";
import { runCommand } from "./terminal/command.ts";
import { type CommandMain, defineCommand } from "./terminal/command_spec.ts";
import { createReporter } from "./terminal/progress.ts";

/** `deno task reproduce`. */
export const REPRODUCE = defineCommand({
  name: "reproduce",
  summary:
    "Runs experiments whole: every system, target and seed, stage by stage, and writes the report. What was run " +
    "before is taken from the results folder; an interrupted run goes on where it stopped.",
  flags: {
    ...EXPERIMENT_FLAGS,
    ...JOBS_FLAG,
    rerun: {
      type: "boolean",
      doc:
        "Run every stage again, also those that are stored; each result is replaced when its new one is whole",
    },
    "dry-run": { type: "boolean", doc: "Print the plan, stage by stage, and stop" },
  },
  examples: [
    "deno task reproduce",
    "deno task reproduce --profile laptop --data DIR --encoder DIR --corpora DIR --only table_3 --targets ai",
    "deno task reproduce --config my.yaml --set train.epochs=5 --dry-run",
  ],
  details: REPORT_LAYOUT,
  keys: describeConfig,
});

/** Plans the experiments, runs them and writes the report. */
export const reproduce: CommandMain<typeof REPRODUCE.flags> = async (flags, _operands, { print }) => {
  const request = { flags };
  const { plan, engine, nJobs } = await requestedPlan(request, createReporter().say);
  const rerun = flags.rerun ? { since: new Date().toISOString(), needs: true } : undefined;
  const status = await planStatus(plan, resolve(flags.results, "stages"), rerun);
  print(formatPlan(status, { stages: flags["dry-run"], nJobs }));
  if (plan.runs.length > 0) formatFindings(await findingsOfPlan(plan)).forEach((line) => print(line));
  if (flags["dry-run"]) return;

  const { results, force } = flags;
  await runPlan(plan, { engine, results, status, force, rerun, jobs: { nJobs, request } });
  const { data, path } = await reportOf(plan, results, status);
  // Scores only: everything else is easier to read on the page.
  const scores = data.experiments.filter(({ show }) => show === "table" || show === "lines");
  for (const table of reportTables({ ...data, experiments: scores })) {
    print(`\n${toMarkdown(table).trimEnd()}`);
  }
  print(`\nReport: ${path}`);
  if (plan.profile.name === "sample") {
    print(
      "These corpora are generated; the real ones: deno task reproduce --profile laptop --data DIR --encoder DIR",
    );
  }
};

/**
 * Writes the report and returns its place; explains why there is none if nothing was run and nothing may be written.
 */
async function reportOf(plan: Plan, results: string, { pending }: PlanStatus) {
  try {
    return await writeReport(plan, results);
  } catch (error) {
    if (pending.length > 0 || !isReadOnly(error)) throw error;
    const data = await loadReport(plan, results, new Date().toISOString());
    return {
      data,
      path: `none, as nothing may be written there (${(error as Error).message}): deno task report --out DIR`,
    };
  }
}

if (import.meta.main) await runCommand(REPRODUCE, reproduce);
