/** Places for the names of points that cover neither each other nor the points. */
import { textWidth } from "./text_width.ts";

/** A rectangle, given by its middle. */
interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A point with a name, in pixels. */
export interface NamedPoint {
  x: number;
  y: number;
  name: string;
}

/** A label with its place. */
export interface PlacedLabel {
  /** The middle of the label. */
  x: number;
  y: number;
  /** The place on the label's edge that is nearest to the point. */
  edge: { x: number; y: number };
}

/** The area in which labels may lie. */
export interface LabelArea {
  width: number;
  height: number;
  fontSize: number;
}

/** Distances to try between a label and its point, in pixels; the nearest free one is taken. */
const DISTANCES = [3, 12, 24, 38, 56];
/** Directions of the label from its point, as shares of its half width and height. */
const DIRECTIONS = [-1, -0.5, 0, 0.5, 1].flatMap((right) => [[right, -1], [right, 1]])
  .concat([[-1, 0], [1, 0]]);
const POINT_SIZE = 9;
/** The number of times that each label is placed anew, after all others have a place. */
const ROUNDS = 4;

/**
 * Places the middle of each label beside its point. Of twelve directions and five distances it takes the place that
 * covers least, and the nearest of several. The same points give the same places.
 */
export function placeLabels(points: readonly NamedPoint[], area: LabelArea): PlacedLabel[] {
  const sizes = points.map(({ name }) => ({
    width: textWidth(name, area.fontSize) + 2,
    height: area.fontSize + 1,
  }));
  const dots = points.map(({ x, y }): Box => ({ x, y, width: POINT_SIZE, height: POINT_SIZE }));
  const labels: Box[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    points.forEach((point, i) => {
      let best: Box | undefined;
      let least = Infinity;
      for (const candidate of candidatesOf(point, sizes[i]!)) {
        let cost = outside(candidate, area) + Math.hypot(candidate.x - point.x, candidate.y - point.y);
        dots.forEach((dot) => cost += 10 * overlap(candidate, dot));
        labels.forEach((label, j) => cost += j === i ? 0 : 10 * overlap(candidate, label));
        if (cost < least) [best, least] = [candidate, cost];
      }
      labels[i] = best!;
    });
  }
  return labels.map((label, i) => ({ x: label.x, y: label.y, edge: nearestIn(label, points[i]!) }));
}

function candidatesOf({ x, y }: NamedPoint, { width, height }: { width: number; height: number }): Box[] {
  return DISTANCES.flatMap((distance) =>
    DIRECTIONS.map(([right, down]) => ({
      x: x + right! * (width / 2 + POINT_SIZE / 2 + distance - 2),
      y: y + down! * (height / 2 + POINT_SIZE / 2 + distance - 3),
      width,
      height,
    }))
  );
}

function nearestIn({ x, y, width, height }: Box, point: NamedPoint): { x: number; y: number } {
  const clamped = (value: number, middle: number, size: number) =>
    Math.min(Math.max(value, middle - size / 2), middle + size / 2);
  return { x: clamped(point.x, x, width), y: clamped(point.y, y, height) };
}

/** Computes the area that two boxes share. */
function overlap(a: Box, b: Box): number {
  const shared = (size: "width" | "height", place: "x" | "y") =>
    Math.max(0, (a[size] + b[size]) / 2 - Math.abs(a[place] - b[place]));
  return shared("width", "x") * shared("height", "y");
}

/** Returns a penalty for each pixel beyond the edges, higher than that of any overlap. */
function outside({ x, y, width, height }: Box, area: LabelArea): number {
  const beyond = (middle: number, size: number, end: number) =>
    Math.max(0, size / 2 - middle) + Math.max(0, middle + size / 2 - end);
  return 1e4 * (beyond(x, width, area.width) + beyond(y, height, area.height));
}
