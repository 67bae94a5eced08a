/** Systems over targets, next to the paper's numbers: the contents of an experiment's tables and figures. */
import { meanAndStd } from "../../data/scores/seed_tests.ts";
import { systemName } from "../plan/system_name.ts";
import type { PaperResults, PaperRow, ReportExperiment } from "./report_data.ts";
import {
  distinct,
  doneRuns,
  type Estimate,
  groupRuns,
  type RunGroup,
  targetsOf,
  testF1,
} from "./run_groups.ts";

/** The five domains of CrossNER, over which the paper averages. */
export const CROSSNER: readonly string[] = ["politics", "science", "music", "literature", "ai"];

/** One target, or the average of several. */
export interface ComparisonColumn {
  title: string;
  targets: readonly string[];
}

/** The scores of a system in each column, in percent. */
export interface ComparisonRow {
  name: string;
  /** Our estimates; null where all runs are missing, undefined where none is planned. */
  ours: readonly (Estimate | null | undefined)[];
  /** The paper's numbers; undefined where it has none. */
  paper: readonly (number | undefined)[];
}

/** An experiment as a comparison. */
export interface SystemComparison {
  columns: readonly ComparisonColumn[];
  /** Systems of the experiment, then those that only the paper has. */
  rows: readonly ComparisonRow[];
}

/**
 * Collects test F1 of every system on every target and on average, ours and the paper's.
 *
 * The average is over the five CrossNER domains if all of them are targets, else over all targets. It is taken for each
 * seed that all of its targets have, and then over these seeds.
 */
export function compareSystems(experiment: ReportExperiment, paper: PaperResults): SystemComparison {
  const columns = columnsOf(targetsOf(experiment));
  const printed = paper.tables[experiment.name] ?? [];
  const groups = Map.groupBy(groupRuns(experiment), (group) => rowName(experiment, group));
  const numbersOf = (row?: PaperRow) => columns.map(({ targets }) => averageOf(row, targets));
  const ours = [...groups].map(([name, members]) => ({
    name,
    ours: columns.map(({ targets }) => estimateOf(members, targets)),
    paper: numbersOf(printed.find((row) => systemName(row) === name)),
  }));
  const theirs = printed.filter((row) => !groups.has(systemName(row)));
  return {
    columns,
    rows: [
      ...ours,
      ...theirs.map((row) => ({
        name: systemName(row),
        ours: columns.map(() => undefined),
        paper: numbersOf(row),
      })),
    ],
  };
}

/** Returns the name of a row of an experiment: its system, with the value of the key that the experiment varies. */
export function rowName(
  { vary }: Pick<ReportExperiment, "vary">,
  group: Pick<RunGroup, "system" | "adapt" | "value">,
): string {
  return vary === null ? systemName(group) : `${systemName(group)}, ${vary.key} ${group.value}`;
}

function columnsOf(targets: readonly string[]): ComparisonColumn[] {
  const single = (target: string): ComparisonColumn => ({ title: target, targets: [target] });
  if (CROSSNER.every((domain) => targets.includes(domain))) {
    const others = targets.filter((target) => !CROSSNER.includes(target));
    return [...CROSSNER.map(single), { title: "average of five", targets: CROSSNER }, ...others.map(single)];
  }
  if (targets.length < 2) return targets.map(single);
  return [...targets.map(single), { title: `average of ${targets.length}`, targets }];
}

function estimateOf(groups: readonly RunGroup[], targets: readonly string[]): Estimate | null | undefined {
  const members = groups.filter(({ target }) => targets.includes(target));
  if (members.length < targets.length) return undefined;
  if (members.length === 1) return testF1(members[0]!);
  const seeds = distinct(members.flatMap(({ runs }) => runs.map(({ seed }) => seed)));
  const averages = seeds.flatMap((seed) => {
    const runs = members.flatMap(doneRuns).filter((run) => run.seed === seed);
    return runs.length < targets.length ? [] : [testF1({ runs })!.mean];
  });
  return averages.length === 0
    ? null
    : { ...meanAndStd(averages), n: averages.length, nPlanned: seeds.length };
}

/** Returns the paper's number for a target, or its average: as printed for the five domains, else computed. */
function averageOf(row: PaperRow | undefined, targets: readonly string[]): number | undefined {
  if (targets === CROSSNER && row?.f1.average !== undefined) return row.f1.average;
  const values = targets.flatMap((target) => row?.f1[target] ?? []);
  return values.length < targets.length ? undefined : meanAndStd(values).mean;
}
