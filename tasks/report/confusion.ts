/** Which types a system takes for which: gold against predicted. */
import { type ConfusionMatrix, confusionMatrix } from "../../data/entity_errors.ts";
import { count, EMPTY, textCell } from "./cells.ts";
import type { ReportExperiment } from "./report_data.ts";
import { systemRunsOf } from "./system_runs.ts";
import type { Cell, Table } from "./table.ts";

/** A confusion matrix with what is not a confusion of types beside and below it. */
interface Confusion {
  rows: string[];
  columns: string[];
  /** By row and column; null where a combination cannot be. */
  counts: (number | null)[][];
  nRuns: number;
}

const BESIDE = ["boundary", "boundary and type", "missed"];
const BELOW = "spurious";

/**
 * Gold entities by their type and the type that a system predicts on the same words, those with other words or
 * missed beside them, spurious ones below; sums over the runs that are done.
 *
 * @param system Its name in tables: "laner + DAPT".
 * @returns null if no run of the system is done.
 * @throws Error with the nearest name if the experiment has no such system on the target.
 */
export function confusionTable(experiment: ReportExperiment, target: string, system: string): Table | null {
  const confusion = confusionOf(experiment, target, system);
  if (confusion === null) return null;
  const { rows, columns, counts, nRuns } = confusion;
  return {
    name: `${experiment.name}_confusion_${target}_${system.replace(/[^\w-]+/g, "_")}`,
    caption: `Gold types (rows) by predicted types (columns): ${system} on ${target}${sumNote(nRuns)}`,
    header: ["gold", ...columns],
    nRowHeaders: 1,
    rows: rows.map((name, r) => [
      textCell(name),
      ...counts[r].map((value, c): Cell =>
        value === null ? EMPTY : { text: count(value), value, strong: r === c, muted: value === 0 }
      ),
    ]),
    notes: [
      "Boundary: matched with an entity of the same type on other words. Missed: nothing there. Spurious: predicted where there is nothing.",
    ],
  };
}

function confusionOf(experiment: ReportExperiment, target: string, system: string): Confusion | null {
  const { runs } = systemRunsOf(experiment, target, system);
  // The matrix of all runs' sentences together is the sum of their matrices, over all of their types.
  const matrix = confusionMatrix(runs.flatMap(({ result }) => result.test));
  if (matrix.types.length === 0) return null;
  return { ...framed(matrix), nRuns: runs.length };
}

function framed({ types, counts, boundary, boundaryAndType, missed, spurious }: ConfusionMatrix) {
  return {
    rows: [...types, BELOW],
    columns: [...types, ...BESIDE],
    counts: [
      ...counts.map((row, g) => [...row, boundary[g], boundaryAndType[g], missed[g]]),
      [...spurious, ...BESIDE.map(() => null)],
    ],
  };
}

function sumNote(nRuns: number): string {
  return nRuns > 1 ? ` (sum over ${nRuns} seeds)` : "";
}
