/** The figure of an experiment. */
import { systemName } from "../../plan/system_name.ts";
import { compareSystems } from "../comparison.ts";
import { typeScores } from "../per_type_table.ts";
import type { PaperResults, ReportData, ReportExperiment } from "../report_data.ts";
import { distinct, groupRuns, testF1 } from "../run_groups.ts";
import { lineChart, type LinePoint } from "./line_chart.ts";
import { scoreDots } from "./score_dots.ts";
import { typeBars } from "./type_bars.ts";

/** Options of {@link experimentFigure}. */
export interface ExperimentFigureOptions {
  /** The target to draw. Default: the average for a table that has one, else the first target of the experiment. */
  target?: string | undefined;
  /** Types that a target shares with the source, by target; for figures by entity type. */
  sharedTypes?: ReportData["sharedTypes"];
}

/**
 * Draws an experiment as its `show` says: lines over the key that it varies, bars by entity type, or for a table the
 * systems with the paper's numbers.
 *
 * @param experiment An experiment, with or without results.
 * @param paper The paper's numbers, for tables.
 * @param options The target to draw.
 * @returns SVG text; null if the experiment has no figure, or none of its runs is done.
 */
export async function experimentFigure(
  experiment: ReportExperiment,
  paper: PaperResults,
  options: ExperimentFigureOptions = {},
): Promise<string | null> {
  switch (experiment.show) {
    case "table":
      return await tableFigure(experiment, paper, options);
    case "lines":
      return await lineFigure(experiment, options);
    case "types":
      return await typeFigure(experiment, options);
    default:
      return null;
  }
}

async function tableFigure(
  experiment: ReportExperiment,
  paper: PaperResults,
  { target }: ExperimentFigureOptions,
): Promise<string | null> {
  const { columns, rows } = compareSystems(experiment, paper);
  const hasResult = (column: number) => rows.some(({ ours }) => ours[column]);
  const average = columns.findIndex(({ targets }, column) => targets.length > 1 && hasResult(column));
  const first = columns.findIndex((_, column) => hasResult(column));
  const wanted = columns.findIndex(({ title }) => title === target);
  const column = target !== undefined ? wanted : average >= 0 ? average : first;
  if (column < 0 || !hasResult(column)) return null;
  return await scoreDots({
    title: `${experiment.title} (${columns[column]!.title})`,
    rows: rows.map(({ name, ours, paper }) => ({ name, ours: ours[column], paper: paper[column] })),
  });
}

async function lineFigure(
  experiment: ReportExperiment,
  { target = experiment.runs[0]?.target }: ExperimentFigureOptions,
): Promise<string | null> {
  const groups = groupRuns(experiment).filter((group) => group.target === target);
  const series = distinct(groups.map(systemName)).map((name) => ({
    name,
    points: groups.flatMap((group): LinePoint[] => {
      const f1 = systemName(group) === name ? testF1(group) : null;
      return f1 && typeof group.value === "number" ? [{ x: group.value, ...f1 }] : [];
    }),
  }));
  const places = series.flatMap(({ points }) => points.map(({ x }) => x));
  if (experiment.vary === null || places.length === 0) return null;
  const least = Math.min(...places);
  const log = least > 0 && Math.max(...places) >= 20 * least;
  return await lineChart({
    title: `${experiment.title} (${target})`,
    x: { title: experiment.vary.key, log },
    y: { title: "test F1 (%)" },
    series,
  });
}

async function typeFigure(
  experiment: ReportExperiment,
  { target = experiment.runs[0]?.target, sharedTypes = {} }: ExperimentFigureOptions,
): Promise<string | null> {
  const { systems, types } = typeScores(experiment, target!, sharedTypes[target!] ?? []);
  if (types.length === 0) return null;
  return await typeBars({ title: `${experiment.title} (${target})`, systems, types });
}
