/** How much of a plan is done, and what is missing. */
import type { ReportData, ReportExperiment } from "../report_data.ts";
import { missingNotes } from "../results_tables.ts";

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

/** What is missing, experiment by experiment; nothing for one that is complete. */
export function missingByExperiment(
  { experiments }: Pick<ReportData, "experiments">,
): { experiment: ReportExperiment; notes: string[] }[] {
  return experiments
    .map((experiment) => ({ experiment, notes: missingNotes(experiment) }))
    .filter(({ notes }) => notes.length > 0);
}
