/** Exchanging arrays that an engine holds. */
import { releaseHeld } from "../../engine/held_array.ts";
import type { NdArray } from "../../engine/nd_array.ts";

/** Puts new arrays in the place of those of the same names, which are freed. */
export function replaceAll(target: Record<string, NdArray>, updated: Record<string, NdArray>): void {
  for (const [name, array] of Object.entries(updated)) {
    const before = target[name];
    target[name] = array;
    if (before) releaseHeld({ before });
  }
}
