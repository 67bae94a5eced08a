import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { pairedTTest } from "../../../data/scores/seed_tests.ts";
import { significanceTable } from "../../../tasks/report/significance_table.ts";
import { only } from "../../only.ts";
import { makeExperiment } from "./make_experiment.ts";

const FOUND = { words: ["Ann"], gold: ["B-person"], predicted: ["B-person"] };
const test = [FOUND];

/** The p value of the t test between laner and the tagger, whose runs come in the order that is given. */
function pOf(laner: Record<number, number>, tagger: [seed: number, f1: number][]) {
  const table = significanceTable(
    makeExperiment([
      ...tagger.map(([seed, f1]) => ({ system: "bert-tagger", seed, f1, test })),
      ...Object.entries(laner).map(([seed, f1]) => ({ system: "laner", seed: Number(seed), f1, test })),
    ]),
    "ai",
    { random: createRandom(1), nResamples: 10 },
  )!;
  const [name, seeds, difference, , , , p] = only(table.rows);
  assertEquals(name!.text, "laner − bert-tagger");
  return { seeds: seeds!.value, difference: difference!.value, p: p!.value };
}

Deno.test("significanceTable() pairs the runs of two systems by their seeds, in whatever order they come", () => {
  const laner = { 555: 51, 666: 58.5, 777: 65.2 };
  const seeds: [number, number][] = [[555, 50], [666, 57.2], [777, 64.4]];
  const expected = pairedTTest([0.51, 0.585, 0.652], [0.50, 0.572, 0.644]).pValue;
  // What is paired otherwise differs by chance.
  assert(expected < 0.05 && pairedTTest([0.51, 0.585, 0.652], [0.644, 0.572, 0.50]).pValue > 0.5);
  for (const order of [[0, 1, 2], [2, 1, 0], [1, 2, 0]]) {
    assertAlmostEquals(pOf(laner, order.map((i) => seeds[i]!)).p!, expected, 1e-12);
  }
  // A seed that one of them lacks is not compared.
  const four = pOf({ ...laner, 888: 99 }, seeds);
  const other = pOf(laner, [[1, 0], ...seeds]);
  assertEquals([four.seeds, other.seeds], [3, 3]);
  assertAlmostEquals(four.p!, expected, 1e-12);
  assertAlmostEquals(other.p!, expected, 1e-12);
});

Deno.test("significanceTable() has no t test under three seeds", () => {
  assertEquals(pOf({ 1: 51, 2: 58 }, [[1, 50], [2, 57]]), { seeds: 2, difference: 0, p: undefined });
});

Deno.test("significanceTable() draws 10,000 resamples, and sets in bold what is below 0.05", () => {
  const sentence = (isFound: boolean) => ({ ...FOUND, predicted: [isFound ? "B-person" : "O"] });
  const table = significanceTable(
    makeExperiment([
      { system: "bert-tagger", f1: 0, test: Array.from({ length: 5 }, () => sentence(false)) },
      { system: "laner", f1: 100, test: Array.from({ length: 5 }, () => sentence(true)) },
    ]),
    "ai",
    { random: createRandom(1) },
  )!;
  assert(table.notes[0]!.includes("10,000 resamples each"), table.notes[0]);
  assert(table.notes[0]!.includes("Bold: p < 0.05"), table.notes[0]);
  // All five are swapped, or none: two of 2⁵ ways, 0.0625.
  const swapped = table.rows[0]![5]!;
  assertAlmostEquals(swapped.value!, 2 / 32, 0.01);
  assertEquals(swapped.strong, false);
});
