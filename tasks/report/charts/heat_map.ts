/** A matrix as shades of one colour: confusion matrices, attention weights. */
import type { TopLevelSpec } from "npm:vega-lite@6.5.0";
import { renderSvg } from "./render.ts";
import { INK, SERIES_COLOURS } from "./theme.ts";

/** What a heat map shows. */
export interface HeatMap {
  title: string;
  rows: { title: string; labels: readonly string[] };
  columns: { title: string; labels: readonly string[] };
  /** `values[row][column]`, not negative; null or nothing leaves the cell empty. */
  values: readonly (readonly (number | null)[])[];
  /** Whether the darkest cell is the largest of its row or of all. Default "all". */
  shade?: "row" | "all";
  /** Decimals of the numbers in the cells; null for none. Default 0. */
  digits?: number | null;
}

/** Draws a cell for each value; labels may repeat, as words of a sentence do. */
export function heatMap(
  { title, rows, columns, values, shade = "all", digits = 0 }: HeatMap,
): Promise<string> {
  const largest = (list: readonly (number | null)[]) => Math.max(0, ...list.map((value) => value ?? 0));
  const overall = largest(values.map(largest));
  const cells = values.flatMap((list, row) =>
    list.flatMap((value, column) => {
      if (value === null) return [];
      const top = shade === "row" ? largest(list) : overall;
      return [{
        row,
        column,
        shade: top === 0 ? 0 : value / top,
        text: digits === null || value === 0 ? "" : value.toFixed(digits),
      }];
    })
  );
  const step = Math.max(12, Math.min(30, Math.floor(360 / Math.max(1, columns.labels.length))));
  const axis = (field: string, { title, labels }: HeatMap["rows"], more: object) => ({
    field,
    type: "ordinal",
    title,
    scale: { domain: labels.map((_, i) => i) },
    axis: {
      labelExpr: `${JSON.stringify(labels)}[datum.value]`,
      ticks: false,
      domain: false,
      labelOverlap: false,
      labelFontSize: Math.min(12, step),
      ...more,
    },
  });
  const spec = {
    title,
    width: { step },
    height: { step },
    data: { values: cells },
    encoding: {
      x: axis("column", columns, { orient: "top", labelAngle: -60, labelAlign: "left" }),
      y: axis("row", rows, {}),
    },
    layer: [
      {
        mark: { type: "rect", color: SERIES_COLOURS[0], stroke: INK, strokeOpacity: 0.12, strokeWidth: 0.5 },
        encoding: {
          fillOpacity: {
            field: "shade",
            type: "quantitative",
            scale: { domain: [0, 1], range: [0, 0.6] },
            legend: null,
          },
        },
      },
      { mark: { type: "text", fontSize: Math.min(11, step / 2) }, encoding: { text: { field: "text" } } },
    ],
  };
  return renderSvg(spec as TopLevelSpec, { title, description: `${rows.title} by ${columns.title}.` });
}
