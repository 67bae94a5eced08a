import { assert, assertEquals } from "@std/assert";
import { formatGpu, gpuMarkdown, type GpuResults, TORCH } from "../../../tasks/bench/gpu_table.ts";
import { MEASURED } from "./measured.ts";

const round = (milliseconds: number, gpuMegabytes: number | null = 900) => ({
  steps: [milliseconds, milliseconds + 2, 1000],
  wordsPerSecond: 5000,
  peakMegabytes: 700,
  gpuMegabytes,
});
const RESULTS: GpuResults = {
  size: "tiny",
  versions: { cuda: "onnxruntime 1 with CUDA", [TORCH]: "PyTorch 2 on Some GPU" },
  rows: [
    { engine: "cuda", system: "bert-tagger", rounds: [round(10), round(10)] },
    { engine: "cuda", system: "laner", rounds: [round(16)] },
    { engine: TORCH, system: "bert-tagger", rounds: [round(6, null)] },
  ],
  trained: { engine: "cuda", profile: "paper", seconds: 150, scores: "| laner | 60.00 |" },
  missing: [{ what: "webgpu", why: "there is no GPU" }],
};

const cellsOf = (text: string, title: string) =>
  text.split("\n").find((line) => line.startsWith(`| ${title}`))!.split("|").slice(2, -1).map((cell) =>
    cell.trim()
  );

Deno.test("formatGpu() writes medians, ratios where both are known, the trained row, and what is missing", () => {
  const text = formatGpu(RESULTS);
  const cuda = ["12.0 ms", "1.50x", "18.0 ms", "", "1.50x", "5,000", "5,000", "900 MB", "700 MB"];
  assertEquals(cellsOf(text, "cuda"), cuda);
  assertEquals(cellsOf(text, TORCH), ["8.0 ms", "1.00x", "", "", "", "5,000", "", "unknown", "unknown"]);
  assert(text.includes("2.5 minutes\n\n| laner | 60.00 |"), text);
  assert(text.endsWith("Not measured:\n\n- webgpu: there is no GPU"), text);
});

Deno.test("gpuMarkdown() names GPUs, programs and the machine", () => {
  const text = gpuMarkdown({ ...MEASURED, gpus: ["Some GPU, 1.2, 9 MiB"], results: RESULTS });
  for (const part of ["Some GPU, 1.2, 9 MiB", "commit abc1234", "size tiny; cuda: onnxruntime 1 with CUDA"]) {
    assert(text.includes(part), text);
  }
});
