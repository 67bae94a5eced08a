/** Measures training and prediction on a GPU, beside PyTorch on the same one, and trains a row of the paper's Table 3. */
import { fileURLToPath } from "node:url";
import { BENCHED_ENGINES, type BenchedSystem, type SyntheticRequest } from "./bench/bench_request.ts";
import { SYNTHETIC_RESULT } from "./bench/bench_synthetic.ts";
import { runChild } from "./bench/child.ts";
import { chosenNames } from "./bench/chosen_names.ts";
import { ENCODER_SIZE_NAMES } from "./bench/encoder_sizes.ts";
import { withGpuMemory } from "./bench/gpu_memory.ts";
import { formatGpu, type GpuResults, type GpuRound, TORCH } from "./bench/gpu_table.ts";
import { findGpus, measurementOf, writeMeasurement } from "./bench/measurement.ts";
import { wholeStep } from "./bench/timed_steps.ts";
import { timeTorch } from "./bench/torch_request.ts";
import { trainRow } from "./bench/train_row.ts";
import { EXPERIMENT_FLAGS } from "./config/experiment_flags.ts";
import { runCommand } from "./terminal/command.ts";
import { type CommandMain, defineCommand, type FlagValues } from "./terminal/command_spec.ts";

const PARTS = ["steps", "table_3"] as const;

/** `deno task bench:gpu`. */
export const BENCH_GPU = defineCommand({
  name: "bench:gpu",
  summary:
    "Times training steps and prediction of the BERT tagger and LANER on a GPU, with their memory, beside PyTorch " +
    "on the same GPU; then trains LANER on source and target as in a row of the paper's Table 3. What is missing is said, " +
    "and the rest is measured.",
  flags: {
    only: {
      type: "text",
      valueName: "A,B",
      default: PARTS.join(","),
      doc: "What is measured: steps and prediction, and the row of Table 3",
    },
    engines: {
      type: "text",
      valueName: "A,B",
      default: "cuda,webgpu",
      doc: "The engines; the first that runs trains the row",
    },
    size: {
      type: "text",
      valueName: "NAME",
      choices: ENCODER_SIZE_NAMES,
      default: "bert-base",
      doc: "Size of the encoder of steps, whose weights and sentences are random",
    },
    steps: { type: "integer", default: 20, doc: "Steps in a round; one more, before them, is not counted" },
    rounds: { type: "integer", default: 3, doc: "How often everything is timed, in turn" },
    python: {
      type: "text",
      valueName: "FILE",
      doc: "A Python with torch; without it there is no comparison",
    },
    device: { type: "text", choices: ["cuda", "cpu"], default: "cuda", doc: "What PyTorch computes on" },
    profile: { ...EXPERIMENT_FLAGS.profile, default: "paper" },
    data: EXPERIMENT_FLAGS.data,
    encoder: EXPERIMENT_FLAGS.encoder,
    target: { type: "text", valueName: "NAME", default: "ai", doc: "The target of the row" },
    seed: { type: "text", valueName: "N", default: "555", doc: "The seed of the row" },
    out: {
      type: "text",
      valueName: "FILE",
      doc: "Write all figures there as JSON, with machine and versions",
    },
  },
  examples: [
    "deno task bench:gpu --python .venv/bin/python --data DIR --encoder DIR --out docs/measurements/gpu.json",
    "deno task bench:gpu --only steps --engines webgpu",
  ],
});

type Flags = FlagValues<typeof BENCH_GPU.flags>;
type Say = (line: string) => void;

const SYSTEMS: readonly BenchedSystem[] = ["bert-tagger", "laner"];
/** Sentences that are predicted. */
const PREDICTED = 64;
/** The batch of the paper: sentences as long as those of its data sets, types as in ai. */
const BATCH = { threads: 0, sentences: 16, length: 32, labelWidth: 100, types: 14, predicted: PREDICTED };
/** PyTorch's script. */
const TORCH_SCRIPT = fileURLToPath(new URL("../tests/bench/torch_step.py", import.meta.url));

