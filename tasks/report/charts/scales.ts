/** The look of each series: its colour, shape and dash, the same in every layer of a figure. */
import { DASHES, SERIES_COLOURS, SHAPES } from "./theme.ts";

/**
 * Makes encodings that give a series the same colour, shape and dash everywhere, with one legend; beyond eight series
 * only the latter two differ.
 *
 * In the data a series is its index, in field "series", because names would become part of Vega-Lite's expressions.
 *
 * @returns `head` belongs at the top of the specification.
 */
export function seriesLooks(names: readonly string[]) {
  const n = SERIES_COLOURS.length;
  const shifted = <T>(looks: readonly T[]) => names.map((_, i) => looks[(i + Math.floor(i / n)) % n]);
  const domain = names.map((_, i) => i);
  const legend = names.length > 1 ? { title: null, labelExpr: "seriesNames[datum.value]" } : null;
  const of = (range: readonly unknown[]) => ({
    field: "series",
    type: "nominal",
    sort: null,
    scale: { domain, range },
    legend,
  });
  return {
    color: of(names.map((_, i) => SERIES_COLOURS[i % n])),
    shape: of(shifted(SHAPES)),
    // A field of its own: legends of one field are merged, and their points would be drawn dashed.
    strokeDash: { ...of(shifted(DASHES)), field: "dash", legend: null },
    head: {
      params: [{ name: "seriesNames", value: names }],
      transform: [{ calculate: "datum.series", as: "dash" }],
    },
  };
}
