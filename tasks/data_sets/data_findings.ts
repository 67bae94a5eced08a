/** All that is odd about the data sets of a plan. */
import type { DataFinding } from "./data_finding.ts";
import type { DataSet } from "./data_sets.ts";
import { scoredFindings } from "./scored_findings.ts";
import { trainFindings } from "./train_findings.ts";
import { transferFindings } from "./transfer_findings.ts";

/**
 * Finds what is odd about data sets, alone and as source and target.
 *
 * @param source What is trained on first; null if nothing is. Of its splits only train counts.
 * @param targets What is trained for and scored.
 * @returns Of each data set in turn.
 */
export function dataFindings(source: DataSet | null, targets: readonly DataSet[]): DataFinding[] {
  return [
    ...(source ? trainFindings(source) : []),
    ...targets.flatMap((target) => [
      ...trainFindings(target),
      ...scoredFindings(target),
      ...(source ? transferFindings(source, target) : []),
    ]),
  ];
}
