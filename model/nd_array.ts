/** A dense array with its shape, row-major: the plain form in which weights enter and leave the toolkit. */
export interface NdArray<T extends Float32Array | Int32Array = Float32Array> {
  /** Length of each axis; empty for a scalar. */
  shape: number[];
  /** The values in row-major order, as many as the product of `shape`. */
  data: T;
}
