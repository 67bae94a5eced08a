import { assert, assertEquals } from "@std/assert";
import { createRandom } from "../../data/random.ts";
import { SYSTEM_NAMES } from "../model/families.ts";
import { FLAT, type Measure, type Sample, soak, trendsOf } from "./soak.ts";
import { renderSoak } from "./soak_report.tsx";

/** A made-up soak of half an hour. */
function madeUp(process: (seconds: number, noise: number) => number): Sample[] {
  const random = createRandom(1);
  return Array.from({ length: 90 }, (_, i) => {
    const seconds = 20 * (i + 1);
    return { seconds, tensors: 12, heap: 50, external: 5, process: process(seconds, random.normal()) };
  });
}

const growthOf = (samples: readonly Sample[], which: Measure) =>
  trendsOf(samples).find(({ measure }) => measure === which)!.growth;

Deno.test("trendsOf() calls memory flat that fills at first and then varies, and not if it leaks", () => {
  const flat = madeUp((seconds, noise) => 500 - 300 * Math.exp(-seconds / 100) + 5 * noise);
  assert(Math.abs(growthOf(flat, "process")) < 0.01);
  // A single spike does not make a leak.
  flat[89]!.process = 5000;
  assert(Math.abs(growthOf(flat, "process")) < 0.01);
  const leaking = madeUp((seconds, noise) => 500 + seconds / 20 + 5 * noise);
  assert(growthOf(leaking, "process") > FLAT);
  assert(Math.abs(trendsOf(leaking)[3]!.slope - 180) < 10);
  assertEquals(growthOf(leaking, "heap"), 0);
});

Deno.test("training and predicting with each system leaves no tensor, and the figure shows it", async () => {
  let n = 0;
  const samples = await soak("onnx", () => ++n === SYSTEM_NAMES.length + 2);
  assertEquals(new Set(samples.map(({ tensors }) => tensors)).size, 1);
  const page = await renderSoak(samples, trendsOf(samples));
  assertEquals(page.split("<svg").length - 1, 4);
  assert(page.includes(`${samples.length} rounds`));
});
