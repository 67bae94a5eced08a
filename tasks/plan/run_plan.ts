/** Running the missing stages of a plan, in one job or in several side by side. */
import { join, resolve } from "node:path";
import type { Engine } from "../../model/engine/engine.ts";
import { addedModules } from "../../model/systems/systems.ts";
import { makeFolder, writing } from "../files/durable_files.ts";
import type { Rerun } from "../stages/stage.ts";
import { interruptSignal } from "../terminal/interrupt.ts";
import { createReporter, type Reporter } from "../terminal/progress.ts";
import type { Plan } from "./plan.ts";
import type { PlanStatus } from "./plan_status.ts";
import type { PlanRequest } from "./requested_plan.ts";
import { runGoals } from "./run_goals.ts";
import { runJobs } from "./run_jobs.ts";

/** The options that a plan runs with. */
export interface RunPlanOptions {
  engine: Engine;
  /** The results folder. */
  results: string;
  /** The plan's status, from which the stages are numbered. */
  status: PlanStatus;
  /** True to continue from checkpoints of other versions. Default: false. */
  force?: boolean | undefined;
  /** Stored results to replace. Default: none. */
  rerun?: Rerun | undefined;
  /** The number of stages to run at once, and the request that the plan was made from. Default: one at a time. */
  jobs?: { nJobs: number; request: PlanRequest };
}

/**
 * Runs all stages of a plan that are not stored; progress goes to the terminal and to `progress.jsonl`.
 *
 * @throws `Interrupted` on Ctrl-C or SIGTERM; finished stages are stored.
 */
export async function runPlan(
  plan: Plan,
  { engine, results, status, force, rerun, jobs }: RunPlanOptions,
): Promise<void> {
  // Where nothing is left to run there is nothing to log, and the results may be read-only.
  const reporter = status.pending.length > 0
    ? await loggingReporter(join(results, plan.profile.name))
    : createReporter();
  using interrupt = interruptSignal(reporter.say);
  const numbers = new Map(status.pending.map(({ stage }, i) => [stage.key, i + 1]));
  const { report } = reporter;
  const { signal } = interrupt;
  const store = resolve(results, "stages");
  // Jobs with nothing to do would still take time to start.
  const nJobs = Math.min(jobs?.nJobs ?? 1, status.pending.length);
  try {
    if (jobs && nJobs > 1) {
      await runJobs({ request: jobs.request, store, force, rerun, numbers, modules: addedModules() }, nJobs, {
        report,
        signal,
      });
    } else await runGoals({ store, engine, report, signal, force }, plan, numbers, rerun);
  } finally {
    reporter.close();
  }
}

/** Creates a reporter that logs into a folder, which is made if it is missing. */
async function loggingReporter(folder: string): Promise<Reporter> {
  await makeFolder(folder);
  const logPath = join(folder, "progress.jsonl");
  return await writing(folder, () => Promise.resolve(createReporter({ logPath })));
}
