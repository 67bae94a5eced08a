/** Times training steps as batches, sentences, labels and cores grow, one process a point. */
import { join } from "node:path";
import { BENCHED_ENGINES } from "./bench/bench_request.ts";
import { SYNTHETIC_RESULT } from "./bench/bench_synthetic.ts";
import { runChild } from "./bench/child.ts";
import { chosenNames } from "./bench/chosen_names.ts";
import { ENCODER_SIZE_NAMES } from "./bench/encoder_sizes.ts";
import { GROWTH_PARTS, type GrowthPart, type GrowthPoint, growthPoints } from "./bench/growth.ts";
import { formatGrowth, growthFile, type GrowthRow } from "./bench/growth_table.ts";
import { measurementOf, writeMeasurement } from "./bench/measurement.ts";
import { wholeStep } from "./bench/timed_steps.ts";
import { runCommand } from "./terminal/command.ts";
import { type CommandMain, defineCommand } from "./terminal/command_spec.ts";
import { createReporter } from "./terminal/progress.ts";

/** `deno task bench:growth`. */
export const BENCH_GROWTH = defineCommand({
  name: "bench:growth",
  summary:
    "Times training steps of the BERT tagger and LANER, and their peak memory, against words in a batch, length " +
    "of sentences, label width, entity types and cores. Weights and sentences are random.",
  flags: {
    only: {
      type: "text",
      valueName: "A,B",
      default: GROWTH_PARTS.join(","),
      doc: "What is varied, one table each",
    },
    size: {
      type: "text",
      valueName: "NAME",
      choices: ENCODER_SIZE_NAMES,
      default: "minilm",
      doc: "Size of the encoder",
    },
    engine: {
      type: "text",
      valueName: "NAME",
      choices: BENCHED_ENGINES,
      default: "onnx",
      doc: "What runs the tensor operations",
    },
    steps: { type: "integer", default: 5, doc: "Steps at each point; one more, before them, is not counted" },
    rounds: {
      type: "integer",
      default: 3,
      doc: "How often every point is timed, in turn; medians are printed",
    },
    out: {
      type: "text",
      valueName: "DIR",
      doc: "Write all figures there as JSON, with machine and versions: growth_words.json and so on",
    },
  },
  examples: [
    "deno task bench:growth --out docs/measurements",
    "deno task bench:growth --only length,cores --rounds 1",
  ],
});

/** Times everything in turn and prints a table for each part. */
export const benchGrowth: CommandMain<typeof BENCH_GROWTH.flags> = async (flags, _operands, { print }) => {
  const { size, engine, steps, rounds, out } = flags;
  const parts = chosenNames("--only", flags.only, GROWTH_PARTS);
  const options = { size, engine, steps, cores: navigator.hardwareConcurrency };
  const rows: GrowthRow[] = parts.flatMap((part) => growthPoints(part, options))
    .map((point) => ({ ...point, rounds: [] }));
  const engines: Partial<Record<GrowthPart, string>> = {};
  const reporter = createReporter();
  const total = rounds * rows.length;
  let done = 0;
  try {
    reporter.report({ stage: "bench:growth", done, total });
    for (let round = 0; round < rounds; round++) {
      for (const row of rows) {
        const { version, ...timed } = await timePoint(row);
        row.rounds.push(timed);
        engines[row.part] = version;
        reporter.report({ stage: "bench:growth", done: ++done, total });
      }
    }
  } finally {
    reporter.close();
  }
  for (const part of parts) {
    const results = { part, engine: engines[part]!, rows: rows.filter((row) => row.part === part) };
    print(`${formatGrowth(results)}\n`);
    if (out === undefined) continue;
    const path = join(out, growthFile(part));
    await writeMeasurement(path, await measurementOf(BENCH_GROWTH, { ...flags, only: part }, results));
  }
};

/** Runs the sessions of a point side by side. */
async function timePoint({ request, sessions }: GrowthPoint) {
  const children = await Promise.all(
    Array.from({ length: sessions }, () => runChild("bench_synthetic.ts", request, SYNTHETIC_RESULT)),
  );
  return {
    version: children[0]!.result.version,
    steps: children.flatMap(({ result }) => result.steps.map(wholeStep)),
    peakMegabytes: children.reduce((sum, { peakMegabytes }) => sum + peakMegabytes, 0),
  };
}

if (import.meta.main) await runCommand(BENCH_GROWTH, benchGrowth);
