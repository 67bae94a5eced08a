/** The figures of experiments, and figures as separate files. */
import { printable } from "../../data/text/printable.ts";
import { experimentFigure } from "./charts.ts";
import type { ReportData, ReportExperiment } from "./report_data.ts";
import { targetsOf } from "./run_groups.ts";

/** A figure with the name of its file. */
export interface ReportFigure {
  name: string;
  /** SVG text for a page, with the page's colour and width. */
  svg: string;
}

/** Draws the figures of an experiment: one for a table, otherwise one for each target. */
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
 * Makes a figure a separate file, with a size and an ink that follows the viewer's light or dark mode. Characters that
 * XML forbids are escaped as by `printable`.
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
