/** Runs what is missing of a plan, stage by stage. */
import { join, resolve } from "node:path";
import type { Engine } from "../model/engine/engine.ts";
import { interruptSignal } from "./interrupt.ts";
import { goalsOf, type Plan } from "./plan.ts";
import type { PlanStatus } from "./plan_status.ts";
import { createReporter } from "./progress.ts";
import { ensureStage, type Stage } from "./stage.ts";

/** What a plan runs with. */
export interface RunPlanOptions {
  engine: Engine;
  /** The results folder. */
  results: string;
  /** The plan's status, from which the stages are numbered. */
  status: PlanStatus;
}

/**
 * Runs all stages of a plan that are not stored; progress goes to the terminal and to `progress.jsonl`.
 *
 * @throws `Interrupted` on Ctrl-C; what was finished is stored.
 */
export async function runPlan(plan: Plan, { engine, results, status }: RunPlanOptions): Promise<void> {
  const folder = join(results, plan.profile.name);
  await Deno.mkdir(folder, { recursive: true });
  const places = new Map(status.pending.map(({ stage }, i) => [stage.key, i + 1]));
  const labelOf = ({ key, label }: Stage) => `[${places.get(key)}/${places.size}] ${label}`;
  const reporter = createReporter({ logPath: join(folder, "progress.jsonl") });
  using interrupt = interruptSignal();
  const store = resolve(results, "stages"), { report } = reporter;
  try {
    for (const goal of plan.runs.flatMap(goalsOf)) {
      await ensureStage({ store, engine, report, signal: interrupt.signal }, goal, labelOf);
    }
  } finally {
    reporter.close();
  }
}
