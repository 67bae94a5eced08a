/** The progress of a plan: the stages that are stored, those still to run, and the estimated time. */
import { neededStages, type Rerun, type Stage } from "../stages/stage.ts";
import { storedRecords } from "../stages/stored_records.ts";
import { listNames } from "../list_names.ts";
import { formatSeconds } from "../terminal/progress_status.ts";
import { changedCode } from "./changed_code.ts";
import { createEstimator } from "./estimate.ts";
import { goalsOf, type Plan } from "./plan.ts";

/** A stage that is still to run. */
export interface PendingStage {
  stage: Stage;
  /** Estimated seconds; null where nothing like it was run before. */
  seconds: number | null;
  /** The modules whose change is the reason to run it again; null if there is another reason. */
  changed: readonly string[] | null;
}

/** The stages that some results need, each once, in the order in which they run. */
export interface StageStatus {
  pending: readonly PendingStage[];
  stored: readonly Stage[];
}

/** The progress of a plan. */
export interface PlanStatus extends StageStatus {
  experiments: readonly { name: string; title: string; nRuns: number; nStored: number }[];
}

/** Looks up in the store which of the stages needed for some stages are there. */
export async function stageStatus(
  goals: Iterable<Stage>,
  store: string,
  rerun?: Rerun,
): Promise<StageStatus> {
  const records = await storedRecords(store);
  const estimate = createEstimator(records);
  const pending = new Map<string, PendingStage>();
  const stored = new Map<string, Stage>();
  for (const goal of goals) {
    for (const { stage, isStored } of await neededStages(store, goal, rerun)) {
      if (isStored) stored.set(stage.key, stage);
      else if (!pending.has(stage.key)) {
        pending.set(stage.key, { stage, seconds: estimate(stage), changed: changedCode(stage, records) });
      }
    }
  }
  return { pending: [...pending.values()], stored: [...stored.values()] };
}

/** Looks up in the store which stages of a plan are there. */
export async function planStatus(plan: Plan, store: string, rerun?: Rerun): Promise<PlanStatus> {
  const status = await stageStatus(new Set(plan.runs.flatMap(goalsOf)), store, rerun);
  const stored = new Set(status.stored.map(({ key }) => key));
  const experiments = plan.profile.experiments.map(({ name, title }) => {
    const runs = plan.runs.filter(({ experiment }) => experiment.name === name);
    return {
      name,
      title,
      nRuns: runs.length,
      nStored: runs.filter((run) => goalsOf(run).every(({ key }) => stored.has(key))).length,
    };
  });
  return { ...status, experiments };
}

/** The most stages that are named one by one; more are only counted. */
const MOST_NAMED = 20;

/**
 * Returns lines on what will be run and about how long it will take.
 *
 * @param options `stages`: name each stage, too; `nJobs`: the number of stages that run at once.
 */
export function formatPlan(
  { pending, stored, experiments }: PlanStatus,
  { stages = false, nJobs = 1 } = {},
): string {
  const width = Math.max(...experiments.map(({ name }) => name.length));
  const lines = experiments.map(({ name, title, nRuns, nStored }) => {
    const runs = nRuns === 0
      ? "nothing to train"
      : `${counted(nRuns, "run")}${nStored > 0 ? `, ${nStored} stored` : ""}`;
    return `  ${name.padEnd(width)}  ${title} (${runs})`;
  });
  const named = (all: string[], noun: string) =>
    stages || all.length <= MOST_NAMED
      ? all.map((line) => `  ${line}`)
      : [`  ${all.length} stages ${noun}; --dry-run names them`];
  lines.unshift("Experiments:");
  if (pending.length === 0) lines.push("All stages are stored.");
  else {
    const kinds = [...Map.groupBy(pending, ({ stage }) => stage.spec.stage)]
      .map(([kind, members]) => `${members.length} ${kind}`);
    lines.push(
      `To run: ${counted(pending.length, "stage")} (${kinds.join(", ")}), ${aboutTime(pending, nJobs)}.`,
    );
  }
  if (stages) {
    lines.push(
      ...pending.map(({ stage, seconds }) =>
        `  ${stage.spec.stage.padEnd(8)}  ${
          (seconds === null ? "?" : formatSeconds(seconds)).padStart(9)
        }  ${stage.label}`
      ),
    );
  }
  const { changed, notRun } = formatStages({ pending, stored });
  return [
    ...lines,
    ...named(changed, "run again, as their code has changed"),
    ...named(notRun, "stored, not run"),
  ].join("\n");
}

/** Returns lines on the stages that run again for changed code, and on those that do not run, as they are stored. */
export function formatStages({ pending, stored }: StageStatus): { changed: string[]; notRun: string[] } {
  return {
    changed: pending.filter(({ changed }) => changed !== null).map(({ stage, changed }) =>
      `${stage.label}: run again, as its code has changed: ${listNames(changed!, 3)}`
    ),
    notRun: stored.map(({ label }) => `${label}: stored, not run`),
  };
}

function aboutTime(pending: readonly PendingStage[], nJobs: number): string {
  const known = pending.filter(({ seconds }) => seconds !== null);
  if (known.length === 0) return "time unknown, as nothing like them was run here before";
  const seconds = known.map(({ seconds }) => seconds!);
  const sum = seconds.reduce((a, b) => a + b, 0);
  // Parallel jobs take at least as long as the longest stage.
  const total = formatSeconds(Math.max(sum / nJobs, ...seconds));
  const rest = pending.length - known.length;
  return `about ${total}${rest > 0 ? ` and ${counted(rest, "stage")} of unknown length` : ""}`;
}

function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
