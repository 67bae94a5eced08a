/** Scores for each value of a varied key: the numbers of Figures 3 and 4. */
import { systemName } from "../plan/system_name.ts";
import { boldBest, EMPTY, estimateCell, textCell } from "./cells.ts";
import type { ReportExperiment } from "./report_data.ts";
import { missingNotes } from "./results_tables.ts";
import { distinct, groupRuns, targetsOf, testF1 } from "./run_groups.ts";
import type { Table } from "./table.ts";

/**
 * Makes the table of test F1 in percent, with a row for each value that an experiment varies and a column for each
 * system; with several targets, for each system on each of them. The best value of a column is bold.
 *
 * @param experiment An experiment that varies a key.
 */
export function sweepTable(experiment: ReportExperiment): Table {
  const groups = groupRuns(experiment);
  const targets = targetsOf(experiment);
  const values = distinct(groups.map(({ value }) => value));
  const columns = targets.flatMap((target) =>
    distinct(groups.map(systemName)).map((system) => {
      const own = groups.filter((group) => group.target === target && systemName(group) === system);
      const cells = values.map((value) => {
        const group = own.find((group) => group.value === value);
        return group ? estimateCell(testF1(group)) : EMPTY;
      });
      return { title: targets.length > 1 ? `${system} on ${target}` : system, cells: boldBest(cells) };
    })
  );
  const place = targets.length === 1 ? ` on ${targets[0]}` : "";
  return {
    name: experiment.name,
    caption: `${experiment.title}: test F1 in percent${place}`,
    header: [experiment.vary!.key, ...columns.map(({ title }) => title)],
    nRowHeaders: 1,
    rows: values.map((value, v) => [textCell(String(value)), ...columns.map(({ cells }) => cells[v]!)]),
    notes: missingNotes(experiment),
  };
}
