import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { fillDropout } from "../../../data/batches/dropout.ts";
import { createRandom } from "../../../data/random.ts";

/** Gaps between dropped elements, the one before the first included. */
function gapsOf(factors: Float32Array): number[] {
  const gaps: number[] = [];
  let gap = 0;
  for (const factor of factors) {
    if (factor !== 0) gap++;
    else {
      gaps.push(gap);
      gap = 0;
    }
  }
  return gaps;
}

for (const rate of [0.001, 0.01, 0.1, 0.25, 0.5, 0.9]) {
  Deno.test(`fillDropout() drops independently of each other at rate ${rate}`, () => {
    const n = 4_000_000;
    const factors = fillDropout(new Float32Array(n), rate, createRandom(11));
    const kept = Math.fround(1 / (1 - rate));
    assert(
      factors.every((factor) => factor === 0 || factor === kept),
      "a factor is neither 0 nor 1 / (1 - rate)",
    );
    const gaps = gapsOf(factors);
    assertAlmostEquals(gaps.length / n, rate, 4.5 * Math.sqrt(rate * (1 - rate) / n), "rate");

    // P(gap >= g) = (1 - rate)^g, right into the tail.
    for (let g = 1;; g = Math.ceil(g * 1.3)) {
      const expected = (1 - rate) ** g;
      if (expected * gaps.length < 50) break;
      const actual = gaps.filter((gap) => gap >= g).length / gaps.length;
      const deviation = Math.sqrt(expected * (1 - expected) / gaps.length);
      assertAlmostEquals(actual, expected, 4.5 * deviation + 2 ** -16, `P(gap >= ${g})`);
    }

    // Neighbouring gaps are drawn from the two halves of one random word.
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    for (const lag of [1, 2]) {
      let sum = 0;
      for (let i = lag; i < gaps.length; i++) sum += (gaps[i]! - mean) * (gaps[i - lag]! - mean);
      assertAlmostEquals(
        sum / gaps.length / variance,
        0,
        5 / Math.sqrt(gaps.length),
        `correlation at lag ${lag}`,
      );
    }
  });
}

Deno.test("fillDropout() drops every position as often, the first and last included", () => {
  const random = createRandom(12);
  const counts = new Array(7).fill(0);
  const out = new Float32Array(7);
  for (let i = 0; i < 40_000; i++) {
    fillDropout(out, 0.3, random).forEach((factor, position) => counts[position] += factor === 0 ? 1 : 0);
  }
  for (const count of counts) assertAlmostEquals(count, 12_000, 4.5 * Math.sqrt(40_000 * 0.3 * 0.7));
});

Deno.test("fillDropout() gives the same factors for the same seed", () => {
  const fill = () => fillDropout(new Float32Array(1000), 0.1, createRandom(13));
  assertEquals(fill(), fill());
});

Deno.test("fillDropout() fills with ones and draws nothing at rate 0", () => {
  const random = createRandom(14);
  const before = random.state();
  assertEquals(fillDropout(new Float32Array(3), 0, random), new Float32Array([1, 1, 1]));
  assertEquals(random.state(), before);
});

Deno.test("fillDropout() throws when the rate is out of range", () => {
  for (const rate of [-0.1, 1, 1.5, 1e-7, NaN]) {
    assertThrows(
      () => fillDropout(new Float32Array(1), rate, createRandom(1)),
      Error,
      `current value is ${rate}`,
    );
  }
});
