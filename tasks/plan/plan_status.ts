/** How far a plan has come: what is stored, what is still to run, and about how long that takes. */
import { missingStages, type Stage } from "../stages/stage.ts";
import { formatSeconds } from "../terminal/progress_status.ts";
import { createEstimator } from "./estimate.ts";
import { goalsOf, type Plan } from "./plan.ts";

/** A stage that has still to run. */
export interface PendingStage {
  stage: Stage;
  /** Estimated seconds; null where nothing like it was run before. */
  seconds: number | null;
}

/** How far a plan has come. */
export interface PlanStatus {
  /** Each stage once, in the order in which they will run. */
  pending: readonly PendingStage[];
  experiments: readonly { name: string; title: string; nRuns: number; nStored: number }[];
}

/** Looks into the store. */
export async function planStatus(plan: Plan, store: string): Promise<PlanStatus> {
  const estimate = await createEstimator(store);
  const pending = new Map<string, PendingStage>();
  const stored = new Set<string>();
  for (const goal of new Set(plan.runs.flatMap(goalsOf))) {
    const missing = await missingStages(store, goal);
    if (missing.length === 0) stored.add(goal.key);
    for (const stage of missing) {
      if (!pending.has(stage.key)) pending.set(stage.key, { stage, seconds: estimate(stage) });
    }
  }
  const experiments = plan.profile.experiments.map(({ name, title }) => {
    const runs = plan.runs.filter(({ experiment }) => experiment.name === name);
    return {
      name,
      title,
      nRuns: runs.length,
      nStored: runs.filter((run) => goalsOf(run).every(({ key }) => stored.has(key))).length,
    };
  });
  return { pending: [...pending.values()], experiments };
}

/**
 * Says what will be run and about how long it will take.
 *
 * @param options `stages`: name each stage, too; `nJobs`: how many run at once.
 */
export function formatPlan(
  { pending, experiments }: PlanStatus,
  { stages = false, nJobs = 1 } = {},
): string {
  const width = Math.max(...experiments.map(({ name }) => name.length));
  const lines = experiments.map(({ name, title, nRuns, nStored }) => {
    const runs = nRuns === 0
      ? "nothing to train"
      : `${counted(nRuns, "run")}${nStored > 0 ? `, ${nStored} stored` : ""}`;
    return `  ${name.padEnd(width)}  ${title} (${runs})`;
  });
  lines.unshift("Experiments:");
  if (pending.length === 0) return [...lines, "All stages are stored."].join("\n");
  const kinds = [...Map.groupBy(pending, ({ stage }) => stage.spec.stage)]
    .map(([kind, members]) => `${members.length} ${kind}`);
  lines.push(
    `To run: ${counted(pending.length, "stage")} (${kinds.join(", ")}), ${aboutTime(pending, nJobs)}.`,
  );
  if (stages) {
    lines.push(
      ...pending.map(({ stage, seconds }) =>
        `  ${stage.spec.stage.padEnd(8)}  ${
          (seconds === null ? "?" : formatSeconds(seconds)).padStart(9)
        }  ${stage.label}`
      ),
    );
  }
  return lines.join("\n");
}

function aboutTime(pending: readonly PendingStage[], nJobs: number): string {
  const known = pending.filter(({ seconds }) => seconds !== null);
  if (known.length === 0) return "time unknown, as nothing like them was run here before";
  const seconds = known.map(({ seconds }) => seconds!), sum = seconds.reduce((a, b) => a + b, 0);
  // However many there are beside it, the longest takes its time.
  const total = formatSeconds(Math.max(sum / nJobs, ...seconds));
  const rest = pending.length - known.length;
  return `about ${total}${rest > 0 ? ` and ${counted(rest, "stage")} of unknown length` : ""}`;
}

function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
