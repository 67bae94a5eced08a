import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { Kernel } from "../../../tasks/bench/kernel_events.ts";
import { scaleParts, summariseProfile } from "../../../tasks/bench/step_profile.ts";
import { TINY_BERT } from "../../model/tiny.ts";

const { hiddenWidth: H, feedForwardWidth: F } = TINY_BERT;
const kernel = (op: string, milliseconds: number, output: number[]): Kernel => ({
  op,
  milliseconds,
  inputs: [[5, H], [H, F]],
  outputs: [output],
});
const run = (...kernels: Kernel[]) => ({ milliseconds: 9, kernels });

/** Two steps: of the graph a run each, of the label encoder three in all. */
const profile = summariseProfile({
  runs: {
    "training step": [
      run(kernel("Gemm", 4, [5, F])),
      run(kernel("Gemm", 2, [5, F]), kernel("Erf", 1, [5, F])),
    ],
    "label encoder: level": [run(kernel("Mul", 1, [1])), run(), run(kernel("Gemm", 1, [1]))],
  },
  config: TINY_BERT,
  nSteps: 2,
  step: { graph: 10, labelEncoder: 6, optimiser: 2, host: 1 },
});
const shareOf = (name: string, shares = profile.parts) =>
  shares.filter((share) => share.name.startsWith(name)).map(({ milliseconds }) => milliseconds);

Deno.test("summariseProfile() splits a step into parts that add up to it, and kernels by operator", () => {
  assertEquals(shareOf("encoder: linear"), [3]);
  assertEquals(shareOf("encoder: GELU"), [0.5]);
  assertEquals(shareOf("between these kernels"), [6.5]);
  assertEquals(shareOf("label encoder"), [1, 5]);
  assertEquals([...shareOf("optimiser"), ...shareOf("host")], [2, 1]);
  assertEquals(profile.milliseconds, 19);
  assertAlmostEquals(profile.parts.reduce((sum, { milliseconds }) => sum + milliseconds, 0), 19);
  assertEquals(
    profile.ops.map(({ name, milliseconds, kernels }) => [name, milliseconds, kernels]),
    [["Gemm", 3.5, 1.5], ["Erf", 0.5, 0.5], ["Mul", 0.5, 0.5]],
  );
});

Deno.test("scaleParts() keeps the shares within each part of a step, and nothing of none", () => {
  const scaled = scaleParts(profile.parts, { graph: 20, labelEncoder: 0, optimiser: 5, host: 3 });
  assertEquals(shareOf("encoder: linear", scaled), [6]);
  assertEquals(shareOf("between these kernels", scaled), [13]);
  assertEquals(shareOf("label encoder", scaled), [0, 0]);
  assertEquals([...shareOf("optimiser", scaled), ...shareOf("host", scaled)], [5, 3]);
});
