/** Label embeddings on their first two principal components. */
import type { LabelMap } from "../../../model/analysis/label_map.ts";
import { placeLabels } from "./place_labels.ts";
import { renderSvg } from "./render.ts";
import { seriesLooks } from "./scales.ts";
import { INK } from "./theme.ts";

/** Options of {@link labelMap}. */
export interface LabelMapOptions {
  title: string;
  /** Entity types that source and target share. */
  sharedTypes: readonly string[];
}

/** The share of the figure that stays free at each side. */
const ROOM = 0.1;
const AREA = { width: 400, height: 380, fontSize: 11 };
const KINDS = ["shared type", "new type", "no entity"];

/**
 * Draws each tag at its place, with its name; tags of shared and of new types differ in colour and shape.
 *
 * @param map Tags with their places; each component has its own scale, to make room for names.
 */
export function labelMap(map: LabelMap, { title, sharedTypes }: LabelMapOptions): Promise<string> {
  const axes = {
    x: axisOf(map.points.map(([x]) => x), AREA.width),
    y: axisOf(map.points.map(([, y]) => y), AREA.height),
  };
  const pixels = map.points.map(([x, y], i) => ({
    x: axes.x.toPixel(x),
    y: AREA.height - axes.y.toPixel(y),
    name: map.tags[i]!,
  }));
  const places = placeLabels(pixels, AREA);
  const present = new Set(map.tags.map((tag) => kindOf(tag, sharedTypes)));
  const kinds = KINDS.filter((kind) => present.has(kind));
  const values = map.tags.map((tag, i) => ({
    tag,
    x: map.points[i]![0],
    y: map.points[i]![1],
    series: kinds.indexOf(kindOf(tag, sharedTypes)),
    labelX: axes.x.toValue(places[i]!.x),
    labelY: axes.y.toValue(AREA.height - places[i]!.y),
    edgeX: axes.x.toValue(places[i]!.edge.x),
    edgeY: axes.y.toValue(AREA.height - places[i]!.edge.y),
  }));
  const { color, shape, head } = seriesLooks(kinds);
  const along = (field: string, component: 0 | 1, domain: readonly [number, number]) => ({
    field,
    type: "quantitative",
    scale: { domain, nice: false, zero: false },
    title: `component ${component + 1} (${(100 * map.explained[component]).toFixed(0)} % of the variance)`,
    axis: { tickCount: 5 },
  });
  const at = (x: string, y: string) => ({ x: along(x, 0, axes.x.domain), y: along(y, 1, axes.y.domain) });
  const spec = {
    ...head,
    width: AREA.width,
    height: AREA.height,
    layer: [
      {
        mark: { type: "rule", opacity: 0.35, strokeWidth: 0.8, color: INK },
        encoding: { ...at("x", "y"), x2: { field: "edgeX" }, y2: { field: "edgeY" } },
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

function kindOf(tag: string, sharedTypes: readonly string[]): string {
  if (!tag.includes("-")) return KINDS[2]!;
  return sharedTypes.includes(tag.slice(2)) ? KINDS[0]! : KINDS[1]!;
}

/** Returns a scale for one component that fills the figure, with room for names around the points. */
function axisOf(values: readonly number[], pixels: number) {
  const least = Math.min(...values);
  const most = Math.max(...values);
  // Points in one place lie in the middle of the figure.
  const range = most > least ? most - least : 1;
  const middle = (least + most) / 2;
  const unit = range / (pixels * (1 - 2 * ROOM));
  const start = middle - unit * pixels / 2;
  return {
    domain: [start, start + unit * pixels] as const,
    toPixel: (value: number) => (value - start) / unit,
    toValue: (pixel: number) => start + pixel * unit,
  };
}
