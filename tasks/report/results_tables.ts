/** The comparison of systems over targets as a table: Tables 2 to 4. */
import { runSettings } from "../config/run_config.ts";
import { standInNotes } from "../stages/stand_ins.ts";
import { boldBest, decimal, EMPTY, estimateCell, MISSING, signed, textCell } from "./cells.ts";
import { compareSystems, type ComparisonRow, rowName } from "./comparison.ts";
import type { PaperResults, ReportExperiment } from "./report_data.ts";
import { distinct, groupRuns } from "./run_groups.ts";
import type { Cell, Table } from "./table.ts";

/**
 * Makes the table of test F1 of every system on every target and on average: mean ± sample standard deviation over
 * seeds in percent, and in the row below the paper's number with the difference of ours to it.
 *
 * Our numbers and the paper's stand in rows, not in columns, so that a table of seven targets fits on a page and digits
 * align. Our best number in a column is bold. A dash stands for missing runs, which a note lists; a cell is empty where
 * nothing was planned or the paper has no number.
 *
 * @param experiment An experiment, with or without results.
 * @param paper The paper's numbers; systems that only the paper has come last.
 */
export function experimentTable(experiment: ReportExperiment, paper: PaperResults): Table {
  const { columns, rows } = compareSystems(experiment, paper);
  const ours = columns.map((_, column) =>
    boldBest(rows.map(({ ours }) => ours[column] === undefined ? EMPTY : estimateCell(ours[column])))
  );
  return {
    name: experiment.name,
    caption: `${experiment.title}: test F1 in percent`,
    header: ["system", ...columns.map(({ title }) => title)],
    nRowHeaders: 1,
    rows: rows.flatMap((row, r) => [
      ...(row.ours.some((own) => own !== undefined)
        ? [[textCell(row.name), ...ours.map((column) => column[r]!)]]
        : []),
      ...(row.paper.some((value) => value !== undefined) ? [paperCells(row)] : []),
    ]),
    notes: [...missingNotes(experiment), ...standIns(experiment)],
  };
}

/** Lists the materials of the experiment's systems that differ from those of the published ones. */
function standIns({ config, runs }: ReportExperiment): string[] {
  const systems = distinct(runs.map(({ system }) => system));
  return standInNotes(systems, (system) => runSettings(config, config.data.targets[0]!, system));
}

function paperCells({ name, ours, paper }: ComparisonRow): Cell[] {
  const cells = paper.map((value, column): Cell => {
    if (value === undefined) return EMPTY;
    const own = ours[column];
    if (!own) return { text: decimal(value), value, muted: true };
    const difference = own.mean - value;
    return {
      text: `${decimal(value)} (${signed(difference)})`,
      value,
      parts: { difference },
      muted: true,
    };
  });
  return [{ text: `${name}, paper`, muted: true }, ...cells];
}

/** The greatest number of rows to name in a note; with more missing, the dashes in the table must do. */
const MOST_NAMED = 12;

/**
 * Says how many runs of an experiment are missing and, unless they are many, which: by system and target, with their
 * seeds unless all of them are missing. Says nothing if no run is missing.
 */
export function missingNotes(experiment: ReportExperiment): string[] {
  const nMissing = experiment.runs.filter(({ result }) => result === null).length;
  if (nMissing === 0) return [];
  if (nMissing === experiment.runs.length) {
    return [`None of the ${nMissing} runs is done yet (${MISSING.text}).`];
  }
  const systems = Map.groupBy(groupRuns(experiment), (group) => rowName(experiment, group));
  const list = [...systems].flatMap(([name, groups]) => {
    const targets = groups.flatMap(({ target, runs }) => {
      const seeds = runs.filter(({ result }) => result === null).map(({ seed }) => seed);
      if (seeds.length === 0) return [];
      return [seeds.length === runs.length ? target : `${target} (seed ${seeds.join(", ")})`];
    });
    return targets.length === 0 ? [] : [`${name} on ${targets.join(", ")}`];
  });
  const which = list.length > MOST_NAMED ? "" : `: ${list.join("; ")}`;
  return [`${nMissing} of ${experiment.runs.length} runs are not done yet (${MISSING.text})${which}.`];
}
