/** F1 by entity type, grouped by system: Figure 2. */
import type { TopLevelSpec } from "npm:vega-lite@6.5.0";
import type { TypeScores } from "../per_type_table.ts";
import { renderSvg } from "./render.ts";
import { seriesLooks } from "./scales.ts";

/** What the bars show. */
export interface TypeBars {
  title: string;
  systems: readonly string[];
  types: readonly TypeScores[];
}

/** Draws a group of bars for each entity type, one bar a system; types that the source has too bear a star. */
export function typeBars({ title, systems, types }: TypeBars): Promise<string> {
  const values = types.flatMap(({ entityType, shared, f1 }) =>
    f1.flatMap((estimate, s) => {
      if (estimate === null) return [];
      const { mean, std } = estimate;
      return [{
        type: shared ? `${entityType} *` : entityType,
        series: systems[s],
        mean,
        low: Math.max(0, mean - (std ?? 0)),
        high: Math.min(100, mean + (std ?? 0)),
      }];
    })
  );
  const { color, shape } = seriesLooks(systems);
  const spec = {
    title: types.some(({ shared }) => shared)
      ? { text: title, subtitle: "* type shared with the source" }
      : title,
    width: 360,
    height: { step: 9 },
    data: { values },
    encoding: {
      y: {
        field: "type",
        type: "nominal",
        sort: null,
        title: null,
        scale: { paddingInner: 0.3 },
        axis: { ticks: false, domain: false, offset: 4 },
      },
      yOffset: { field: "series", type: "nominal", sort: null, scale: { domain: [...systems] } },
      color,
    },
    layer: [
      {
        mark: { type: "bar", opacity: 0.35 },
        encoding: {
          x: { field: "mean", type: "quantitative", title: "test F1 (%)", scale: { domain: [0, 100] } },
        },
      },
      {
        mark: { type: "rule", strokeWidth: 1.2 },
        encoding: { x: { field: "low", type: "quantitative" }, x2: { field: "high" } },
      },
      {
        mark: { type: "point", filled: true, size: 40, opacity: 1 },
        encoding: { x: { field: "mean", type: "quantitative" }, shape },
      },
    ],
  };
  return renderSvg(spec as TopLevelSpec, {
    title,
    description: `Test F1 by entity type: ${systems.join(", ")}.`,
  });
}
