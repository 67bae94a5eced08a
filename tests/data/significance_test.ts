import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createRandom, type Random } from "../../data/random.ts";
import { scoreSpans } from "../../data/scores.ts";
import {
  approximateRandomisation,
  f1OfCounts,
  pairedBootstrap,
  type RunCounts,
  type SentenceCounts,
  sentenceCounts,
} from "../../data/significance.ts";
import type { Scheme } from "../../data/tag.ts";

const PREFIXES: Record<Scheme, string> = {
  IOB1: "IB",
  IOB2: "IB",
  IOE1: "IE",
  IOE2: "IE",
  IOBES: "IBES",
  BILOU: "IBLU",
};

function randomTags(random: Random, n: number, scheme: Scheme): string[] {
  return Array.from({ length: n }, () => {
    if (random.uniform() < 0.3) return "O";
    const prefixes = PREFIXES[scheme];
    return `${prefixes[random.integer(prefixes.length)]}-${["x", "y"][random.integer(2)]}`;
  });
}

function counts(...rows: [nGold: number, nFound: number, nCorrect: number][]): SentenceCounts[] {
  return rows.map(([nGold, nFound, nCorrect]) => ({ nGold, nFound, nCorrect }));
}

/** F1 of the sentences at some places, on average over runs. */
function meanF1(runs: RunCounts, places: readonly number[]): number {
  const scores = runs.map((run) => {
    const sum = { nGold: 0, nFound: 0, nCorrect: 0 };
    for (const place of places) {
      for (const key of ["nGold", "nFound", "nCorrect"] as const) sum[key] += run[place][key];
    }
    return f1OfCounts(sum);
  });
  return scores.reduce((total, score) => total + score, 0) / runs.length;
}

/** All lists of n numbers from 0 to k - 1. */
function* tuples(n: number, k: number): Generator<number[]> {
  if (n === 0) return yield [];
  for (const rest of tuples(n - 1, k)) for (let i = 0; i < k; i++) yield [...rest, i];
}

const A = counts([2, 2, 2], [1, 1, 1], [3, 2, 1], [1, 2, 0], [2, 2, 2]);
const B = counts([2, 1, 0], [1, 1, 1], [3, 3, 1], [1, 0, 0], [2, 3, 1]);
const A2 = counts([2, 2, 1], [1, 2, 1], [3, 3, 3], [1, 1, 0], [2, 1, 1]);
const B2 = counts([2, 2, 1], [1, 1, 0], [3, 2, 1], [1, 1, 1], [2, 2, 0]);

Deno.test("sentenceCounts() sums to what scoreSpans() counts, for every scheme", () => {
  const random = createRandom(1);
  for (const scheme of Object.keys(PREFIXES) as Scheme[]) {
    for (const mode of ["conlleval", "strict"] as const) {
      const lengths = Array.from({ length: 20 }, () => 1 + random.integer(8));
      const gold = lengths.map((n) => randomTags(random, n, scheme));
      const predicted = lengths.map((n) => randomTags(random, n, scheme));
      const expected = scoreSpans(gold, predicted, { scheme, mode });
      const found = sentenceCounts(gold, predicted, { scheme, mode });
      for (const key of ["nGold", "nFound", "nCorrect"] as const) {
        assertEquals(found.reduce((sum, count) => sum + count[key], 0), expected[key]);
      }
    }
  }
  assertThrows(() => sentenceCounts([["O"]], []), Error, "1 and 0 sentences");
});

Deno.test("pairedBootstrap() comes near the exact share of all resamples", () => {
  for (const [a, b] of [[[A], [B]], [[A, A2], [B, B2]], [[A, A2], [B]]]) {
    const all = [0, 1, 2, 3, 4], difference = meanF1(a, all) - meanF1(b, all);
    const exact: number[] = [];
    for (const places of tuples(5, 5)) exact.push(meanF1(a, places) - meanF1(b, places));
    const asFar = exact.filter((d) => Math.abs(d - difference) >= Math.abs(difference) - 1e-12).length;
    const found = pairedBootstrap(a, b, { random: createRandom(3), nResamples: 40_000 });
    assertAlmostEquals(found.difference, difference, 1e-12);
    assertAlmostEquals(found.pValue, asFar / exact.length, 0.01);
    exact.sort((x, y) => x - y);
    assertAlmostEquals(found.low, exact[Math.floor(0.025 * exact.length)], 0.02);
    assertAlmostEquals(found.high, exact[Math.floor(0.975 * exact.length)], 0.02);
  }
});

