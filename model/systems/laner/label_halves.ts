/** The halves of the label encoder's states: forward and backward, a row for each node. */
import type { NdArray } from "../../engine/nd_array.ts";
import type { Direction } from "./label_encoder.ts";

/** The states of one half by node; row 0, the empty string, is zero. */
export interface Half {
  h: Float32Array;
  c: Float32Array;
  /** Empty unless gradients are asked for. */
  gates: Float32Array;
}

/** Both halves. */
export type Halves = Record<Direction, Half>;

/** The gates of a half without gradients. */
export const NO_GATES = new Float32Array(0);

/** Returns the states of one half before any string but the empty one, of width D. */
export function emptyHalf(D: number): Half {
  return { h: new Float32Array(D), c: new Float32Array(D), gates: NO_GATES };
}

/**
 * Lays the states of both halves side by side, for one node of each a row.
 *
 * @param data Receives the states, float32 [n, 2D].
 */
export function sideBySide(
  { forward: { h: forward }, backward: { h: backward } }: Halves,
  forwardNodes: Int32Array,
  backwardNodes: Int32Array,
  D: number,
  data: Float32Array,
): NdArray {
  // Plain loops: for rows this short, a subarray costs more than its values.
  let to = 0;
  for (let row = 0; row < forwardNodes.length; row++) {
    const left = forwardNodes[row]! * D;
    const right = backwardNodes[row]! * D;
    for (let i = 0; i < D; i++, to++) data[to] = forward[left + i]!;
    for (let i = 0; i < D; i++, to++) data[to] = backward[right + i]!;
  }
  return { shape: [forwardNodes.length, 2 * D], data };
}

/** Adds rows to those of a target: target[rows[i]] += source[i, column … column + D]. */
export function addRows(
  target: Float32Array,
  rows: Int32Array,
  source: Float32Array,
  width: number,
  column: number,
  D: number,
): void {
  for (let i = 0; i < rows.length; i++) {
    const to = rows[i]! * D;
    const from = i * width + column;
    for (let j = 0; j < D; j++) target[to + j]! += source[from + j]!;
  }
}
