import { assert } from "@std/assert";

/** Returns the element of a list that has one; fails if there is none or a second. */
export function only<T>(list: readonly T[]): T {
  const [first, ...more] = list;
  assert(first !== undefined && more.length === 0, `there are ${list.length}, not one`);
  return first;
}
