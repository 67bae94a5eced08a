/** The plan that flags ask for. */
import type { Engine } from "../../model/engine/engine.ts";
import type { ConfigOverride } from "../config/config_overrides.ts";
import { chosenEngine, type ExperimentFlagValues, readExperiments } from "../config/experiment_flags.ts";
import { UsageError } from "../errors.ts";
import { type Plan, planProfile } from "./plan.ts";

/** The whole request for a plan, as plain data, so that each job can make the same plan from it. */
export interface PlanRequest {
  flags: ExperimentFlagValues & { threads: number; jobs?: number | undefined };
  /** Keys that the command itself replaces. */
  overrides?: readonly ConfigOverride[];
}

/** A plan, and the options that it runs with. */
export interface RequestedPlan {
  plan: Plan;
  engine: Engine;
  /** The number of stages that run at once. */
  nJobs: number;
}

/**
 * Reads the experiments and plans them.
 *
 * Jobs share the cores even if a single stage is left, so that its bits and its checkpoint do not depend on what else
 * was missing.
 *
 * @param say Shows a line about the chosen engine; a job has nobody to show it to.
 * @throws UsageError if the number of jobs is below 1; as `readExperiments` and `planProfile` do.
 */
export async function requestedPlan(
  { flags, overrides }: PlanRequest,
  say: (line: string) => void = () => {},
): Promise<RequestedPlan> {
  const { hardwareConcurrency: nCores } = navigator;
  const { jobs = Math.min(2, nCores) } = flags;
  if (jobs < 1) throw new UsageError("Cannot use --jobs 0: expected 1 or more");
  const profile = await readExperiments(flags, overrides);
  const threads = flags.threads || Math.max(1, Math.floor(nCores / jobs));
  const engine = await chosenEngine(profile, { threads }, say);
  const nJobs = flags.jobs ?? (engine.name === "onnx" ? jobs : 1);
  return { plan: await planProfile(profile, engine.name), engine, nJobs };
}
