/** Runs what is missing of a plan, stage by stage. */
import { join, resolve } from "node:path";
import type { Engine } from "../model/engine/engine.ts";
import { writing } from "./durable_files.ts";
import { interruptSignal } from "./interrupt.ts";
import { goalsOf, type Plan } from "./plan.ts";
import type { PlanStatus } from "./plan_status.ts";
import { createReporter } from "./progress.ts";
import { ensureStage, type Stage } from "./stage.ts";
import { StageBusy } from "./stage_store.ts";

/** What a plan runs with. */
export interface RunPlanOptions {
  engine: Engine;
  /** The results folder. */
  results: string;
  /** The plan's status, from which the stages are numbered. */
  status: PlanStatus;
  /** Whether to go on from checkpoints of other versions. */
  force?: boolean;
}

/**
 * Runs all stages of a plan that are not stored; progress goes to the terminal and to `progress.jsonl`.
 *
 * @throws `Interrupted` on Ctrl-C or SIGTERM; what was finished is stored.
 */
export async function runPlan(
  plan: Plan,
  { engine, results, status, force }: RunPlanOptions,
): Promise<void> {
  const folder = join(results, plan.profile.name);
  await writing(folder, () => Deno.mkdir(folder, { recursive: true }));
  const places = new Map(status.pending.map(({ stage }, i) => [stage.key, i + 1]));
  const labelOf = ({ key, label }: Stage) => `[${places.get(key)}/${places.size}] ${label}`;
  const reporter = createReporter({ logPath: join(folder, "progress.jsonl") });
  using interrupt = interruptSignal();
  const store = resolve(results, "stages"), { report } = reporter;
  try {
    const context = { store, engine, report, signal: interrupt.signal, force };
    const goals = [...new Set(plan.runs.flatMap(goalsOf))];
    while (goals.length > 0) {
      // What another process is at is passed over, and waited for when nothing else is left.
      const done = await firstDone(goals, (goal) => ensureStage(context, goal, { labelOf, wait: false }));
      if (done === null) await ensureStage(context, goals[0], { labelOf });
      goals.splice(done ?? 0, 1);
    }
  } finally {
    reporter.close();
  }
}

/** Works at one goal after another until one is done, and gives its place; null if all are busy. */
async function firstDone(
  goals: readonly Stage[],
  work: (goal: Stage) => Promise<unknown>,
): Promise<number | null> {
  for (const [place, goal] of goals.entries()) {
    try {
      await work(goal);
      return place;
    } catch (error) {
      if (!(error instanceof StageBusy)) throw error;
    }
  }
  return null;
}
