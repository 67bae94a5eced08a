/** A dense array with its shape, row-major: the plain form in which weights enter and leave the toolkit. */
export interface NdArray<T extends Float32Array | Int32Array = Float32Array> {
  /** Length of each axis; empty for a scalar. */
  shape: number[];
  /** The values in row-major order, as many as the product of `shape`. */
  data: T;
}

/**
 * Returns the lengths of a matrix's axes.
 *
 * @throws If the array has another number of axes.
 */
export function matrixShape({ shape }: Pick<NdArray, "shape">): [rows: number, columns: number] {
  const [rows, columns, ...more] = shape;
  if (rows !== undefined && columns !== undefined && more.length === 0) return [rows, columns];
  throw new Error(`Cannot use an array of shape [${shape}]: a matrix has two axes`);
}

/** Copies some rows of a table, in the order asked for: float32 [rows, width]. */
export function takeRows(table: NdArray, rows: ArrayLike<number>): NdArray {
  const [, width] = matrixShape(table);
  const taken = new Float32Array(rows.length * width);
  takeInto(taken, table.data, rows, width);
  return { shape: [rows.length, width], data: taken };
}

/** Copies some rows of a table into an array that there is: row i of `target` becomes row `rows[i]` of `table`. */
export function takeInto(
  target: Float32Array,
  table: Float32Array,
  rows: ArrayLike<number>,
  width: number,
): void {
  for (let i = 0; i < rows.length; i++) {
    target.set(table.subarray(rows[i]! * width, (rows[i]! + 1) * width), i * width);
  }
}

/** Writes rows into a table in place: row i of `some` becomes row `rows[i]`. */
export function putRows(table: Float32Array, some: NdArray, rows: ArrayLike<number>): void {
  const [, width] = matrixShape(some);
  for (let i = 0; i < rows.length; i++) {
    table.set(some.data.subarray(i * width, (i + 1) * width), rows[i]! * width);
  }
}

/** Returns some columns of a matrix; all of them without a copy: float32 [n, width]. */
export function columns(matrix: NdArray, column: number, width: number): NdArray {
  const { data } = matrix;
  const [n, step] = matrixShape(matrix);
  if (width === step) return matrix;
  const taken = new Float32Array(n * width);
  for (let i = 0; i < n; i++) {
    taken.set(data.subarray(i * step + column, i * step + column + width), i * width);
  }
  return { shape: [n, width], data: taken };
}

/** Puts matrices with as many rows each side by side: float32 [n, sum of their widths]. */
export function sideBySide(matrices: readonly NdArray[]): NdArray {
  const shapes = matrices.map(matrixShape);
  const n = shapes[0]?.[0] ?? 0;
  const width = shapes.reduce((sum, [, own]) => sum + own, 0);
  const joined = new Float32Array(n * width);
  let column = 0;
  for (const matrix of matrices) {
    const { data } = matrix;
    const [, own] = matrixShape(matrix);
    for (let i = 0; i < n; i++) joined.set(data.subarray(i * own, (i + 1) * own), i * width + column);
    column += own;
  }
  return { shape: [n, width], data: joined };
}

/** Stacks matrices of one width, one below another: float32 [sum of their rows, width]. */
export function stackRows(matrices: readonly NdArray[]): NdArray {
  const shapes = matrices.map(matrixShape);
  const width = shapes[0]?.[1] ?? 0;
  const n = shapes.reduce((sum, [rows]) => sum + rows, 0);
  const stacked = new Float32Array(n * width);
  let end = 0;
  for (const { data } of matrices) {
    stacked.set(data, end);
    end += data.length;
  }
  return { shape: [n, width], data: stacked };
}
