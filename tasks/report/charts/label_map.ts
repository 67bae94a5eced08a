/** Label embeddings on their first two principal components. */
import type { LabelMap } from "../report_data.ts";
import { placeLabels } from "./place_labels.ts";
import { renderSvg } from "./render.ts";
import { seriesLooks } from "./scales.ts";
import { INK } from "./theme.ts";

/** How a map of labels is drawn. */
export interface LabelMapOptions {
  title: string;
  /** Entity types that source and target share. */
  sharedTypes: readonly string[];
}

const AREA = { width: 400, height: 380, fontSize: 11 };
const KINDS = ["shared type", "new type", "no entity"];

/**
 * Draws each tag at its place, with its name; tags of shared and of new types differ in colour and form.
 *
 * @param map Tags with their places; both components are drawn to the same scale, so that distances compare.
 */
export function labelMap(map: LabelMap, { title, sharedTypes }: LabelMapOptions): Promise<string> {
  const axes = sameScale(map.points);
  const pixels = map.points.map(([x, y], i) => ({
    x: axes.x.toPixel(x),
    y: AREA.height - axes.y.toPixel(y),
    name: map.tags[i],
  }));
  const places = placeLabels(pixels, AREA);
  const values = map.tags.map((tag, i) => ({
    tag,
    x: map.points[i][0],
    y: map.points[i][1],
    series: !tag.includes("-") ? KINDS[2] : sharedTypes.includes(tag.slice(2)) ? KINDS[0] : KINDS[1],
    labelX: axes.x.toValue(places[i].x),
    labelY: axes.y.toValue(AREA.height - places[i].y),
  }));
  const kinds = KINDS.filter((kind) => values.some(({ series }) => series === kind));
  const { color, shape } = seriesLooks(kinds);
  const axisOf = (field: string, component: 0 | 1, domain: readonly [number, number]) => ({
    field,
    type: "quantitative",
    scale: { domain, nice: false, zero: false },
    title: `component ${component + 1} (${(100 * map.explained[component]).toFixed(0)} % of the variance)`,
    axis: { tickCount: 5, labelBound: true },
  });
  const at = (x: string, y: string) => ({ x: axisOf(x, 0, axes.x.domain), y: axisOf(y, 1, axes.y.domain) });
  const spec = {
    width: AREA.width,
    height: AREA.height,
    layer: [
      {
        mark: { type: "rule", opacity: 0.35, strokeWidth: 0.8, color: INK },
        encoding: { ...at("x", "y"), x2: { field: "labelX" }, y2: { field: "labelY" } },
      },
      {
        mark: { type: "point", filled: true, size: 60, opacity: 1 },
        encoding: { ...at("x", "y"), color, shape },
      },
      {
        mark: { type: "text", fontSize: AREA.fontSize, baseline: "middle" },
        encoding: { ...at("labelX", "labelY"), text: { field: "tag" } },
      },
    ],
  };
  return renderSvg({ title, description: `Places of the tags ${map.tags.join(", ")}.`, values, spec });
}

/** Scales for both components with the same length of a unit, and room around the points. */
function sameScale(points: LabelMap["points"]) {
  const range = (values: number[]) =>
    values.length === 0 ? [0, 0] : [Math.min(...values), Math.max(...values)];
  const [left, right] = range(points.map(([x]) => x)), [bottom, top] = range(points.map(([, y]) => y));
  const room = 0.12;
  const unit = Math.max(
    (right - left) / (AREA.width * (1 - 2 * room)),
    (top - bottom) / (AREA.height * (1 - 2 * room)),
    1e-9,
  );
  const axis = (middle: number, pixels: number) => {
    const start = middle - unit * pixels / 2;
    return {
      domain: [start, start + unit * pixels] as const,
      toPixel: (value: number) => (value - start) / unit,
      toValue: (pixel: number) => start + pixel * unit,
    };
  };
  return { x: axis((left + right) / 2, AREA.width), y: axis((bottom + top) / 2, AREA.height) };
}
