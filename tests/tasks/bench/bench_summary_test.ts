import { assert, assertEquals } from "@std/assert";
import {
  benchMarkdown,
  type BenchResults,
  formatBench,
  type Timing,
} from "../../../tasks/bench/bench_summary.ts";
import { MEASURED } from "./measured.ts";

/** The timings of one round, each as slow as `factor` says. */
function round(round: number, factor: number): Timing[] {
  return (["tagger", "laner"] as const).flatMap((system): Timing[] => {
    const common = { system, round, epochSeconds: factor, wordsPerSecond: 1000 / factor, peakMegabytes: 100 };
    const ours = {
      engine: "onnxruntime-node 1 with 2 threads",
      epochSeconds: factor,
      wordsPerSecond: 1000 / factor,
      stepMilliseconds: { graph: 50 * factor, labelEncoder: 20, optimiser: 20, host: 10 },
      stepOperations: 1e9,
      linearOperations: 8e8,
      peakOperations: 1e11 / factor,
    };
    return [
      { program: "this toolkit", ...common, ours },
      { program: "PyTorch", ...common, epochSeconds: 3 * factor, wordsPerSecond: 250 / factor },
    ];
  });
}

const timings = [...round(1, 1), ...round(2, 7), ...round(3, 2)];
const share = (name: string, of: "graph" | "labelEncoder" | "optimiser" | "host", milliseconds: number) => ({
  name,
  of,
  milliseconds,
  kernels: 1,
});
const profile = {
  steps: 1,
  milliseconds: 400,
  parts: [
    share("encoder: linear layers", "graph", 80),
    share("between these kernels", "graph", 120),
    share("label encoder: kernels", "labelEncoder", 100),
    share("optimiser", "optimiser", 90),
    share("host", "host", 10),
  ],
  ops: [],
};
const profiled = { profile, graphs: [] };
const RESULTS: BenchResults = {
  engine: "onnxruntime-node 1 with 2 threads",
  torch: "2.13.0",
  timings,
  profiles: { tagger: profiled, laner: profiled },
};

const cellsOf = (text: string, title: string) =>
  text.split("\n").find((line) => line.startsWith(`| ${title}`))!.split("|").slice(2, -1).map((cell) =>
    cell.trim()
  );

Deno.test("formatBench() writes medians of rounds, ratios, and shares of the greatest peak of all processes", () => {
  const text = formatBench(RESULTS);
  assertEquals(cellsOf(text, "tagger, training epoch"), ["2.00 s", "6.00 s", "3.00x as fast"]);
  assertEquals(cellsOf(text, "LANER, prediction"), ["500 words/s", "125 words/s", "4.00x as fast"]);
  assertEquals(cellsOf(text, "LANER, peak memory"), ["100 MB", "100 MB", "1.00x"]);
  // Graphs of 50, 350 and 100 ms, of 1e9 at 1e11 a second: 20, 3 and 10 %; linear layers: 0.8 in 0.4 of the time.
  assertEquals(cellsOf(text, "a step of LANER").slice(0, 4), ["1", "100", "20 %", "10 %"]);
});

Deno.test("formatBench() splits the timed step by the shares of the profiled one", () => {
  const text = formatBench(RESULTS);
  assertEquals(cellsOf(text, "encoder: linear layers"), ["40.0 ms", "26.7 %", "40.0 ms", "26.7 %"]);
  assertEquals(cellsOf(text, "optimiser").slice(0, 2), ["20.0 ms", "13.3 %"]);
  assertEquals(cellsOf(text, "all").slice(0, 2), ["150.0 ms", "100 %"]);
});

Deno.test("formatBench() goes without PyTorch and without profiles", () => {
  const ours = timings.filter(({ program }) => program === "this toolkit");
  const text = formatBench({ ...RESULTS, timings: ours, profiles: null });
  assertEquals(cellsOf(text, "tagger, training epoch"), ["2.00 s"]);
  assertEquals(cellsOf(text, "graph").slice(0, 2), ["100.0 ms", "66.7 %"]);
  assert(!text.includes("PyTorch") && !text.includes("linear"), text);
});

Deno.test("benchMarkdown() says when and where the figures were taken, and by what", () => {
  const text = benchMarkdown({ ...MEASURED, results: RESULTS });
  const by = "by `deno task some`. onnxruntime-node 1 with 2 threads; PyTorch 2.13.0.";
  assert(text.includes("Taken on 2027-01-31") && text.endsWith(by), text);
});
