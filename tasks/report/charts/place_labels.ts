/** Finding places for the names of points where they cover neither each other nor the points. */
import { textWidth } from "./text_width.ts";

/** A rectangle by its middle. */
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

/** Where a label lies. */
export interface PlacedLabel {
  /** Its middle. */
  x: number;
  y: number;
  /** The place on its edge that is nearest to the point. */
  edge: { x: number; y: number };
}

/** Where labels may lie. */
export interface LabelArea {
  width: number;
  height: number;
  fontSize: number;
}

/** Distances of a label from its point that are tried, in pixels; the nearest free one is taken. */
const DISTANCES = [3, 12, 24, 38, 56];
/** Directions in which the label lies, as parts of its half width and height. */
const DIRECTIONS = [-1, -0.5, 0, 0.5, 1].flatMap((right) => [[right, -1], [right, 1]])
  .concat([[-1, 0], [1, 0]]);
const POINT_SIZE = 9;
/** Each label is placed anew once all others have a place. */
const ROUNDS = 4;

/**
 * Places the middle of each label beside its point: of places in twelve directions and five distances the one that
 * covers least, the nearest of equals. The same points give the same places.
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

/** The area that two boxes share. */
function overlap(a: Box, b: Box): number {
  const shared = (size: "width" | "height", place: "x" | "y") =>
    Math.max(0, (a[size] + b[size]) / 2 - Math.abs(a[place] - b[place]));
  return shared("width", "x") * shared("height", "y");
}

/** A price for each pixel beyond the edges that no overlap outweighs. */
function outside({ x, y, width, height }: Box, area: LabelArea): number {
  const beyond = (middle: number, size: number, end: number) =>
    Math.max(0, size / 2 - middle) + Math.max(0, middle + size / 2 - end);
  return 1e4 * (beyond(x, width, area.width) + beyond(y, height, area.height));
}
