/** Confusions of entity types: gold against predicted. */
import { confusionMatrix } from "../../data/scores/entity_errors.ts";
import { count, EMPTY, textCell } from "./cells.ts";
import { fileNamePart } from "./file_names.ts";
import type { ReportExperiment } from "./report_data.ts";
import { systemRunsOf } from "./system_runs.ts";
import type { Cell, Table } from "./table.ts";

/**
 * Makes the table of gold entities by their type and the type that a system predicts on the same words. Columns beside
 * it count entities with other words or missed ones, a row below spurious ones. Counts are sums over the finished runs.
 *
 * @param system The system's name in tables: "laner + DAPT".
 * @returns The table; null if no run of the system is done.
 * @throws Error with the nearest name if the experiment has no such system on the target.
 */
export function confusionTable(experiment: ReportExperiment, target: string, system: string): Table | null {
  const { runs } = systemRunsOf(experiment, target, system);
  // The matrix of all runs' sentences together is the sum of their matrices, over all of their types.
  const matrix = confusionMatrix(runs.flatMap(({ result }) => result.test));
  const { types, counts, boundary, boundaryAndType, missed, spurious } = matrix;
  if (types.length === 0) return null;
  const cells = (values: readonly number[], own = -1) =>
    values.map((value, c): Cell => ({ text: count(value), value, strong: c === own, muted: value === 0 }));
  return {
    name: `${experiment.name}_confusion_${target}_${fileNamePart(system)}`,
    caption: `Gold types (rows) by predicted types (columns): ${system} on ${target}${sumNote(runs.length)}`,
    header: ["gold", ...types, "boundary", "boundary and type", "missed"],
    nRowHeaders: 1,
    rows: [
      ...types.map((type, g) => [
        textCell(type),
        ...cells([...counts[g]!, boundary[g]!, boundaryAndType[g]!, missed[g]!], g),
      ]),
      [textCell("spurious"), ...cells(spurious), EMPTY, EMPTY, EMPTY],
    ],
    notes: [
      "Boundary: matched with an entity of the same type on other words. Missed: nothing there. Spurious: predicted where there is nothing.",
    ],
  };
}

function sumNote(nRuns: number): string {
  return nRuns > 1 ? ` (sum over ${nRuns} seeds)` : "";
}
