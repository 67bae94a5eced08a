/** Look-ups in tables of vectors, on plain arrays, outside of the engine, and their gradients. */
import { columns, matrixShape, type NdArray } from "../engine/nd_array.ts";

/** The gradient of some rows of a table; the other rows have none. */
export interface RowGradient {
  /** Shape of the whole table. */
  shape: number[];
  /** Rows with a gradient, each once. */
  rows: Int32Array;
  /** float32 [rows, width], row-major. */
  data: Float32Array;
}

/** Writes rows of a table, by id, beside other values: into the columns from `column` of `target`. */
export function lookUp(table: NdArray, ids: ArrayLike<number>, target: NdArray, column: number): void {
  const [, width] = matrixShape(table);
  const [, step] = matrixShape(target);
  for (let i = 0; i < ids.length; i++) {
    target.data.set(table.data.subarray(ids[i]! * width, (ids[i]! + 1) * width), i * step + column);
  }
}

/** Computes the gradient of a table from that of what was looked up in it. */
export function lookUpGradient(table: NdArray, ids: Int32Array, d: NdArray, column: number): RowGradient {
  const [, width] = matrixShape(table);
  return sumRows(table.shape, ids, columns(d, column, width).data);
}

/** Computes the gradient of a table from that of each row looked up: `rowOf` names the row, `d` has its values. */
export function sumRows(shape: number[], rowOf: Int32Array, d: Float32Array): RowGradient {
  const [, width] = matrixShape({ shape });
  const rows = Int32Array.from(new Set(rowOf));
  const slot = new Map([...rows].map((row, i) => [row, i]));
  const data = new Float32Array(rows.length * width);
  for (let t = 0; t < rowOf.length; t++) {
    const to = slot.get(rowOf[t]!)! * width;
    const from = t * width;
    for (let j = 0; j < width; j++) data[to + j]! += d[from + j]!;
  }
  return { shape, rows, data };
}
