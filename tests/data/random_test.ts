import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { createRandom, type Random, restoreRandom } from "../../data/random.ts";

function draw(n: number, next: () => number): number[] {
  return Array.from({ length: n }, next);
}

Deno.test("restoreRandom().uint32() gives the numbers of the reference xoshiro128**", () => {
  const random = restoreRandom({ origin: [1, 2, 3, 4], words: [1, 2, 3, 4], spareNormal: null });
  // From the authors' C code.
  const expected = [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849];
  assertEquals(draw(8, random.uint32), expected);
});

Deno.test("createRandom() fills the state by splitmix32", () => {
  const random = createRandom(555);
  assertEquals(random.state().words, [3423239806, 4260616024, 3953056674, 1787916382]);
  assertEquals(draw(4, random.uint32), [4000137290, 395352882, 959828283, 4239500745]);
});

Deno.test("createRandom() throws when the seed is not a 32-bit integer", () => {
  for (const seed of [-1, 1.5, 2 ** 32, NaN]) {
    assertThrows(() => createRandom(seed), Error, `Cannot use random seed "${seed}"`);
  }
});

Deno.test("uniform() is uniform on [0, 1) and fine-grained", () => {
  const random = createRandom(1);
  const values = draw(100_000, random.uniform);
  assert(values.every((value) => value >= 0 && value < 1));
  const bins = new Array(20).fill(0);
  for (const value of values) bins[Math.floor(value * 20)]++;
  const chiSquare = bins.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0);
  assert(chiSquare < 50, `chi-square with 19 degrees of freedom is ${chiSquare}`);
  assert(values.some((value) => value * 2 ** 32 % 1 !== 0), "more than 32 bits");
});

Deno.test("normal() has the moments and the tails of a normal distribution", () => {
  const random = createRandom(2);
  const values = draw(200_000, random.normal);
  const mean = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
  assertAlmostEquals(mean(1), 0, 0.01);
  assertAlmostEquals(mean(2), 1, 0.015);
  assertAlmostEquals(mean(3), 0, 0.04);
  assertAlmostEquals(mean(4), 3, 0.12);
  const beyond = values.filter((value) => Math.abs(value) > 2.5758293).length / values.length;
  assertAlmostEquals(beyond, 0.01, 0.001);
  const neighbours = values.slice(1).reduce((sum, value, i) => sum + value * values[i]!, 0) / values.length;
  assertAlmostEquals(neighbours, 0, 0.01);
});

Deno.test("integer() gives every number below n equally often", () => {
  const random = createRandom(3);
  const counts = new Array(7).fill(0);
  for (let i = 0; i < 70_000; i++) counts[random.integer(7)]++;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  assert(chiSquare < 23, `chi-square with 6 degrees of freedom is ${chiSquare}`);
  // Without rejection a third of the numbers below 0.75 * 2^32 would come twice as often.
  const n = 0.75 * 2 ** 32;
  const low = draw(30_000, () => random.integer(n)).filter((value) => value < n / 3).length;
  assertAlmostEquals(low / 30_000, 1 / 3, 0.015);
  assertEquals(random.integer(1), 0);
  for (const bad of [0, -1, 1.5, 2 ** 32 + 1]) {
    assertThrows(() => random.integer(bad), Error, "Cannot draw an integer");
  }
});

Deno.test("shuffle() gives every order equally often, in place", () => {
  const random = createRandom(4);
  const counts = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const values = [0, 1, 2, 3];
    assertEquals(random.shuffle(values) === values, true);
    const key = values.join("");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assertEquals(counts.size, 24);
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  assert(chiSquare < 55, `chi-square with 23 degrees of freedom is ${chiSquare}`);
});

Deno.test("fork() depends on the label and the seed, not on how many numbers were drawn", () => {
  const first = (random: Random) => draw(4, random.uint32);
  const parent = createRandom(5);
  const before = parent.state();
  const forked = first(parent.fork("dropout"));
  assertEquals(parent.state(), before);
  parent.normal();
  assertEquals(first(parent.fork("dropout")), forked);
  assertEquals(first(restoreRandom(parent.state()).fork("dropout")), forked);
  const others = [
    createRandom(5),
    createRandom(6).fork("dropout"),
    parent.fork(""),
    parent.fork("dropouu"),
    parent.fork("dropout").fork("dropout"),
    parent.fork("tuopord"),
    parent.fork("dropout\0"),
  ];
  for (const other of others) assertNotEquals(first(other), forked);
});

Deno.test("fork() gives distinct streams for many labels", () => {
  const parent = createRandom(5);
  const firsts = new Set(draw(5000, () => 0).map((_, i) => parent.fork(`step ${i}`).uniform()));
  assertEquals(firsts.size, 5000);
});

Deno.test("restoreRandom() goes on to the bit when the state went through JSON", () => {
  const random = createRandom(6);
  random.normal(); // leaves the second of the pair
  const restored = restoreRandom(JSON.parse(JSON.stringify(random.state())));
  const next = (generator: Random) => [generator.normal(), generator.normal(), generator.uniform()];
  assertEquals(next(restored), next(random));
  assertEquals(restored.state(), random.state());
});

Deno.test("state() does not change when the generator goes on", () => {
  const random = createRandom(6);
  const state = random.state();
  const copy = structuredClone(state);
  random.uint32();
  assertEquals(state, copy);
});

Deno.test("restoreRandom() throws when the state is none", () => {
  const state = createRandom(6).state();
  assertThrows(
    () => restoreRandom({ ...state, words: [0, 0, 0, 0] }),
    Error,
    'Cannot restore random state "words"',
  );
  assertThrows(() => restoreRandom({ ...state, words: [1, 2, 3] }), Error, "four 32-bit words");
  assertThrows(
    () => restoreRandom({ ...state, origin: [1, 2, 3, 2 ** 32] }),
    Error,
    "Cannot use random origin",
  );
  assertThrows(() => restoreRandom({ ...state, spareNormal: NaN }), Error, '"spareNormal"');
});
