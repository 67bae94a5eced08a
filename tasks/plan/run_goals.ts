/** Runs what is missing of a plan, stage by stage, beside others that do the same. */
import { ensureStage, type Rerun, type Stage } from "../stages/stage.ts";
import type { RunContext } from "../stages/stage_context.ts";
import { oneEnded, StageBusy } from "../stages/stage_store.ts";
import { goalsOf, type Plan } from "./plan.ts";

/** The number of each stage that was missing when the run began, by key, from 1. */
export type StageNumbers = ReadonlyMap<string, number>;

/**
 * Comes to the end of all runs of a plan. Whatever another process or job is at is passed over; when nothing else is
 * left, the end of any such stage is waited for, as it may have been what others wait for too.
 *
 * @param numbers For progress.
 * @param rerun What is run although it is stored.
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

/** Works at one goal after another until one is done; the stages that others were at, for which goals were passed over. */
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
