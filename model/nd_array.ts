/** A dense array with its shape, row-major: the plain form in which weights enter and leave the toolkit. */
export interface NdArray<T extends Float32Array | Int32Array = Float32Array> {
  /** Length of each axis; empty for a scalar. */
  shape: number[];
  /** The values in row-major order, as many as the product of `shape`. */
  data: T;
}

/** Some rows of a table, in the order asked for: float32 [rows, width]. */
export function takeRows({ shape: [, width], data }: NdArray, rows: ArrayLike<number>): NdArray {
  const taken = new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    taken.set(data.subarray(rows[i] * width, (rows[i] + 1) * width), i * width);
  }
  return { shape: [rows.length, width], data: taken };
}

/** Writes rows into a table in place: row i of `some` becomes row `rows[i]`. */
export function putRows(table: Float32Array, some: NdArray, rows: ArrayLike<number>): void {
  const width = some.shape[1];
  for (let i = 0; i < rows.length; i++) {
    table.set(some.data.subarray(i * width, (i + 1) * width), rows[i] * width);
  }
}
