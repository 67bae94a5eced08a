/** The figures that experiments are shown by, and figures as files of their own. */
import { printable } from "../../data/text/printable.ts";
import { experimentFigure } from "./charts.ts";
import type { ReportData, ReportExperiment } from "./report_data.ts";
import { targetsOf } from "./run_groups.ts";

/** A figure by the name of its file. */
export interface ReportFigure {
  name: string;
  /** For a page, whose colour and width it takes. */
  svg: string;
}

/** The figures that an experiment is shown by: one of a table, one a target of everything else. */
export async function figuresOf(
  experiment: ReportExperiment,
  { paper, sharedTypes }: ReportData,
): Promise<ReportFigure[]> {
  const targets = experiment.show === "table" ? [undefined] : targetsOf(experiment);
  const figures = await Promise.all(targets.map(async (target) => ({
    name: target === undefined ? experiment.name : `${experiment.name}_${target}`,
    svg: await experimentFigure(experiment, paper, { target, sharedTypes }),
  })));
  return figures.filter((figure): figure is ReportFigure => figure.svg !== null);
}

const LIGHT_INK = "#1f2328";
const DARK_INK = "#d1d7de";

/**
 * A figure as a file of its own: it has a size, and an ink that follows the viewer's light or dark. Characters that a
 * name may hold, but no XML file, are written as `printable` writes them.
 */
export function standaloneSvg(svg: string): string {
  const width = /viewBox="\S+ \S+ (\S+) /.exec(svg)![1];
  const style =
    `<style>svg{color:${LIGHT_INK}}@media (prefers-color-scheme:dark){svg{color:${DARK_INK}}}</style>`;
  const end = svg.indexOf(">") + 1;
  return printable(
    `${svg.slice(0, end).replace('width="100%"', `width="${width}"`)}${style}${svg.slice(end)}\n`,
  );
}
