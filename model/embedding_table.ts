/** Look-ups in tables of vectors, on plain arrays, outside of the engine (see model/embeddings.ts). */
import { type RowGradient, sumRows } from "./embeddings.ts";
import { columns, type NdArray } from "./nd_array.ts";

/** Rows of a table by id, written side by side with other values: into the columns from `column` of `target`. */
export function lookUp(table: NdArray, ids: ArrayLike<number>, target: NdArray, column: number): void {
  const width = table.shape[1], step = target.shape[1];
  for (let i = 0; i < ids.length; i++) {
    target.data.set(table.data.subarray(ids[i] * width, (ids[i] + 1) * width), i * step + column);
  }
}

/** The gradient of a table from that of what was looked up in it. */
export function lookUpGradient(table: NdArray, ids: Int32Array, d: NdArray, column: number): RowGradient {
  return sumRows(table.shape, ids, columns(d, column, table.shape[1]).data);
}
