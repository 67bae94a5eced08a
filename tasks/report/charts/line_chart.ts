/** Means over a number, with deviations: Figures 3 and 4. */
import { errorMessage } from "../../errors.ts";
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

/** The contents of a line chart. */
export interface LineChart {
  title: string;
  /** The x axis; `log` makes it logarithmic. */
  x: { title: string; log?: boolean };
  y: { title: string };
  series: readonly { name: string; points: readonly LinePoint[] }[];
  /** Width, in a unit in which text is 12 high. Default: the natural width of all figures. */
  width?: number;
}

/**
 * Draws a line for each series, with a mark and an error bar of one standard deviation up and down at every point.
 *
 * @throws Error naming the figure if a place on a logarithmic axis is not above 0.
 */
export function lineChart({ title, x, y, series, width = WIDTH }: LineChart): Promise<string> {
  const values = series.flatMap(({ points }, index) =>
    points.map(({ x, mean, std }) => ({
      series: index,
      x,
      mean,
      low: mean - (std ?? 0),
      high: mean + (std ?? 0),
    }))
  );
  const places = [...new Set(values.map((value) => value.x))].sort((a, b) => a - b);
  if (x.log && places[0]! <= 0) {
    const rule = `${x.title} must be above 0 on a logarithmic axis`;
    throw new Error(errorMessage({ act: "draw", subject: title, rule, value: places[0] }));
  }
  const { color, shape, strokeDash, head } = seriesLooks(series.map(({ name }) => name));
  const xOf = {
    field: "x",
    type: "quantitative",
    title: x.title,
    scale: { nice: false, padding: 12, ...(x.log ? { type: "log" } : { type: "linear", zero: false }) },
    axis: { values: places, format: "~r", labelOverlap: "greedy", labelSeparation: 6, grid: false },
  };
  const yOf = (field: string) => ({ field, type: "quantitative", title: y.title, scale: { zero: false } });
  const spec = {
    ...head,
    width: width - 60,
    height: 260,
    encoding: { x: xOf, color },
    layer: [
      {
        mark: { type: "rule", strokeWidth: 1.2, opacity: 0.6 },
        encoding: { y: yOf("low"), y2: { field: "high" } },
      },
      { mark: { type: "line", strokeWidth: 2 }, encoding: { y: yOf("mean"), strokeDash } },
      { mark: { type: "point", filled: true, size: 60, opacity: 1 }, encoding: { y: yOf("mean"), shape } },
    ],
  };
  const names = series.map(({ name }) => name).join(", ");
  return renderSvg({
    title,
    subtitle: deviationNote(series.flatMap(({ points }) => points)),
    description: `${y.title} against ${x.title}: ${names}.`,
    values,
    spec,
  });
}

/** Explains error bars and the number of seeds behind them. */
function deviationNote(points: readonly LinePoint[]): string | undefined {
  if (points.every(({ std }) => std === null)) return undefined;
  const counts = points.map(({ n }) => n);
  const least = Math.min(...counts);
  const most = Math.max(...counts);
  return `mean ± standard deviation over ${least < most ? `${least} to ${most}` : most} seeds`;
}
