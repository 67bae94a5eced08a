/** The parts of docs/ that follow from measurements: from the JSON files in docs/measurements/. */
import { join } from "node:path";
import { benchMarkdown, type BenchResults } from "../../tasks/bench/bench_summary.ts";
import { GROWTH_PARTS } from "../../tasks/bench/growth.ts";
import { growthFile, growthMarkdown, type GrowthResults } from "../../tasks/bench/growth_table.ts";
import { gpuMarkdown, type GpuResults } from "../../tasks/bench/gpu_table.ts";
import type { Measurement } from "../../tasks/bench/measurement.ts";
import { ROOT } from "../source_text.ts";

/** The folder of the files. */
export const MEASUREMENTS: string = join(ROOT, "docs", "measurements");

/** What makes each part, by the name in its marker. */
export const MEASURED_PARTS: Record<string, () => string> = {
  bench: () => measured<BenchResults>("bench.json", benchMarkdown),
  "bench of BERT-base": () => measured<BenchResults>("bench_bert_base.json", benchMarkdown),
  growth: () =>
    GROWTH_PARTS.map((part) => measured<GrowthResults>(growthFile(part), growthMarkdown)).join("\n\n"),
  gpu: () => measured<GpuResults>("gpu.json", gpuMarkdown),
};

/**
 * Writes the tables of a measurement.
 *
 * @returns Without such a file, a line that says so.
 */
export function measured<R>(
  file: string,
  write: (measurement: Measurement<R>) => string,
  folder: string = MEASUREMENTS,
): string {
  try {
    return write(JSON.parse(Deno.readTextFileSync(join(folder, file))));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return `Not measured yet (there is no docs/measurements/${file}).`;
    }
    throw error;
  }
}
