/** Systems on one target or on average, ours and the paper's, at one glance. */
import type { Estimate } from "../run_groups.ts";
import { renderSvg } from "./render.ts";
import { seriesLooks } from "./scales.ts";

/** What the dots show. */
export interface ScoreDots {
  title: string;
  /** Test F1 in percent; null or undefined where there is none. */
  rows: readonly { name: string; ours?: Estimate | null; paper?: number }[];
}

const OURS = "ours", PAPER = "paper";

/** Draws a line for each system, with a dot and an error bar for ours and another for the paper's number. */
export function scoreDots({ title, rows }: ScoreDots): Promise<string> {
  const values = rows.flatMap(({ name, ours, paper }) => [
    ...(paper === undefined ? [] : [{ name, series: PAPER, f1: paper, low: paper, high: paper }]),
    ...(ours
      ? [{
        name,
        series: OURS,
        f1: ours.mean,
        low: ours.mean - (ours.std ?? 0),
        high: ours.mean + (ours.std ?? 0),
      }]
      : []),
  ]);
  const names = [OURS, PAPER].filter((series) => values.some((value) => value.series === series));
  const { color, shape } = seriesLooks(names);
  const f1Of = (field: string) => ({
    field,
    type: "quantitative",
    title: "test F1 (%)",
    scale: { zero: false },
  });
  const spec = {
    width: 250,
    height: { step: 20 },
    encoding: {
      y: {
        field: "name",
        type: "nominal",
        sort: rows.map(({ name }) => name),
        title: null,
        axis: { ticks: false, domain: false, grid: true, offset: 4 },
      },
      color,
    },
    layer: [
      { mark: { type: "rule", strokeWidth: 1.5 }, encoding: { x: f1Of("low"), x2: { field: "high" } } },
      { mark: { type: "point", filled: true, size: 80, opacity: 1 }, encoding: { x: f1Of("f1"), shape } },
    ],
  };
  const description = `Test F1 of ${rows.map(({ name }) => name).join(", ")}.`;
  return renderSvg({ title, subtitle: "mean ± standard deviation over seeds", description, values, spec });
}
