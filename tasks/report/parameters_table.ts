/** Parameters that each value of a sweep adds (Figure 3). */
import type { FinetuneScores } from "../stages/finetune_scores.ts";
import { count, decimal, textCell } from "./cells.ts";
import { rowName } from "./comparison.ts";
import type { ReportExperiment } from "./report_data.ts";
import { doneRuns, groupRuns } from "./run_groups.ts";
import type { Table } from "./table.ts";

/** Parameters of a model: the encoder's, without a pooler, and all others. */
export type ParameterCounts = FinetuneScores["nParameters"];

/** Returns the parameters of the BERT tagger on a target, from any of the experiments; null if it was not run. */
export function taggerParameters(
  experiments: readonly ReportExperiment[],
  target: string,
): ParameterCounts | null {
  const runs = experiments.flatMap(({ runs }) => runs);
  const tagger = runs.find((run) =>
    run.system === "bert-tagger" && run.target === target && run.result !== null
  );
  return tagger?.result?.scores.nParameters ?? null;
}

/**
 * Makes the table of parameters that each system has beyond the tagger's, at each value of a sweep; null if no run is
 * done.
 *
 * @param tagger The tagger's parameters on the same target; without them, all parameters beyond the encoder are
 * counted.
 */
export function parametersTable(experiment: ReportExperiment, tagger: ParameterCounts | null): Table | null {
  const rows = groupRuns(experiment).flatMap((group) => {
    const [run] = doneRuns(group);
    if (run === undefined) return [];
    const { encoder, head } = run.result.scores.nParameters;
    const total = encoder + head;
    const base = tagger ? tagger.encoder + tagger.head : encoder;
    const added = total - base;
    const percent = 100 * added / base;
    return [[
      textCell(rowName(experiment, group)),
      textCell(group.target),
      { text: count(total), value: total },
      { text: count(added), value: added },
      { text: `${decimal(percent)} %`, value: percent },
    ]];
  });
  if (rows.length === 0) return null;
  const base = tagger ? "the BERT tagger" : "the encoder";
  return {
    name: `${experiment.name}_parameters`,
    caption: `Parameters, and how many of them are added to ${base}`,
    header: ["system", "target", "parameters", "added", "added, percent"],
    nRowHeaders: 2,
    rows,
    notes: ["Counted are the encoder without a pooler and everything on it."],
  };
}
