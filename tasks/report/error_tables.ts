/** Tables of the errors that systems make, by class of entity, and of those that another system does not make. */
import { ERROR_KINDS } from "../../data/scores/entity_errors.ts";
import {
  ENTITY_CLASSES,
  errorClasses,
  type ErrorClassOptions,
  type ErrorCounts,
  errorDifferences,
} from "../../data/scores/error_classes.ts";
import { meanAndStd } from "../../data/scores/seed_tests.ts";
import { count, decimal, textCell } from "./cells.ts";
import type { ReportExperiment } from "./report_data.ts";
import { doneSystems, pairedRuns, systemRunsOf } from "./system_runs.ts";
import type { Cell, Table } from "./table.ts";

const CLASS_NAMES = ENTITY_CLASSES.map(({ form, type }) => `${form} form, ${type} type`);
const NOTES = [
  "Boundary: the right type on other words. Type: another type on the right words. Spurious: an entity where there is none.",
  "In brackets: percent of the gold entities. Forms are seen if training entities of the target have them, types shared if the source has them; the gold entity decides, of a spurious one the predicted.",
];

/**
 * Makes the tables of errors of each system on one target by kind, and by kind and class of entity; means over seeds.
 *
 * @param options The surface forms that training showed, and the types that the source has.
 * @returns Two tables; none if no run on the target is done.
 */
export function errorTables(
  experiment: ReportExperiment,
  target: string,
  options: ErrorClassOptions,
): Table[] {
  const systems = doneSystems(experiment, target).map(({ name, runs }) => ({
    name,
    classes: meanCounts(runs.map(({ result }) => errorClasses(result.test, options))),
  }));
  if (systems.length === 0) return [];
  const columns = ["gold", "correct", ...ERROR_KINDS];
  return [
    {
      name: `${experiment.name}_errors_${target}`,
      caption: `Errors on ${target} by kind, mean over seeds`,
      header: ["system", ...columns],
      nRowHeaders: 1,
      rows: systems.map(({ name, classes }) => [textCell(name), ...countCells(sumOf(classes))]),
      notes: NOTES,
    },
    {
      name: `${experiment.name}_error_classes_${target}`,
      caption: `Errors on ${target} by kind and class of entity, mean over seeds`,
      header: ["entities", "system", ...columns],
      nRowHeaders: 2,
      rows: CLASS_NAMES.flatMap((className, c) =>
        systems.map(({ name, classes }) => [textCell(className), textCell(name), ...countCells(classes[c]!)])
      ),
      notes: NOTES,
    },
  ];
}

/**
 * Makes the table of errors that one system makes on a target and another does not, and the reverse, by kind and class
 * of entity; means over the seeds that both have.
 *
 * @param systems The systems' names in tables: "laner + DAPT".
 * @returns The table; null if the systems have no seed in common.
 * @throws Error naming the system and the nearest name if the experiment has no such system.
 */
export function errorDifferenceTable(
  experiment: ReportExperiment,
  target: string,
  systems: readonly [string, string],
  options: ErrorClassOptions,
): Table | null {
  const [a, b] = systems.map((name) => systemRunsOf(experiment, target, name));
  const { first, second } = pairedRuns(a!, b!);
  if (first.length === 0) return null;
  const differences = first.map((run, i) =>
    errorDifferences(run.result.test, second[i]!.result.test, options)
  );
  const sides = [
    { name: `${a!.name}, not ${b!.name}`, counts: differences.map(({ onlyFirst }) => onlyFirst.counts) },
    { name: `${b!.name}, not ${a!.name}`, counts: differences.map(({ onlySecond }) => onlySecond.counts) },
  ];
  const rows = sides.flatMap(({ name, counts }) => {
    const classes = meanCounts(counts);
    const lines = [
      ...classes.map((one, c) => [CLASS_NAMES[c], one] as const),
      ["all", sumOf(classes)] as const,
    ];
    return lines.map(([className, one]) => [textCell(name), textCell(className!), ...kindCells(one)]);
  });
  return {
    name: `${experiment.name}_error_differences_${target}`,
    caption: `Errors on ${target} that one system makes and the other does not, mean over seeds`,
    header: ["errors of", "entities", ...ERROR_KINDS],
    nRowHeaders: 2,
    rows,
    notes: NOTES,
  };
}

/** Averages the counts of each class over runs. */
function meanCounts(runs: readonly (readonly ErrorCounts[])[]): ErrorCounts[] {
  return ENTITY_CLASSES.map((entityClass, c) => {
    const mean = (of: (counts: ErrorCounts) => number) =>
      meanAndStd(runs.map((counts) => of(counts[c]!))).mean;
    const errors = ERROR_KINDS.map((kind) => [kind, mean((counts) => counts.errors[kind])] as const);
    return {
      ...entityClass,
      nGold: mean(({ nGold }) => nGold),
      nCorrect: mean(({ nCorrect }) => nCorrect),
      errors: Object.fromEntries(errors) as ErrorCounts["errors"],
    };
  });
}

type Totals = Pick<ErrorCounts, "nGold" | "nCorrect" | "errors">;

/** Sums the counts of all classes. */
function sumOf(classes: readonly ErrorCounts[]): Totals {
  const sum = (of: (counts: ErrorCounts) => number) => classes.reduce((total, one) => total + of(one), 0);
  const errors = ERROR_KINDS.map((kind) => [kind, sum((one) => one.errors[kind])] as const);
  return {
    nGold: sum(({ nGold }) => nGold),
    nCorrect: sum(({ nCorrect }) => nCorrect),
    errors: Object.fromEntries(errors) as ErrorCounts["errors"],
  };
}

function countCells(counts: Totals): Cell[] {
  const { nGold, nCorrect } = counts;
  return [{ text: meanText(nGold), value: nGold }, rateCell(nCorrect, nGold), ...kindCells(counts)];
}

function kindCells({ nGold, errors }: Totals): Cell[] {
  return ERROR_KINDS.map((kind) => rateCell(errors[kind], nGold));
}

/** Makes a cell of a count, with its percentage of the gold entities if there are any. */
function rateCell(value: number, nGold: number): Cell {
  if (nGold === 0) return { text: meanText(value), value };
  const percent = 100 * value / nGold;
  return { text: `${meanText(value)} (${decimal(percent, 1)})`, value, parts: { percent } };
}

/** Writes a mean of counts, without decimals if it is whole. */
function meanText(value: number): string {
  return Number.isInteger(value) ? count(value) : decimal(value, 1);
}
