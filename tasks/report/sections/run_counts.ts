/** How much of a plan is done, and what is missing. */
import type { ReportData, ReportExperiment } from "../report_data.ts";

/** Runs of one or more experiments; a run that several of them share counts in each. */
export interface RunCounts {
  nDone: number;
  nPlanned: number;
}

/** Counts runs with a result. */
export function countRuns(experiments: readonly Pick<ReportExperiment, "runs">[]): RunCounts {
  const runs = experiments.flatMap(({ runs }) => runs);
  return { nDone: runs.filter(({ result }) => result !== null).length, nPlanned: runs.length };
}

/** The experiments that are not complete, and how much they miss. */
export function incompleteExperiments(
  { experiments }: Pick<ReportData, "experiments">,
): { experiment: ReportExperiment; nMissing: number; nPlanned: number }[] {
  return experiments.map((experiment) => {
    const { nDone, nPlanned } = countRuns([experiment]);
    return { experiment, nMissing: nPlanned - nDone, nPlanned };
  }).filter(({ nMissing }) => nMissing > 0);
}
