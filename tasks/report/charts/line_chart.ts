/** Means against a number, with deviations: Figures 3 and 4. */
import type { TopLevelSpec } from "npm:vega-lite@6.5.0";
import { renderSvg } from "./render.ts";
import { seriesLooks } from "./scales.ts";
import { WIDTH } from "./theme.ts";

/** A mean over seeds at one place. */
export interface LinePoint {
  x: number;
  mean: number;
  /** Sample standard deviation, drawn as an error bar; null for one seed. */
  std: number | null;
  /** Seeds behind the mean. */
  n: number;
}

/** What a line chart shows. */
export interface LineChart {
  title: string;
  x: { title: string; log?: boolean };
  y: { title: string };
  series: readonly { name: string; points: readonly LinePoint[] }[];
  width?: number;
}

/** Draws lines with a mark and an error bar at each point. */
export function lineChart({ title, x, y, series, width = WIDTH }: LineChart): Promise<string> {
  const values = series.flatMap(({ name, points }) =>
    points.map(({ x, mean, std }) => ({
      series: name,
      x,
      mean,
      low: mean - (std ?? 0),
      high: mean + (std ?? 0),
    }))
  );
  const places = [...new Set(values.map(({ x }) => x))].sort((a, b) => a - b);
  const { color, shape, strokeDash } = seriesLooks(series.map(({ name }) => name));
  const spec = {
    title,
    width: width - 60,
    height: 260,
    data: { values },
    encoding: {
      x: {
        field: "x",
        type: "quantitative",
        title: x.title,
        scale: { type: x.log ? "log" : "linear", zero: false, nice: false, padding: 12 },
        axis: { values: places, format: "~", labelOverlap: "greedy", grid: false },
      },
      color,
    },
    layer: [
      {
        mark: { type: "rule", strokeWidth: 1.2, opacity: 0.6 },
        encoding: { y: { field: "low", type: "quantitative" }, y2: { field: "high" } },
      },
      { mark: { type: "line", strokeWidth: 2 }, encoding: { y: yOf("mean", y.title), strokeDash } },
      {
        mark: { type: "point", filled: true, size: 60, opacity: 1 },
        encoding: { y: yOf("mean", y.title), shape },
      },
    ],
  };
  const names = series.map(({ name }) => name).join(", ");
  return renderSvg(spec as TopLevelSpec, { title, description: `${y.title} against ${x.title}: ${names}.` });
}

function yOf(field: string, title: string) {
  return { field, type: "quantitative", title, scale: { zero: false } };
}
