/** Label embeddings on their first two principal components. */
import type { TopLevelSpec } from "npm:vega-lite@6.5.0";
import type { LabelMap } from "../report_data.ts";
import { renderSvg } from "./render.ts";
import { seriesLooks } from "./scales.ts";

/** How a map of labels is drawn. */
export interface LabelMapOptions {
  title: string;
  /** Entity types that source and target share. */
  sharedTypes: readonly string[];
}

/** Draws each tag at its place, with its name; shared and new types look different. */
export function labelMap(map: LabelMap, { title, sharedTypes }: LabelMapOptions): Promise<string> {
  const kinds = ["shared type", "new type", "no entity"];
  const values = map.tags.map((tag, i) => ({
    tag,
    x: map.points[i][0],
    y: map.points[i][1],
    series: !tag.includes("-") ? kinds[2] : sharedTypes.includes(tag.slice(2)) ? kinds[0] : kinds[1],
  }));
  const axisTitle = (component: 0 | 1) =>
    `component ${component + 1} (${(100 * map.explained[component]).toFixed(0)} % of the variance)`;
  const { color, shape } = seriesLooks(kinds);
  const scale = { zero: false, padding: 24 };
  const spec = {
    title,
    width: 400,
    height: 360,
    data: { values },
    encoding: {
      x: { field: "x", type: "quantitative", title: axisTitle(0), scale },
      y: { field: "y", type: "quantitative", title: axisTitle(1), scale },
    },
    layer: [
      { mark: { type: "point", filled: true, size: 60, opacity: 1 }, encoding: { color, shape } },
      { mark: { type: "text", dy: -9, fontSize: 11 }, encoding: { text: { field: "tag" } } },
    ],
  };
  return renderSvg(spec as TopLevelSpec, {
    title,
    description: `Places of the tags ${map.tags.join(", ")}.`,
  });
}
