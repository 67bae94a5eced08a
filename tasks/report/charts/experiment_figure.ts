/** The figure that an experiment asks for. */
import type { PaperResults, ReportData, ReportExperiment } from "../report_data.ts";
import { typeScores } from "../per_type_table.ts";
import { distinct, groupRuns, systemName, testF1 } from "../run_groups.ts";
import { lineChart, type LinePoint } from "./line_chart.ts";
import { typeBars } from "./type_bars.ts";

/** Which figure of an experiment is drawn. */
export interface ExperimentFigureOptions {
  /** Default: the first target of the experiment. */
  target?: string;
  /** Types that a target shares with the source, by target; for figures by entity type. */
  sharedTypes?: ReportData["sharedTypes"];
}

/** Draws an experiment on one target as it asks to be shown; null where it asks for no figure or nothing was run. */
export function experimentFigure(
  experiment: ReportExperiment,
  _paper: PaperResults,
  { target = experiment.runs[0]?.target, sharedTypes = {} }: ExperimentFigureOptions = {},
): Promise<string | null> {
  const title = `${experiment.title} (${target})`;
  if (experiment.show === "types") {
    const { systems, types } = typeScores(experiment, target, sharedTypes[target] ?? []);
    return types.length === 0 ? Promise.resolve(null) : typeBars({ title, systems, types });
  }
  if (experiment.show === "lines" && experiment.vary) {
    const groups = groupRuns(experiment).filter((group) => group.target === target);
    const series = distinct(groups.map(systemName)).map((name) => ({
      name,
      points: groups.flatMap((group): LinePoint[] => {
        const f1 = systemName(group) === name ? testF1(group) : null;
        return f1 && typeof group.value === "number" ? [{ x: group.value, ...f1 }] : [];
      }),
    }));
    const places = series.flatMap(({ points }) => points.map(({ x }) => x));
    if (places.length === 0) return Promise.resolve(null);
    const log = Math.min(...places) > 0 && Math.max(...places) >= 20 * Math.min(...places);
    return lineChart({ title, x: { title: experiment.vary.key, log }, y: { title: "test F1 (%)" }, series });
  }
  return Promise.resolve(null);
}
