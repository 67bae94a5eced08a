/** Groups of an experiment's runs that differ only in the seed, and their common scores. */
import { meanAndStd } from "../../data/scores/seed_tests.ts";
import type { ReportExperiment, ReportRun, RunResult } from "./report_data.ts";

/** The values that the runs of a group have in common. */
export type RunGroupKey = Pick<ReportRun, "target" | "system" | "adapt" | "value">;

/** Runs that differ only in their seed. */
export interface RunGroup extends RunGroupKey {
  /** All planned runs, with and without a result. */
  runs: readonly ReportRun[];
}

/** Mean and deviation over the finished seeds. */
export interface Estimate {
  mean: number;
  /** Sample standard deviation; null for one seed. */
  std: number | null;
  /** The number of finished seeds. */
  n: number;
  /** The number of planned seeds. */
  nPlanned: number;
}

/** Groups the runs of an experiment, in the order of its runs. */
export function groupRuns({ runs }: Pick<ReportExperiment, "runs">): RunGroup[] {
  const groups = Map.groupBy(
    runs,
    ({ target, system, adapt, value }) => JSON.stringify([target, system, adapt, value]),
  );
  return [...groups.values()].map((members) => {
    const { target, system, adapt, value } = members[0]!;
    return { target, system, adapt, value, runs: members };
  });
}

/** A run with its result. */
export type DoneRun = ReportRun & { result: RunResult };

/** Returns the runs of a group that have a result. */
export function doneRuns({ runs }: Pick<RunGroup, "runs">): DoneRun[] {
  return runs.filter((run): run is DoneRun => run.result !== null);
}

/** Averages a number over the finished runs, with its deviation; null if no run is finished. */
export function estimate(
  group: Pick<RunGroup, "runs">,
  valueOf: (run: DoneRun) => number,
): Estimate | null {
  const values = doneRuns(group).map(valueOf);
  if (values.length === 0) return null;
  return { ...meanAndStd(values), n: values.length, nPlanned: group.runs.length };
}

/** Computes test F1 of a group in percent; null if none of its runs is done. */
export function testF1(group: Pick<RunGroup, "runs">): Estimate | null {
  return estimate(group, ({ result }) => 100 * result.scores.test.f1);
}

/** Returns the targets of an experiment, in the order of its runs. */
export function targetsOf({ runs }: Pick<ReportExperiment, "runs">): string[] {
  return distinct(runs.map(({ target }) => target));
}

/** Returns distinct values, in the order of their first occurrence. */
export function distinct<T>(values: Iterable<T>): T[] {
  return [...new Set(values)];
}
