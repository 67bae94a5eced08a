/** A matrix as shades of one colour: confusion matrices, attention weights. */
import { errorMessage } from "../../errors.ts";
import { renderSvg } from "./render.ts";
import { INK, SERIES_COLOURS } from "./theme.ts";

/** Rows or columns of a heat map. */
export interface HeatMapAxis {
  title: string;
  /** Labels of the rows or columns; they may repeat, like the words of a sentence. */
  labels: readonly string[];
}

/** The contents of a heat map. */
export interface HeatMap {
  title: string;
  subtitle?: string | undefined;
  rows: HeatMapAxis;
  columns: HeatMapAxis;
  /** `values[row][column]`, not negative; null leaves a cell out, and so does a shorter row. */
  values: readonly (readonly (number | null)[])[];
  /** The cells among which the largest is the darkest: those of its row, or all. Default: "all". */
  shade?: "row" | "all";
  /** Decimals of the numbers in the cells; null for no numbers. Default: 0. */
  digits?: number | null;
}

/**
 * Draws a cell for each value with its number, the darker the larger the value.
 *
 * @throws Error naming the figure and the value if one is negative.
 */
export function heatMap(options: HeatMap): Promise<string> {
  const { title, subtitle, rows, columns, values: matrix, shade = "all", digits = 0 } = options;
  const largest = (list: readonly (number | null)[]) => Math.max(0, ...list.map((value) => value ?? 0));
  const overall = largest(matrix.map(largest));
  const values = matrix.flatMap((list, row) =>
    list.flatMap((value, column) => {
      if (value === null) return [];
      if (value < 0) {
        throw new Error(
          errorMessage({ act: "draw", subject: title, rule: "no value may be below 0", value }),
        );
      }
      const top = shade === "row" ? largest(list) : overall;
      const text = digits === null || value === 0 ? "" : value.toFixed(digits);
      return [{ row, column, value, shade: top === 0 ? 0 : value / top, text }];
    })
  );
  const step = Math.max(12, Math.min(30, Math.floor(350 / Math.max(1, columns.labels.length))));
  const axisOf = (field: string, { title, labels }: HeatMapAxis, more: object) => ({
    field,
    type: "ordinal",
    title,
    scale: { domain: labels.map((_, i) => i) },
    axis: {
      // Passed as a parameter, so that no label is read as an expression.
      labelExpr: `${field}Labels[datum.value]`,
      ticks: false,
      domain: false,
      labelOverlap: false,
      labelFontSize: Math.min(12, step - 1),
      ...more,
    },
  });
  const spec = {
    width: { step },
    height: { step: Math.min(step, 22) },
    params: [{ name: "rowLabels", value: rows.labels }, { name: "columnLabels", value: columns.labels }],
    encoding: {
      x: axisOf("column", columns, { orient: "top", labelAngle: -55, labelAlign: "left", labelPadding: 4 }),
      y: axisOf("row", rows, { labelPadding: 4 }),
    },
    layer: [
      {
        mark: { type: "rect", color: SERIES_COLOURS[0], stroke: INK, strokeOpacity: 0.15, strokeWidth: 0.5 },
        encoding: {
          // Never so dark that the number, in the colour of the page's text, could not be read.
          fillOpacity: {
            field: "shade",
            type: "quantitative",
            scale: { domain: [0, 1], range: [0, 0.65] },
            legend: null,
          },
        },
      },
      {
        mark: { type: "text", fontSize: Math.max(6, Math.min(11, step / 2.2)) },
        encoding: { text: { field: "text" } },
      },
    ],
  };
  return renderSvg({ title, subtitle, description: `${rows.title} by ${columns.title}.`, values, spec });
}
