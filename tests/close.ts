import { assert, assertEquals } from "@std/assert";

/** Asserts that all numbers agree: |a - b| ≤ tolerance · max(1, |b|), the tolerance being one or one per place. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number | ((i: number) => number),
  what: string,
): void {
  assertEquals(actual.length, expected.length, `${what}: number of values`);
  for (let i = 0; i < expected.length; i++) {
    const allowed = (typeof tolerance === "number" ? tolerance : tolerance(i)) *
      Math.max(1, Math.abs(expected[i]!));
    // Written so that NaN fails too.
    assert(
      Math.abs(actual[i]! - expected[i]!) <= allowed,
      `${what}[${i}]: expected ${expected[i]} within ${allowed}, got ${actual[i]}`,
    );
  }
}
