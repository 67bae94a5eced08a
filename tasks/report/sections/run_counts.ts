/** The finished and missing runs of a plan. */
import type { ReportData, ReportExperiment } from "../report_data.ts";

/** Numbers of runs of one or more experiments; a run that several of them share counts in each. */
export interface RunCounts {
  nDone: number;
  nPlanned: number;
}

/** Counts the runs of experiments, and those with a result. */
export function countRuns(experiments: readonly Pick<ReportExperiment, "runs">[]): RunCounts {
  const runs = experiments.flatMap(({ runs }) => runs);
  return { nDone: runs.filter(({ result }) => result !== null).length, nPlanned: runs.length };
}

/** Lists the experiments that are not complete, with the number of missing runs. */
export function incompleteExperiments(
  { experiments }: Pick<ReportData, "experiments">,
): { experiment: ReportExperiment; nMissing: number; nPlanned: number }[] {
  return experiments.map((experiment) => {
    const { nDone, nPlanned } = countRuns([experiment]);
    return { experiment, nMissing: nPlanned - nDone, nPlanned };
  }).filter(({ nMissing }) => nMissing > 0);
}
