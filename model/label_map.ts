/** What the table of label embeddings has learned: which tags are near each other. */
import { PCA } from "npm:ml-pca@4.1.1";
import type { TagSet } from "../data/tag_set.ts";
import type { NdArray } from "./nd_array.ts";

/** Embeddings of tags, projected to two dimensions, and their neighbours. */
export interface LabelMap {
  tags: readonly string[];
  /** Places on the first two principal components, one a tag. */
  points: readonly (readonly [number, number])[];
  /** Part of the variance that each of the two components has. */
  explained: readonly [number, number];
  /** For each tag the other tags with the highest cosine, falling. */
  nearest: readonly (readonly { tag: string; cosine: number }[])[];
}

/**
 * Maps the label embeddings of a model.
 *
 * The principal components are of the centred embeddings. A component's direction is free: the tag that is farthest
 * out on it has a positive place.
 *
 * @param table float32 [K+1, D]: `label_embedding.weight`; START, its last row, is left out.
 * @param tags The model's K tags.
 * @param options `nNearest`: how many neighbours of each tag, default 5.
 * @throws If the table has other rows.
 */
export function mapLabels(
  { shape: [rows, D], data }: NdArray,
  tags: TagSet,
  { nNearest = 5 }: { nNearest?: number } = {},
): LabelMap {
  if (rows !== tags.nTags + 1) {
    throw new Error(
      `Cannot map label embeddings: the table must have a row for each of ${tags.nTags} tags and START, ` +
        `current value is ${rows} rows`,
    );
  }
  const vectors = tags.tags.map((_, k) => Array.from(data.subarray(k * D, (k + 1) * D)));
  return { tags: [...tags.tags], ...project(vectors), nearest: nearestOf(tags.tags, vectors, nNearest) };
}

function project(vectors: readonly number[][]): Pick<LabelMap, "points" | "explained"> {
  const spread = vectors.some((vector) => vector.some((value, d) => value !== vectors[0][d]));
  // Nothing varies, so there is no component.
  if (!spread) return { points: vectors.map(() => [0, 0]), explained: [0, 0] };
  const pca = new PCA(vectors as number[][], { center: true });
  const [first, second = 0] = pca.getExplainedVariance();
  const places = pca.predict(vectors as number[][]).to2DArray();
  const signs = [0, 1].map((component) => {
    const values = places.map((place) => place[component] ?? 0);
    return values.reduce((far, value) => Math.abs(value) > Math.abs(far) ? value : far, 0) < 0 ? -1 : 1;
  });
  return {
    points: places.map(([x, y = 0]) => [signs[0] * x, signs[1] * y]),
    explained: [first, second],
  };
}

function nearestOf(
  tags: readonly string[],
  vectors: readonly number[][],
  nNearest: number,
): LabelMap["nearest"] {
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, d) => sum + value * b[d], 0);
  const norms = vectors.map((vector) => Math.sqrt(dot(vector, vector)));
  return vectors.map((vector, k) =>
    vectors.flatMap((other, j) => {
      const scale = norms[k] * norms[j];
      return j === k ? [] : [{ tag: tags[j], cosine: scale === 0 ? 0 : dot(vector, other) / scale }];
    }).sort((a, b) => b.cosine - a.cosine).slice(0, nNearest)
  );
}
