/** Scores of systems on one target or on average, ours and the paper's, at a glance. */
import { distinct, type Estimate } from "../run_groups.ts";
import { renderSvg } from "./render.ts";
import { seriesLooks } from "./scales.ts";
import { INK, WIDTH } from "./theme.ts";

/** The contents of a figure of dots. */
export interface ScoreDots {
  title: string;
  /** The systems with test F1 in percent; null or undefined where there is none. */
  rows: readonly { name: string; ours?: Estimate | null | undefined; paper?: number | undefined }[];
}

/** Draws a line for each system, with a dot and an error bar for our number and another dot for the paper's. */
export function scoreDots({ title, rows }: ScoreDots): Promise<string> {
  const hasOurs = rows.some(({ ours }) => ours);
  const hasPaper = rows.some(({ paper }) => paper !== undefined);
  const names = [...(hasOurs ? ["ours"] : []), ...(hasPaper ? ["paper"] : [])];
  const values = rows.flatMap(({ name, ours, paper }, row) => {
    const dot = (series: string, f1: number, std: number) => (
      { row, name, series: names.indexOf(series), f1, low: f1 - std, high: f1 + std }
    );
    return [
      // Ours last, so that it is on top.
      ...(paper === undefined ? [] : [dot("paper", paper, 0)]),
      ...(ours ? [dot("ours", ours.mean, ours.std ?? 0)] : []),
    ];
  });
  const { color, shape, head } = seriesLooks(names);
  const f1Of = (field: string) => ({
    field,
    type: "quantitative",
    title: "test F1 (%)",
    scale: { zero: false },
    axis: { tickCount: 6 },
  });
  const spec = {
    ...head,
    width: WIDTH - 40,
    height: { step: 32 },
    encoding: {
      y: {
        field: "row",
        type: "ordinal",
        title: null,
        // Names stand above the lines, not beside them: they are long, and a phone is narrow.
        axis: { labels: false, ticks: false, domain: false, grid: true },
      },
      color,
    },
    layer: [
      { mark: { type: "rule", strokeWidth: 1.5 }, encoding: { x: f1Of("low"), x2: { field: "high" } } },
      { mark: { type: "point", filled: true, size: 80, opacity: 1 }, encoding: { x: f1Of("f1"), shape } },
      {
        transform: [{ aggregate: [], groupby: ["row", "name"] }],
        mark: { type: "text", align: "left", fontSize: 12, dy: -11, limit: WIDTH - 40 },
        encoding: { text: { field: "name" }, x: { value: 0 }, color: { value: INK } },
      },
    ],
  };
  const hasDeviation = rows.some(({ ours }) => ours && ours.std !== null);
  return renderSvg({
    title,
    subtitle: hasDeviation ? "mean ± standard deviation over seeds" : undefined,
    description: `Test F1 of ${distinct(values.map(({ name }) => name)).join(", ")}.`,
    values,
    spec,
  });
}
