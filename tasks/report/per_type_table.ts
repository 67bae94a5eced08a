/** F1 by entity type (the numbers behind Figure 2). */
import { boldBest, count, estimateCell, textCell } from "./cells.ts";
import { rowName } from "./comparison.ts";
import type { ReportExperiment } from "./report_data.ts";
import { distinct, doneRuns, type Estimate, estimate, groupRuns, type RunGroup } from "./run_groups.ts";
import type { Table } from "./table.ts";

/** Scores of one entity type. */
export interface TypeScores {
  entityType: string;
  /** True if the source also has the type. */
  shared: boolean;
  /** Entities of the type in the test sentences. */
  nGold: number;
  /** Test F1 in percent, one a system; null for a system without a finished run. */
  f1: (Estimate | null)[];
}

/**
 * Computes test F1 of each type on one target: types shared with the source first, both parts by number of entities.
 */
export function typeScores(
  experiment: ReportExperiment,
  target: string,
  sharedTypes: readonly string[],
): { systems: string[]; types: TypeScores[] } {
  const groups = groupRuns(experiment).filter((group) => group.target === target);
  const done = groups.flatMap(doneRuns);
  const names = distinct(done.flatMap(({ result }) => Object.keys(result.scores.test.perType)));
  const types = names.map((entityType): TypeScores => ({
    entityType,
    shared: sharedTypes.includes(entityType),
    nGold: Math.max(...done.map(({ result }) => result.scores.test.perType[entityType]?.nGold ?? 0)),
    f1: groups.map((group) => f1OfType(group, entityType)),
  }));
  types.sort((a, b) =>
    Number(b.shared) - Number(a.shared) || b.nGold - a.nGold || (a.entityType < b.entityType ? -1 : 1)
  );
  return { systems: groups.map((group) => rowName(experiment, group)), types };
}

/** Averages the F1 of a type; by seqeval's convention it is 0 in a run without the type in gold tags and predictions. */
function f1OfType(group: RunGroup, entityType: string): Estimate | null {
  return estimate(group, ({ result }) => 100 * (result.scores.test.perType[entityType]?.f1 ?? 0));
}

/**
 * Makes the table of test F1 by entity type and system on one target; null if no run on it is done.
 *
 * @param sharedTypes Types that the source also has; they come first, with a star.
 */
export function perTypeTable(
  experiment: ReportExperiment,
  target: string,
  sharedTypes: readonly string[],
): Table | null {
  const { systems, types } = typeScores(experiment, target, sharedTypes);
  if (types.length === 0) return null;
  const rows = types.map(({ entityType, shared, nGold, f1 }) => [
    textCell(shared ? `${entityType} *` : entityType),
    { text: count(nGold), value: nGold },
    ...boldBest(f1.map((value) => estimateCell(value, 1)), 1),
  ]);
  return {
    name: `${experiment.name}_types_${target}`,
    caption: `Test F1 by entity type on ${target}, in percent`,
    header: ["type", "entities", ...systems],
    nRowHeaders: 1,
    rows,
    notes: types.some(({ shared }) => shared) ? ["* shared with the source."] : [],
  };
}
