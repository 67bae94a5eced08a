/** Entities among the words of all sentences of a batch, which stand one after another. */
import type { TypedSpan } from "../../../data/tags/tag_ids.ts";
import { matrixShape, type NdArray, takeRows } from "../../engine/nd_array.ts";

/** The tags of Coach's first step, by id. */
export const COARSE: readonly string[] = ["O", "B", "I"];
const B = 1;
const I = 2;

/** The place of an entity's words among those of all sentences. */
export interface EntityPlace {
  first: number;
  n: number;
}

/** Lists the places of the entities of all sentences. */
export function placesOf(
  spans: readonly (readonly TypedSpan[])[],
  nWords: readonly number[],
): EntityPlace[] {
  let first = 0;
  return spans.flatMap((spans, i) => {
    const places = spans.map(({ start, end }) => ({ first: first + start, n: end - start }));
    first += nWords[i]!;
    return places;
  });
}

/** Marks entities by coarse tags, whatever their types are. */
export function coarseTags(spans: readonly TypedSpan[], nWords: number): number[] {
  const tagIds: number[] = new Array(nWords).fill(0);
  for (const { start, end } of spans) {
    tagIds.fill(I, start, end);
    tagIds[start] = B;
  }
  return tagIds;
}

/** Reads the entities of coarse tags: B and the I's that follow it. An I that follows no entity is ignored. */
export function coarseSpans(tagIds: ArrayLike<number>): TypedSpan[] {
  const spans: TypedSpan[] = [];
  for (let i = 0; i < tagIds.length; i++) {
    const last = spans.at(-1);
    if (tagIds[i] === B) spans.push({ start: i, end: i + 1, type: -1 });
    else if (tagIds[i] === I && last?.end === i) last.end++;
  }
  return spans;
}

/** Sums the states of each entity's words: float32 [W, width] to [E, width]. */
export function sumsOf(states: NdArray, lengths: readonly number[]): NdArray {
  const { data } = states;
  const [, width] = matrixShape(states);
  const sums = new Float32Array(lengths.length * width);
  let word = 0;
  lengths.forEach((n, entity) => {
    for (const end = word + n; word < end; word++) {
      for (let j = 0; j < width; j++) sums[entity * width + j]! += data[word * width + j]!;
    }
  });
  return { shape: [lengths.length, width], data: sums };
}

/** Repeats each entity's row for each of its words: the gradient of the sums. */
export function repeated(d: NdArray, lengths: readonly number[]): NdArray {
  return takeRows(d, lengths.flatMap((n, entity) => Array.from({ length: n }, () => entity)));
}
