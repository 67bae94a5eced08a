/** F1 by entity type, grouped by system: Figure 2. */
import type { TypeScores } from "../per_type_table.ts";
import { renderSvg } from "./render.ts";
import { seriesLooks } from "./scales.ts";

/** The contents of a bar chart. */
export interface TypeBars {
  title: string;
  systems: readonly string[];
  /** Scores of each type in percent, one a system; see `typeScores`. */
  types: readonly TypeScores[];
}

/**
 * Draws a group of bars for each entity type, one bar a system; types that the source also has are marked with a star.
 */
export function typeBars({ title, systems, types }: TypeBars): Promise<string> {
  const values = types.flatMap(({ entityType, shared, f1 }) =>
    f1.flatMap((estimate, s) => {
      if (estimate === null) return [];
      const { mean, std } = estimate;
      return [{
        type: shared ? `${entityType} *` : entityType,
        series: s,
        mean,
        low: Math.max(0, mean - (std ?? 0)),
        high: Math.min(100, mean + (std ?? 0)),
      }];
    })
  );
  const { color, shape, head } = seriesLooks(systems);
  const f1Of = (field: string) => ({
    field,
    type: "quantitative",
    title: "test F1 (%)",
    scale: { domain: [0, 100] },
    axis: { tickCount: 5 },
  });
  const spec = {
    ...head,
    width: 330,
    height: { step: systems.length > 1 ? 9 : 16 },
    encoding: {
      y: {
        field: "type",
        type: "nominal",
        sort: null,
        title: null,
        scale: { paddingInner: 0.2 },
        axis: { ticks: false, domain: false, offset: 4 },
      },
      yOffset: { field: "series", type: "nominal", sort: null, scale: { domain: systems.map((_, s) => s) } },
      color,
    },
    layer: [
      { mark: { type: "bar", opacity: 0.35 }, encoding: { x: f1Of("mean") } },
      { mark: { type: "rule", strokeWidth: 1.2 }, encoding: { x: f1Of("low"), x2: { field: "high" } } },
      { mark: { type: "point", filled: true, size: 40, opacity: 1 }, encoding: { x: f1Of("mean"), shape } },
    ],
  };
  return renderSvg({
    title,
    subtitle: types.some(({ shared }) => shared) ? "* type shared with the source" : undefined,
    description: `Test F1 by entity type: ${systems.join(", ")}.`,
    values,
    spec,
  });
}
