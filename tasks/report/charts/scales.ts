/** One look for each series: its colour, shape and dash, the same in every layer of a figure. */
import { DASHES, SERIES_COLOURS, SHAPES } from "./theme.ts";

/** Encodings that give the same series the same colour, shape and dash; more than eight are told apart by the latter. */
export function seriesLooks(names: readonly string[]) {
  const n = SERIES_COLOURS.length;
  const shifted = <T>(looks: readonly T[]) => names.map((_, i) => looks[(i + Math.floor(i / n)) % n]);
  const domain = [...names];
  const legend = names.length > 1 ? { title: null } : null;
  const of = (range: unknown[]) => ({
    field: "series",
    type: "nominal" as const,
    sort: null,
    scale: { domain, range },
    legend,
  });
  return {
    color: of(names.map((_, i) => SERIES_COLOURS[i % n])),
    shape: of(shifted(SHAPES)),
    // Points in the legend would be drawn dashed.
    strokeDash: { ...of(shifted(DASHES)), legend: null },
  };
}
