/** Plain arrays that are used again, and rows of matrices in them. */
import type { NdArray } from "./nd_array.ts";

/** Returns the array of a name in the size asked for, with what was left in it; what it has grown by is 0. */
export type Buffers = (name: string, size: number) => Float32Array;

/** Creates arrays by name that are used again, as new ones of this size cost more than what is computed in them. */
export function createBuffers(): Buffers {
  const buffers = new Map<string, Float32Array>();
  return (name, size) => {
    const known = buffers.get(name);
    if (known && known.length >= size) return known.subarray(0, size);
    // What has grown once, as batches differ, goes on growing; what has not, such as a gradient, keeps its size.
    const larger = new Float32Array(known ? Math.ceil(size * 1.25) : size);
    if (known) larger.set(known);
    buffers.set(name, larger);
    return larger.subarray(0, size);
  };
}

/** Returns some rows of a matrix, without a copy: float32 [size, width]. */
export function rows(array: Float32Array, start: number, size: number, width: number): NdArray {
  return { shape: [size, width], data: array.subarray(start * width, (start + size) * width) };
}
