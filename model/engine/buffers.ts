/** Plain arrays that are used again, and rows of matrices in them. */
import type { NdArray } from "./nd_array.ts";

/** Gives the array of a name, at least as large as before and with what was left in it. */
export type Buffers = (name: string, size: number) => Float32Array;

/** Arrays by name that are used again, as new ones of this size cost more than what is computed in them. */
export function createBuffers(): Buffers {
  const buffers = new Map<string, Float32Array>();
  return (name, size) => {
    let buffer = buffers.get(name);
    if (!buffer || buffer.length < size) {
      // What has grown once, as batches differ, goes on growing; what has not, such as a gradient, keeps its size.
      buffer = new Float32Array(buffer ? Math.ceil(size * 1.25) : size);
      buffers.set(name, buffer);
    }
    return buffer.subarray(0, size);
  };
}

/** Some rows of a matrix, without a copy: float32 [size, width]. */
export function rows(array: Float32Array, start: number, size: number, width: number): NdArray {
  return { shape: [size, width], data: array.subarray(start * width, (start + size) * width) };
}
