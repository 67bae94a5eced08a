/** The runs of an experiment that differ in nothing but the seed, and what they score together. */
import { meanAndStd } from "../../data/scores/seed_tests.ts";
import type { ReportExperiment, ReportRun, RunResult } from "./report_data.ts";

/** What the runs of a group have in common. */
export type RunGroupKey = Pick<ReportRun, "target" | "system" | "adapt" | "value">;

/** Runs that differ in their seed alone. */
export interface RunGroup extends RunGroupKey {
  /** All planned runs, with and without a result. */
  runs: readonly ReportRun[];
}

/** Mean and deviation over the seeds that are done. */
export interface Estimate {
  mean: number;
  /** Sample standard deviation; null for one seed. */
  std: number | null;
  /** Seeds that are done. */
  n: number;
  /** Seeds that are planned. */
  nPlanned: number;
}

/** The groups of an experiment, in the order of its runs. */
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

/** The runs of a group that have a result. */
export function doneRuns({ runs }: Pick<RunGroup, "runs">): DoneRun[] {
  return runs.filter((run): run is DoneRun => run.result !== null);
}

/** Mean and deviation of a number of each run that is done; null if none is. */
export function estimate(
  group: Pick<RunGroup, "runs">,
  valueOf: (run: DoneRun) => number,
): Estimate | null {
  const values = doneRuns(group).map(valueOf);
  if (values.length === 0) return null;
  return { ...meanAndStd(values), n: values.length, nPlanned: group.runs.length };
}

/** Test F1 of a group in percent; null if none of its runs is done. */
export function testF1(group: Pick<RunGroup, "runs">): Estimate | null {
  return estimate(group, ({ result }) => 100 * result.scores.test.f1);
}

/** The targets of an experiment, in the order of its runs. */
export function targetsOf({ runs }: Pick<ReportExperiment, "runs">): string[] {
  return distinct(runs.map(({ target }) => target));
}

/** Distinct values, in the order in which they first occur. */
export function distinct<T>(values: Iterable<T>): T[] {
  return [...new Set(values)];
}
