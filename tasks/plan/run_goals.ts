/** Running the missing stages of a plan one by one, beside other processes that do the same. */
import { ensureStage, type Rerun, type Stage } from "../stages/stage.ts";
import type { RunContext } from "../stages/stage_context.ts";
import { oneEnded, StageBusy } from "../stages/stage_lock.ts";
import { goalsOf, type Plan } from "./plan.ts";

/** The number of each stage that was missing when the run began, by key, from 1. */
export type StageNumbers = ReadonlyMap<string, number>;

/**
 * Runs all missing stages of a plan.
 *
 * Stages that another process or job is running are passed over; when nothing else is left, the end of any of them is
 * waited for, as other stages may depend on it.
 *
 * @param numbers The stages' numbers for progress.
 * @param rerun Stored results to replace.
 * @throws As `ensureStage` does.
 */
export async function runGoals(
  context: RunContext,
  plan: Plan,
  numbers: StageNumbers,
  rerun?: Rerun,
): Promise<void> {
  const labelOf = ({ key, label }: Stage) => `[${numbers.get(key)}/${numbers.size}] ${label}`;
  const { report, signal } = context;
  const goals = [...new Set(plan.runs.flatMap(goalsOf))];
  while (goals.length > 0) {
    const { done, busy } = await firstDone(
      goals,
      (goal) => ensureStage(context, goal, { labelOf, wait: false, rerun }),
    );
    if (done !== undefined) goals.splice(goals.indexOf(done), 1);
    else {
      const stage = labelOf(goals[0]!);
      await oneEnded(busy, { onWait: (message) => report({ stage, done: 0, total: 1, message }), signal });
    }
  }
}

/** Tries one goal after another until one is done; returns the stages that others were running where none could be. */
async function firstDone(
  goals: readonly Stage[],
  work: (goal: Stage) => Promise<unknown>,
): Promise<{ done?: Stage; busy: StageBusy[] }> {
  const busy: StageBusy[] = [];
  for (const goal of goals) {
    try {
      await work(goal);
      return { done: goal, busy };
    } catch (error) {
      if (!(error instanceof StageBusy)) throw error;
      busy.push(error);
    }
  }
  return { busy };
}
