/** All findings about the data sets of a plan. */
import type { DataFinding } from "./data_finding.ts";
import type { DataSet } from "./data_sets.ts";
import { readingFindings } from "./reading_findings.ts";
import { scoredFindings } from "./scored_findings.ts";
import { trainFindings } from "./train_findings.ts";
import { transferFindings } from "./transfer_findings.ts";

/**
 * Finds what is odd about data sets, alone and as source and target.
 *
 * @param source The data set to train on first; null if there is none. Only its train split counts.
 * @param targets The data sets to train for and score.
 * @returns The findings, ordered by data set.
 */
export function dataFindings(source: DataSet | null, targets: readonly DataSet[]): DataFinding[] {
  return [
    ...(source ? [...readingFindings(source), ...trainFindings(source)] : []),
    ...targets.flatMap((target) => [
      ...readingFindings(target),
      ...trainFindings(target),
      ...scoredFindings(target),
      ...(source ? transferFindings(source, target) : []),
    ]),
  ];
}