Deno.test("approximateRandomisation() comes near the exact share of all swappings", () => {
  for (const [a, b] of [[[A], [B]], [[A, A2], [B, B2]]]) {
    const all = [0, 1, 2, 3, 4], difference = meanF1(a, all) - meanF1(b, all);
    let asFar = 0, total = 0;
    for (const swaps of tuples(5 * a.length, 2)) {
      const swapped = (own: RunCounts, other: RunCounts) =>
        own.map((run, k) => run.map((count, i) => swaps[5 * k + i] ? other[k][i] : count));
      const d = meanF1(swapped(a, b), all) - meanF1(swapped(b, a), all);
      if (Math.abs(d) >= Math.abs(difference) - 1e-12) asFar++;
      total++;
    }
    const found = approximateRandomisation(a, b, { random: createRandom(4), nResamples: 40_000 });
    assertAlmostEquals(found.difference, difference, 1e-12);
    assertAlmostEquals(found.pValue, asFar / total, 0.01);
  }
});

Deno.test("both tests find nothing between a system and itself, and much between a good and a bad one", () => {
  const random = createRandom(5);
  const good = counts(...Array.from({ length: 200 }, () => [2, 2, 2] as [number, number, number]));
  const bad = good.map((count, i) => ({ ...count, nCorrect: i % 3 === 0 ? 0 : 2 }));
  for (const test of [pairedBootstrap, approximateRandomisation]) {
    const same = test([A, A2], [A, A2], { random, nResamples: 500 });
    assertEquals([same.difference, same.pValue], [0, 1]);
    const { difference, pValue } = test([good], [bad], { random });
    assertAlmostEquals(difference, 67 / 200, 1e-12);
    // 1 / 10,001 is the least there is.
    assertEquals(pValue, 1 / 10_001);
  }
});

Deno.test("both tests give the same for the same seed, and the opposite for swapped systems", () => {
  for (const test of [pairedBootstrap, approximateRandomisation]) {
    const run = (a: RunCounts, b: RunCounts) => test(a, b, { random: createRandom(6), nResamples: 1000 });
    const [once, again, swapped] = [run([A], [B]), run([A], [B]), run([B], [A])];
    assertEquals(once, again);
    assertEquals([swapped.difference, swapped.pValue], [-once.difference, once.pValue]);
  }
  const { low, high } = pairedBootstrap([A], [B], { random: createRandom(6) });
  const narrow = pairedBootstrap([A], [B], { random: createRandom(6), confidence: 0.5 });
  assert(low < narrow.low && narrow.high < high);
});

Deno.test("approximateRandomisation() swaps sentences beyond the 32nd, too", () => {
  // Only the last of 40 sentences differs: half of the swappings turn the difference around, none makes it smaller.
  const a = counts(...Array.from({ length: 40 }, () => [1, 1, 1] as [number, number, number]));
  const b = a.map((count, i) => i === 39 ? { ...count, nCorrect: 0 } : count);
  assertEquals(approximateRandomisation([a], [b], { random: createRandom(7), nResamples: 100 }).pValue, 1);
  const c = a.map((count, i) => i >= 38 ? { ...count, nCorrect: 0 } : count);
  const { pValue } = approximateRandomisation([a], [c], { random: createRandom(7), nResamples: 10_000 });
  assertAlmostEquals(pValue, 0.5, 0.03);
});

Deno.test("both tests refuse runs of other sentences", () => {
  const random = createRandom(1);
  for (const test of [pairedBootstrap, approximateRandomisation]) {
    assertThrows(() => test([A], [B.slice(1)], { random }), Error, "all of the same sentences");
    assertThrows(() => test([], [B], { random }), Error, "each system must have one");
    assertThrows(() => test([[]], [[]], { random }), Error, "same sentences");
    assertThrows(() => test([A], [[...B.slice(1), B[0]]], { random }), Error, "same gold entities");
  }
  assertThrows(
    () => approximateRandomisation([A, A2], [B], { random }),
    Error,
    "as many, current value is 2 and 1",
  );
});
