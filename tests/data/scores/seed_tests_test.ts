import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { meanAndStd, pairedTTest } from "../../../data/scores/seed_tests.ts";

Deno.test("meanAndStd() divides by n - 1", () => {
  assertEquals(meanAndStd([2, 4, 4, 4, 5, 5, 7, 9]), { mean: 5, std: Math.sqrt(32 / 7) });
  assertEquals(meanAndStd([3]), { mean: 3, std: null });
  assertThrows(() => meanAndStd([]), Error, "there must be one, current value is 0 scores");
});

Deno.test("pairedTTest() gives what SciPy gives", () => {
  // scipy 1.17.1: stats.ttest_rel(a, b), its statistic, p value, df and confidence_interval(0.95).
  const cases: [number[], number[], number[]][] = [
    [
      [57.13, 55.88, 57.44],
      [52.09, 52.62, 54.66],
      [5.372567217848302, 0.032942302695143776, 2, 0.7355051472570135, 6.651161519409657],
    ],
    [
      [0.61, 0.58, 0.67, 0.63, 0.60],
      [0.60, 0.59, 0.62, 0.64, 0.55],
      [1.3269776053940738, 0.2551961470235907, 4, -0.019661533766968768, 0.05566153376696876],
    ],
    [
      [3, 1, 2, 5],
      [2.5, 1.5, 4, 1],
      [0.3922322702763681, 0.7210917283544842, 3, -3.556838952900722, 4.556838952900722],
    ],
    [
      [50.1, 52.3, 49.8, 55.0, 51.2, 53.3, 50.7, 54.1, 52.2, 51.9],
      [48.0, 51.1, 49.9, 52.5, 50.0, 51.0, 50.1, 51.2, 51.7, 50.3],
      [4.811329981969321, 0.0009584724052994171, 9, 0.78414404884136, 2.1758559511586393],
    ],
    [[1, 2, 3], [3, 2, 1], [0, 1, 2, -4.96827542350066, 4.96827542350066]],
  ];
  for (const [a, b, expected] of cases) {
    const { t, pValue, degreesOfFreedom, low, high, difference } = pairedTTest(a, b);
    [t, pValue, degreesOfFreedom, low, high].forEach((value, i) =>
      assertAlmostEquals(value, expected[i]!, 1e-7)
    );
    assertAlmostEquals(difference, (low + high) / 2, 1e-12);
    const swapped = pairedTTest(b, a);
    assertAlmostEquals(swapped.t, -t, 1e-12);
    assertAlmostEquals(swapped.pValue, pValue, 1e-12);
  }
});

Deno.test("pairedTTest() gives what is worked out by hand", () => {
  // Differences 1, 2, 3: mean 2, deviation 1, t = 2 √3; with 2 degrees of freedom p = 1 - t / √(t² + 2).
  const { difference, t, pValue } = pairedTTest([2, 4, 6], [1, 2, 3]);
  assertEquals(difference, 2);
  assertAlmostEquals(t, 2 * Math.sqrt(3), 1e-12);
  assertAlmostEquals(pValue, 1 - Math.sqrt(12 / 14), 1e-12);
});

Deno.test("pairedTTest() does not depend on the unit, nor on what both systems have in common", () => {
  const a = [0.61, 0.58, 0.67, 0.63];
  const b = [0.60, 0.59, 0.62, 0.55];
  const one = pairedTTest(a, b);
  const percent = pairedTTest(a.map((v) => 100 * v), b.map((v) => 100 * v));
  const shifted = pairedTTest(a.map((v, i) => v + 10 * i), b.map((v, i) => v + 10 * i));
  for (const [other, unit] of [[percent, 100], [shifted, 1]] as const) {
    assertAlmostEquals(other.pValue, one.pValue, 1e-9);
    for (const key of ["difference", "low", "high"] as const) {
      assertAlmostEquals(other[key], unit * one[key], 1e-9);
    }
  }
});

Deno.test("pairedTTest() has no NaN when all differences are equal, and p 1 when their mean is 0", () => {
  const same = pairedTTest([1, 2, 3], [1, 2, 3]);
  const shifted = pairedTTest([2, 3, 4], [1, 2, 3]);
  assertEquals([same.t, same.pValue, same.low, same.high], [0, 1, 0, 0]);
  assertEquals([shifted.t, shifted.pValue, shifted.low, shifted.high], [Infinity, 0, 1, 1]);
  const even = pairedTTest([1, 2, 3, 4], [4, 3, 2, 1]);
  assertEquals([even.t, even.pValue], [0, 1]);
  const below = pairedTTest([1, 2, 3], [2, 3, 4]);
  assertEquals([below.t, below.pValue], [-Infinity, 0]);
  // These differ by rounding alone.
  const rounded = pairedTTest([0.3, 0.4, 0.5], [0.2, 0.3, 0.4]);
  assertAlmostEquals(rounded.pValue, 0, 1e-12);
  assertAlmostEquals(rounded.high - rounded.low, 0, 1e-12);
});

Deno.test("pairedTTest() refuses scores that do not pair, and fewer than three", () => {
  assertThrows(() => pairedTTest([1, 2, 3], [1, 2]), Error, "3 and 2 scores");
  assertThrows(() => pairedTTest([1, 2], [1, 2]), Error, "three or more");
  assertThrows(() => pairedTTest([1, 2, NaN], [1, 2, 3]), Error, "finite numbers, current value is 1,2,NaN");
});
