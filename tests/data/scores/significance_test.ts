import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createRandom, type Random } from "../../../data/random.ts";
import { f1OfCounts, scoreSpans } from "../../../data/scores/scores.ts";
import {
  approximateRandomisation,
  pairedBootstrap,
  resampledF1,
  type RunCounts,
  type SentenceCounts,
  sentenceCounts,
} from "../../../data/scores/significance.ts";
import type { Scheme } from "../../../data/tags/tag.ts";

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

type RunPair = [SentenceCounts[][], SentenceCounts[][]];

/** F1 of the sentences at some places, on average over runs. */
function meanF1(runs: RunCounts, places: readonly number[]): number {
  const scores = runs.map((run) => {
    const sum = { nGold: 0, nFound: 0, nCorrect: 0 };
    for (const place of places) {
      for (const key of ["nGold", "nFound", "nCorrect"] as const) sum[key] += run[place]![key];
    }
    return f1OfCounts(sum.nGold, sum.nFound, sum.nCorrect);
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
});

Deno.test("sentenceCounts() counts each sentence for itself", () => {
  assertEquals(
    sentenceCounts([["B-x", "I-x"], ["O"], ["B-x", "B-y"]], [["B-x", "O"], ["B-x"], ["B-x", "B-y"]]),
    counts([1, 1, 0], [0, 1, 0], [2, 2, 2]),
  );
  // Read strictly as IOB2, a lone I- is no entity.
  assertEquals(sentenceCounts([["B-x"]], [["I-x"]], { mode: "strict" }), counts([1, 0, 0]));
});

Deno.test("sentenceCounts() throws naming the sentence when gold and predicted do not fit", () => {
  assertThrows(() => sentenceCounts([["O"]], []), Error, "1 and 0 sentences");
  const predicted = [["O"], ["O"]];
  assertThrows(() => sentenceCounts([["O"], ["O", "O"]], predicted), Error, "Cannot score sentence 2: ");
  assertThrows(() => sentenceCounts([["O"], ["X-a"]], predicted), Error, "sentence 2: Cannot read tag");
});

Deno.test("pairedBootstrap() gives what is worked out by hand", () => {
  // Of two sentences with an entity each, the first system finds the first, the second system none.
  const a = counts([1, 1, 1], [1, 1, 0]);
  const b = counts([1, 1, 0], [1, 1, 0]);
  const found = pairedBootstrap([a], [b], { random: createRandom(8) });
  // Both drawn twice: 1 or 0, which are 1/2 from the difference of 1/2; each once: 1/2, which is 0 from it.
  assertAlmostEquals(found.pValue, 0.5, 0.02);
  assertEquals([found.difference, found.low, found.high, found.nResamples], [0.5, 0, 1, 10_000]);
});

Deno.test("approximateRandomisation() gives what is worked out by hand", () => {
  // The first system finds one entity in each of three sentences, the second none: 2 of 8 swappings are as far from 0.
  const a = counts([1, 1, 1], [1, 1, 1], [1, 1, 1]);
  const b = counts([1, 0, 0], [1, 0, 0], [1, 0, 0]);
  const found = approximateRandomisation([a], [b], { random: createRandom(9) });
  assertAlmostEquals(found.pValue, 0.25, 0.02);
  assertEquals([found.difference, found.nResamples], [1, 10_000]);
});

Deno.test("both tests give what SciPy gives", () => {
  const more = counts([1, 1, 1], [4, 4, 3], [0, 1, 0], [2, 1, 1], [1, 1, 1], [3, 3, 3], [2, 2, 1]);
  const less = counts([1, 1, 1], [4, 3, 2], [0, 0, 0], [2, 2, 1], [1, 1, 0], [3, 3, 2], [2, 2, 2]);
  const a = [[...A, ...more]];
  const b = [[...B, ...less]];
  const options = { random: createRandom(10), nResamples: 40_000 };
  // scipy 1.17.1: stats.permutation_test((a, b), f, permutation_type="samples", n_resamples=inf), all 4,096 swappings;
  // f gives the difference of F1 of sentence counts.
  const swapped = approximateRandomisation(a, b, options);
  assertAlmostEquals(swapped.difference, 0.20346320346320346, 1e-12);
  assertAlmostEquals(swapped.pValue, 0.154296875, 0.008);
  // stats.bootstrap((a, b), f, paired=True, method="percentile", n_resamples=400000, random_state=0): its interval at
  // 0.95, numpy 2.4.6's quantile(bootstrap_distribution, [0.05, 0.95]), and the share of its distribution that is at
  // least as far from the difference as that is from 0.
  const drawn = pairedBootstrap(a, b, options);
  const narrow = pairedBootstrap(a, b, { ...options, confidence: 0.9 });
  assertAlmostEquals(drawn.pValue, 0.0931775, 0.006);
  assertAlmostEquals(drawn.low, -0.04166666666666663, 0.01);
  assertAlmostEquals(drawn.high, 0.4346917983494339, 0.01);
  assertAlmostEquals(narrow.low, 0, 0.01);
  assertAlmostEquals(narrow.high, 0.39673913, 0.01);
});

Deno.test("pairedBootstrap() interpolates its interval as NumPy's quantile does", () => {
  const ends = (confidence: number) => {
    const { low, high } = pairedBootstrap([A], [B], { random: createRandom(11), nResamples: 2, confidence });
    return { low, high };
  };
  const { low: least, high: most } = ends(1 - 1e-12);
  const { low, high } = ends(0.5);
  assert(most - least > 0.01);
  assertAlmostEquals(low, least + 0.25 * (most - least), 1e-9);
  assertAlmostEquals(high, least + 0.75 * (most - least), 1e-9);
  const one = pairedBootstrap([A], [B], { random: createRandom(11), nResamples: 1 });
  assertEquals(one.low, one.high);
});

Deno.test("pairedBootstrap() draws the same sentences for every run", () => {
  const once = pairedBootstrap([A], [B], { random: createRandom(12), nResamples: 300 });
  const thrice = pairedBootstrap([A, A, A], [B, B], { random: createRandom(12), nResamples: 300 });
  for (const key of ["difference", "pValue", "low", "high"] as const) {
    assertAlmostEquals(thrice[key], once[key], 1e-12);
  }
  // Both have half of the entities, the first system where the second has none: the same on the whole, not in a draw.
  const one = counts([1, 1, 1], [1, 1, 0], [1, 1, 0], [1, 1, 1]);
  const other = counts([1, 1, 0], [1, 1, 1], [1, 1, 1], [1, 1, 0]);
  const { difference, pValue, low, high } = pairedBootstrap([one], [other], { random: createRandom(13) });
  assertEquals([difference, pValue, low, high], [0, 1, -1, 1]);
  const same = pairedBootstrap([one, other], [other, one], { random: createRandom(13) });
  assertEquals([same.low, same.high], [0, 0]);
});

Deno.test("pairedBootstrap() gives the same from resamples that were drawn for more runs", () => {
  const all = [A, B2, B, A2];
  const drawing = () => ({ random: createRandom(14), nResamples: 300 });
  const scores = resampledF1(all, drawing());
  const resample = (runs: RunCounts) => runs.map((run) => scores[all.indexOf(run as SentenceCounts[])]!);
  const pairs: RunPair[] = [[[A], [B]], [[A, A2], [B]], [[B2], [A2]]];
  for (const [a, b] of pairs) {
    assertEquals(pairedBootstrap(a, b, { ...drawing(), resample }), pairedBootstrap(a, b, drawing()));
  }
  assertThrows(() => resampledF1([], drawing()), Error, "there must be one");
  assertThrows(() => resampledF1([A, B.slice(1)], drawing()), Error, "of 5, 4 sentences");
});

Deno.test("pairedBootstrap() comes near the exact share of all resamples", () => {
  const pairs: RunPair[] = [[[A], [B]], [[A, A2], [B, B2]], [[A, A2], [B]]];
  for (const [a, b] of pairs) {
    const all = [0, 1, 2, 3, 4];
    const difference = meanF1(a, all) - meanF1(b, all);
    const exact: number[] = [];
    for (const places of tuples(5, 5)) exact.push(meanF1(a, places) - meanF1(b, places));
    const asFar = exact.filter((d) => Math.abs(d - difference) >= Math.abs(difference) - 1e-12).length;
    const found = pairedBootstrap(a, b, { random: createRandom(3), nResamples: 40_000 });
    assertAlmostEquals(found.difference, difference, 1e-12);
    assertAlmostEquals(found.pValue, asFar / exact.length, 0.01);
    exact.sort((x, y) => x - y);
    assertAlmostEquals(found.low, exact[Math.floor(0.025 * exact.length)]!, 0.02);
    assertAlmostEquals(found.high, exact[Math.floor(0.975 * exact.length)]!, 0.02);
  }
});

Deno.test("approximateRandomisation() comes near the exact share of all swappings", () => {
  const pairs: RunPair[] = [[[A], [B]], [[A, A2], [B, B2]]];
  for (const [a, b] of pairs) {
    const all = [0, 1, 2, 3, 4];
    const difference = meanF1(a, all) - meanF1(b, all);
    let asFar = 0;
    let total = 0;
    for (const swaps of tuples(5 * a.length, 2)) {
      const swapped = (own: RunCounts, other: RunCounts) =>
        own.map((run, k) => run.map((count, i) => swaps[5 * k + i] ? other[k]![i]! : count));
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
    assert(once.pValue < 1);
  }
  const forth = pairedBootstrap([A], [B], { random: createRandom(6) });
  const back = pairedBootstrap([B], [A], { random: createRandom(6) });
  assertAlmostEquals(back.low, -forth.high, 1e-12);
  assertAlmostEquals(back.high, -forth.low, 1e-12);
  const { low, high } = pairedBootstrap([A], [B], { random: createRandom(6) });
  const narrow = pairedBootstrap([A], [B], { random: createRandom(6), confidence: 0.5 });
  assert(low < narrow.low && narrow.high < high);
});

Deno.test("approximateRandomisation() swaps sentences beyond the 32nd, too", () => {
  // Only the last of 40 sentences differs: half of the swappings turn the difference around, none makes it smaller.
  const a = counts(...Array.from({ length: 40 }, () => [1, 1, 1] as [number, number, number]));
  const b = a.map((count, i) => i === 39 ? { ...count, nCorrect: 0 } : count);
  assertEquals(approximateRandomisation([a], [b], { random: createRandom(7), nResamples: 100 }).pValue, 1);
  // Two differ: half of the swappings turn neither or both.
  for (const places of [[38, 39], [30, 31], [0, 32]]) {
    const c = a.map((count, i) => places.includes(i) ? { ...count, nCorrect: 0 } : count);
    const { pValue } = approximateRandomisation([a], [c], { random: createRandom(7), nResamples: 10_000 });
    assertAlmostEquals(pValue, 0.5, 0.03);
  }
});

Deno.test("both tests refuse runs of other sentences", () => {
  const random = createRandom(1);
  for (const test of [pairedBootstrap, approximateRandomisation]) {
    assertThrows(() => test([A], [B.slice(1)], { random }), Error, "all of the same sentences");
    assertThrows(() => test([], [B], { random }), Error, "each system must have one");
    assertThrows(() => test([[]], [[]], { random }), Error, "same sentences");
    assertThrows(() => test([A], [[...B.slice(1), B[0]!]], { random }), Error, "same gold entities");
  }
  assertThrows(
    () => pairedBootstrap([A], [[...B.slice(1), B[0]!]], { random }),
    Error,
    "Cannot compare runs at sentence 1: all must have the same gold entities, current value is 2 and 1",
  );
  assertThrows(
    () => approximateRandomisation([A, A2], [B], { random }),
    Error,
    "as many, current value is 2 and 1",
  );
});

Deno.test("both tests refuse counts and options that cannot be", () => {
  const random = createRandom(1);
  for (const test of [pairedBootstrap, approximateRandomisation]) {
    for (const nResamples of [0, 1.5, NaN]) {
      assertThrows(() => test([A], [B], { random, nResamples }), Error, `current value is ${nResamples}`);
    }
    for (const wrong of [[2, 1, 2], [2, 3, 3], [2, -1, 0], [2, 2, NaN], [2, 2, 0.5]] as const) {
      const run = [A[0]!, ...counts([...wrong])];
      const good = counts([2, 2, 2], [2, 2, 2]);
      assertThrows(
        () => test([good], [run], { random }),
        Error,
        "Cannot compare runs at sentence 2: no more",
      );
    }
  }
  for (const confidence of [0, 1, NaN, 95]) {
    assertThrows(
      () => pairedBootstrap([A], [B], { random, confidence }),
      Error,
      "confidence must lie between",
    );
  }
});
