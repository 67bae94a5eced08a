/** The comparison of systems over targets, beside the paper's numbers: Tables 2 to 4. */
import { meanAndStd } from "../results.ts";
import { decimal, EMPTY, estimateCell, MISSING, signed, textCell } from "./cells.ts";
import type { PaperResults, PaperRow, ReportExperiment } from "./report_data.ts";
import {
  distinct,
  doneRuns,
  type Estimate,
  groupRuns,
  type RunGroup,
  systemName,
  testF1,
} from "./run_groups.ts";
import type { Cell, Table } from "./table.ts";

/** The five domains of CrossNER, over which the paper averages. */
export const CROSSNER = ["politics", "science", "music", "literature", "ai"] as const;

/** A column: one target, or the average of several. */
interface Column {
  title: string;
  targets: readonly string[];
}

/**
 * Test F1 of every system on every target, mean ± sample standard deviation over seeds in percent, each with the
 * paper's number and the difference to it in the row below.
 *
 * The average is that of the five CrossNER domains where all of them are targets, else of all targets. It is taken
 * for each seed that all of its targets have, and then over seeds.
 *
 * @param experiment An experiment, with or without results.
 * @param paper The paper's numbers; systems that only the paper has come last.
 */
export function experimentTable(experiment: ReportExperiment, paper: PaperResults): Table {
  const groups = groupRuns(experiment);
  const columns = columnsOf(distinct(experiment.runs.map(({ target }) => target)));
  const printed = paper.tables[experiment.name] ?? [];
  const systems = distinct(groups.map((group) => rowName(experiment, group)));
  const rows: Cell[][] = [];
  const ours: Cell[][] = [];
  for (const name of systems) {
    const own = groups.filter((group) => rowName(experiment, group) === name);
    const estimates = columns.map(({ targets }) => estimateOf(own, targets));
    const cells = estimates.map((value) => value === undefined ? EMPTY : estimateCell(value));
    ours.push(cells);
    rows.push([textCell(name), ...cells]);
    const paperRow = printed.find((row) => systemName(row) === name);
    if (paperRow) rows.push(paperCells(paperRow, columns, estimates));
  }
  for (const row of printed.filter((row) => !systems.includes(systemName(row)))) {
    rows.push(paperCells(row, columns));
  }
  markBest(ours);
  return {
    name: experiment.name,
    caption: `${experiment.title}: test F1 in percent`,
    header: ["system", ...columns.map(({ title }) => title)],
    nRowHeaders: 1,
    rows,
    notes: missingNotes(experiment),
  };
}

/** The name of a system's row; with the value of the key that the experiment varies. */
export function rowName(
  { vary }: ReportExperiment,
  group: Pick<RunGroup, "system" | "adapt" | "value">,
): string {
  return vary === null ? systemName(group) : `${systemName(group)}, ${vary.key} ${group.value}`;
}

function columnsOf(targets: readonly string[]): Column[] {
  const single = (target: string): Column => ({ title: target, targets: [target] });
  if (CROSSNER.every((domain) => targets.includes(domain))) {
    const others = targets.filter((target) => !(CROSSNER as readonly string[]).includes(target));
    const average = { title: "average of five", targets: CROSSNER };
    return [...CROSSNER.map(single), average, ...others.map(single)];
  }
  const average = { title: `average of ${targets.length}`, targets };
  return [...targets.map(single), ...(targets.length > 1 ? [average] : [])];
}

/** What a system has on a column's targets; undefined where nothing is planned for one of them. */
function estimateOf(groups: readonly RunGroup[], targets: readonly string[]): Estimate | null | undefined {
  const members = targets.map((target) => groups.find((group) => group.target === target));
  if (members.some((group) => group === undefined)) return undefined;
  const all = members as RunGroup[];
  if (all.length === 1) return testF1(all[0]);
  const planned = distinct(all.flatMap(({ runs }) => runs.map(({ seed }) => seed)));
  const averages = planned.flatMap((seed) => {
    const runs = all.map((group) => doneRuns(group).find((run) => run.seed === seed));
    if (runs.some((run) => run === undefined)) return [];
    return [meanAndStd(runs.map((run) => 100 * run!.result.scores.test.f1)).mean];
  });
  return averages.length === 0
    ? null
    : { ...meanAndStd(averages), n: averages.length, nPlanned: planned.length };
}

/** The paper's row, with the difference of ours to it where there is one. */
function paperCells(
  row: PaperRow,
  columns: readonly Column[],
  ours: readonly (Estimate | null | undefined)[] = [],
): Cell[] {
  const cells = columns.map(({ targets }, i): Cell => {
    const values = targets.map((target) => row.f1[target]);
    if (values.some((value) => value === undefined)) return EMPTY;
    const value = meanAndStd(values).mean, own = ours[i];
    if (!own) return { text: decimal(value), value, muted: true };
    const difference = own.mean - value;
    return { text: `${decimal(value)} (${signed(difference)})`, value, parts: { difference }, muted: true };
  });
  return [{ text: `${systemName(row)}, paper`, muted: true }, ...cells];
}

/** Marks the highest number of each column as it is shown, all of them where several are equal. */
function markBest(rows: Cell[][]): void {
  for (let column = 0; column < (rows[0]?.length ?? 0); column++) {
    const cells = rows.map((row) => row[column]);
    const values = cells.flatMap(({ value }) => value === undefined ? [] : [value.toFixed(2)]);
    if (values.length < 2) continue;
    const best = Math.max(...values.map(Number)).toFixed(2);
    rows.forEach((row) => {
      if (row[column].value?.toFixed(2) === best) row[column].strong = true;
    });
  }
}

/** Says which runs are missing. */
export function missingNotes(experiment: ReportExperiment): string[] {
  const missing = groupRuns(experiment).flatMap((group) => {
    const seeds = group.runs.filter(({ result }) => result === null).map(({ seed }) => seed);
    return seeds.length === 0
      ? []
      : [`${rowName(experiment, group)} on ${group.target} (${seeds.join(", ")})`];
  });
  if (missing.length === 0) return [];
  const n = experiment.runs.filter(({ result }) => result === null).length;
  return [
    `${n} of ${experiment.runs.length} runs are missing (${MISSING.text}); with their seeds: ${
      missing.join("; ")
    }.`,
  ];
}
