import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { meanAndStd, pairedTTest } from "../../data/seed_tests.ts";

Deno.test("meanAndStd() divides by n - 1", () => {
  assertEquals(meanAndStd([2, 4, 4, 4, 5, 5, 7, 9]), { mean: 5, std: Math.sqrt(32 / 7) });
  assertEquals(meanAndStd([3]), { mean: 3, std: null });
  assertThrows(() => meanAndStd([]), Error, "there must be a value");
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
  ];
  for (const [a, b, expected] of cases) {
    const { t, pValue, degreesOfFreedom, low, high, difference } = pairedTTest(a, b);
    [t, pValue, degreesOfFreedom, low, high].forEach((value, i) =>
      assertAlmostEquals(value, expected[i], 1e-7)
    );
    assertAlmostEquals(difference, (low + high) / 2, 1e-12);
    const swapped = pairedTTest(b, a);
    assertAlmostEquals(swapped.t, -t, 1e-12);
    assertAlmostEquals(swapped.pValue, pValue, 1e-12);
  }
});

Deno.test("pairedTTest() has no NaN when all differences are equal", () => {
  const same = pairedTTest([1, 2, 3], [1, 2, 3]), shifted = pairedTTest([2, 3, 4], [1, 2, 3]);
  assertEquals([same.t, same.pValue, same.low, same.high], [0, 1, 0, 0]);
  assertEquals([shifted.t, shifted.pValue, shifted.low, shifted.high], [Infinity, 0, 1, 1]);
});

Deno.test("pairedTTest() refuses scores that do not pair, and fewer than three", () => {
  assertThrows(() => pairedTTest([1, 2, 3], [1, 2]), Error, "3 and 2 scores");
  assertThrows(() => pairedTTest([1, 2], [1, 2]), Error, "three or more");
});