/** Measures what can be measured here, and prints tables and what is missing. */
export const benchGpu: CommandMain<typeof BENCH_GPU.flags> = async (
  flags,
  _operands,
  { print, printError },
) => {
  const parts = chosenNames("--only", flags.only, PARTS);
  const engines = chosenNames("--engines", flags.engines, BENCHED_ENGINES);
  const results: GpuResults = { size: flags.size, versions: {}, rows: [], trained: null, missing: [] };
  const missing = (what: string, why: string) => {
    if (results.missing.some((one) => one.what === what)) return;
    results.missing.push({ what, why });
    printError(`Not measured: ${what}: ${why}`);
  };
  if (await findGpus() === null) missing("GPU memory", "nvidia-smi is not there, or finds no NVIDIA GPU");
  if (parts.includes("steps")) await timeAll(engines, flags, results, missing, printError);
  if (parts.includes("table_3")) await trainTable(engines, flags, results, missing, printError);
  if (results.rows.length === 0 && results.trained === null) {
    const reasons = results.missing.map(({ what, why }) => `\n- ${what}: ${why}`).join("");
    throw new Error(`Cannot measure anything:${reasons}`);
  }
  print(formatGpu(results));
  if (flags.out !== undefined) {
    await writeMeasurement(flags.out, await measurementOf(BENCH_GPU, flags, results));
  }
};

type AddMissing = (what: string, why: string) => void;

/** Times steps and prediction, a process for each engine and system, in turn. */
async function timeAll(
  engines: readonly SyntheticRequest["engine"][],
  flags: Flags,
  results: GpuResults,
  missing: AddMissing,
  say: Say,
): Promise<void> {
  const { size, steps, rounds, python, device } = flags;
  const programs = [...engines, TORCH];
  for (let round = 1; round <= rounds; round++) {
    for (const program of programs) {
      for (const system of SYSTEMS) {
        if (results.missing.some(({ what }) => what === program)) break;
        say(`round ${round} of ${rounds}: ${program}, ${system}`);
        const request = { system, size, steps, ...BATCH };
        try {
          const { result: { version, ...timed }, gpuMegabytes } = await withGpuMemory(() =>
            program === TORCH
              ? timeInTorch(python, { ...request, engine: "auto" }, device)
              : timeEngine({ ...request, engine: program as SyntheticRequest["engine"] })
          );
          results.versions[program] = version;
          addRound(results, program, system, { ...timed, gpuMegabytes });
        } catch (error) {
          missing(program, reasonOf(error));
        }
      }
    }
  }
}

/** What a program tells of a round. */
type Timed = Omit<GpuRound, "gpuMegabytes"> & { version: string };

async function timeEngine(request: SyntheticRequest): Promise<Timed> {
  const { result, peakMegabytes } = await runChild("bench_synthetic.ts", request, SYNTHETIC_RESULT);
  const { version, steps, wordsPerSecond } = result;
  return { version, steps: steps.map(wholeStep), wordsPerSecond, peakMegabytes };
}

async function timeInTorch(
  python: string | undefined,
  request: SyntheticRequest,
  device: string,
): Promise<Timed> {
  if (python === undefined) throw new Error("name a Python that has torch: --python FILE");
  return await timeTorch(python, TORCH_SCRIPT, request, device);
}

function addRound({ rows }: GpuResults, engine: string, system: BenchedSystem, round: GpuRound): void {
  const row = rows.find((one) => one.engine === engine && one.system === system);
  if (row) row.rounds.push(round);
  else rows.push({ engine, system, rounds: [round] });
}

/** Trains the row with the first engine that runs. */
async function trainTable(
  engines: readonly string[],
  flags: Flags,
  results: GpuResults,
  missing: AddMissing,
  say: Say,
): Promise<void> {
  const { profile, data, encoder, target, seed } = flags;
  const failed = results.missing.map(({ what }) => what);
  const [engine] = engines.filter((name) => !failed.includes(name));
  if (engine === undefined) return missing("Table 3", "none of the engines runs");
  say(`Table 3: LANER, ${target}, seed ${seed}, engine ${engine}`);
  try {
    // The sample makes its own data, with a target of its own.
    const given = profile === "sample"
      ? { target: undefined, data: undefined, encoder: undefined }
      : { target, data, encoder };
    results.trained = await trainRow({ engine, profile, seed, ...given });
  } catch (error) {
    missing("Table 3", reasonOf(error));
  }
}

/** Returns the line of an error that says why, without the traces of the programs that failed. */
function reasonOf(error: unknown): string {
  const lines = (error as Error).message.trim().split("\n");
  const uncaught = lines.find((line) => /^error: Uncaught/.test(line));
  return (uncaught ?? lines.at(-1)!).replace(/^error: Uncaught (\(in promise\) )?(\w*Error: )?/, "");
}

if (import.meta.main) await runCommand(BENCH_GPU, benchGpu);
