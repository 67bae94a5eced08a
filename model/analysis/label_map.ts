/** A map of label embeddings: the position of each tag, and the tags most like it. */
import type { TagSet } from "../../data/tags/tag_set.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { principalComponents } from "./principal_components.ts";

/** Embeddings of tags, projected to two dimensions. */
export interface LabelMap {
  /** The tags in the order of their ids, without START. */
  tags: readonly string[];
  /** Places on the first two principal components, one a tag. */
  points: readonly (readonly [number, number])[];
  /** Part of the variance that each of the two components has. */
  explained: readonly [number, number];
  /** For each tag the other tags with the highest cosine, falling; equal ones in the order of their ids. */
  nearest: readonly (readonly { tag: string; cosine: number }[])[];
}

/** Options of `mapLabels`. */
export interface MapLabelsOptions {
  /** The greatest number of other tags that are listed with each tag. */
  nNearest?: number | undefined;
}

/**
 * Maps the label embeddings of a model: for each tag those with the highest cosine, and its place on the first two
 * principal components of all of them (see `principalComponents`; START is in neither).
 *
 * Nothing is NaN: an embedding of zeros has cosine 0 with every other, and a component that does not exist, as with
 * fewer than three tags or equal embeddings, has places and share 0.
 *
 * @param table float32 [K+1, D]: `label_embedding.weight` of a model, its last row START.
 * @param tags The K tags, in the order of the rows.
 * @throws If the table has another shape or values that are not finite, or `nNearest` is no whole number from 0.
 *
 * @example
 * ```ts
 * import { createTagSet, mapLabels } from "@laner/laner";
 *
 * const table = { shape: [4, 2], data: Float32Array.of(0, 1, 4, 3, 3, 4, 9, 9) }; // O, B-task, I-task, START
 * const { points, nearest } = mapLabels(table, createTagSet(["task"]), { nNearest: 1 });
 * console.log(nearest[1]); // [{ tag: "I-task", cosine: 0.96 }]
 * console.log(points.length); // 3
 * ```
 */
export function mapLabels(table: NdArray, tags: TagSet, options: MapLabelsOptions = {}): LabelMap {
  const { nNearest = 5 } = options;
  const K = tags.nTags;
  const nRows = table.shape[0]!;
  const D = table.shape[1]!;
  const fail = (rule: string, value: unknown): never => {
    throw new Error(`Cannot map label embeddings: ${rule}, current value is ${value}`);
  };
  if (table.shape.length !== 2 || nRows !== K + 1 || D < 1) {
    fail(
      `the table must be [K+1, D], a row for each of the ${K} tags and START`,
      JSON.stringify(table.shape),
    );
  }
  if (!Number.isInteger(nNearest) || nNearest < 0) fail("nNearest must be a whole number from 0", nNearest);
  const rows = tags.tags.map((_, id) => Array.from(table.data.subarray(id * D, (id + 1) * D)));
  rows.forEach((row, id) => {
    const bad = row.find((value) => !Number.isFinite(value));
    if (bad !== undefined) fail(`all values must be finite, also those of ${tags.tagOf(id)}`, bad);
  });
  const { points, explained } = principalComponents(rows, 2);
  return {
    tags: tags.tags,
    points: points.map((point) => [point[0]!, point[1]!] as const),
    explained: [explained[0]!, explained[1]!],
    nearest: rows.map((row, id) =>
      rows.map((other, otherId) => ({ tag: tags.tagOf(otherId), cosine: cosine(row, other) }))
        .filter((_, otherId) => otherId !== id)
        .sort((a, b) => b.cosine - a.cosine)
        .slice(0, nNearest)
    ),
  };
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  const norms = Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b));
  // Rounding may lead a little beyond 1.
  return norms === 0 ? 0 : Math.min(1, Math.max(-1, dot(a, b) / norms));
}
