/** Times training and prediction, one process a system, next to the same work in PyTorch. */
import { join } from "node:path";
import { ENCODER_SIZE_NAMES } from "./bench/encoder_sizes.ts";
import type { BenchRequest } from "./bench/bench_request.ts";
import {
  BENCHED,
  type BenchResults,
  formatBench,
  formatGraphs,
  formatOps,
  type ShortName,
  type Timing,
} from "./bench/bench_summary.ts";
import { BENCH_RESULT } from "./bench/bench_system.ts";
import { runChild } from "./bench/child.ts";
import { measurementOf, writeMeasurement } from "./bench/measurement.ts";
import { PROFILE_RESULT, type ProfileResult } from "./bench/profile_step.ts";
import { runWatched } from "./bench/run_watched.ts";
import { readTorchTimings } from "./bench/torch_timings.ts";
import { EXPERIMENT_FLAGS } from "./config/experiment_flags.ts";
import { findDataRoot } from "./data_sets/data_sets.ts";
import { errorMessage, UsageError } from "./errors.ts";
import { runCommand } from "./terminal/command.ts";
import { type CommandMain, defineCommand, type FlagValues } from "./terminal/command_spec.ts";

/** `deno task bench`. */
export const BENCH = defineCommand({
  name: "bench",
  summary: "Times a training epoch and prediction of the BERT tagger and LANER, and where the time goes. " +
    "With --script the same work in PyTorch is timed in turn, and the ratios are printed.",
  flags: {
    data: EXPERIMENT_FLAGS.data,
    encoder: { ...EXPERIMENT_FLAGS.encoder, required: true },
    size: {
      type: "text",
      valueName: "NAME",
      choices: ENCODER_SIZE_NAMES,
      doc: "Random weights of this size in place of the encoder's own; only its tokenizer is used",
    },
    target: {
      type: "text",
      valueName: "NAME",
      default: "ai",
      doc: "The data set: training epochs on train, prediction of test",
    },
    epochs: { type: "integer", default: 5, doc: "Training epochs; the first one is not counted" },
    rounds: {
      type: "integer",
      default: 3,
      doc: "How often everything is timed, in turn; medians are printed",
    },
    engine: EXPERIMENT_FLAGS.engine,
    model: {
      type: "text",
      valueName: "DIR",
      doc: "A trained LANER to time prediction with; one of a few epochs finds little and is decoded sooner",
    },
    python: {
      type: "text",
      valueName: "FILE",
      default: "python3",
      doc: "Python with torch and transformers",
    },
    script: {
      type: "text",
      valueName: "FILE",
      doc:
        "A script that takes DATA ENCODER EPOCHS, and `base` for --size bert-base, and prints a line of JSON for each " +
        "of tagger and laner: system, epoch_s_median, predict_words_per_s",
    },
    graphs: {
      type: "text",
      valueName: "DIR",
      doc:
        "Write the graphs of a step there, as recorded and as run, with the time of every kernel, and print what they are " +
        "made of",
    },
    out: {
      type: "text",
      valueName: "FILE",
      doc: "Write all figures there as JSON, with machine and versions",
    },
    json: { type: "boolean", doc: "Print all figures as JSON" },
  },
  examples: [
    "deno task bench --data DIR --encoder DIR",
    "deno task bench --data DIR --encoder DIR --script torch_laner.py --out docs/measurements/bench.json",
    "deno task bench --data DIR --encoder DIR --rounds 1 --graphs graphs",
  ],
});

type Flags = FlagValues<typeof BENCH.flags>;

const SHORT_NAMES = Object.keys(BENCHED) as ShortName[];

/** Times everything in turn and prints medians and ratios. */
export const bench: CommandMain<typeof BENCH.flags> = async (flags, _operands, { print, printError }) => {
  const root = findDataRoot(flags.data);
  const { script, size } = flags;
  if (script !== undefined && size !== undefined && size !== "bert-base") {
    const rule = "a script knows the encoder's own size and bert-base";
    throw new UsageError(errorMessage({ act: "use", subject: "--size", rule, value: size }));
  }
  const timings: Timing[] = [];
  let torch: string | null = null;
  for (let round = 1; round <= flags.rounds; round++) {
    for (const system of SHORT_NAMES) {
      printError(`round ${round} of ${flags.rounds}: ${system}`);
      timings.push(await timeOurs(system, round, requestOf(system, root, flags)));
    }
    if (!script) continue;
    printError(`round ${round} of ${flags.rounds}: PyTorch`);
    const args = [
      script,
      root,
      flags.encoder,
      String(flags.epochs),
      ...(size === "bert-base" ? ["base"] : []),
    ];
    const { text, peakMegabytes } = await runWatched(flags.python, args);
    for (const { torch: version, ...timing } of readTorchTimings(text)) {
      torch = version;
      timings.push({ program: "PyTorch", round, ...timing, peakMegabytes });
    }
  }
  const engine = timings.find(({ ours }) => ours)!.ours!.engine;
  const profiles = engine.startsWith("onnxruntime-node") ? await profileAll(root, flags, printError) : null;
  const results: BenchResults = { engine, torch, timings, profiles };
  if (flags.json) print(JSON.stringify(results, null, 2));
  else {
    print(formatBench(results));
    if (profiles === null) print(`Kernels are not timed on ${engine}: use --engine onnx`);
    else if (flags.graphs !== undefined) {
      print(`\n${formatOps(profiles)}`);
      for (const system of SHORT_NAMES) print(`\nGraphs of ${system}\n${formatGraphs(profiles[system])}`);
    }
  }
  if (flags.out !== undefined) await writeMeasurement(flags.out, await measurementOf(BENCH, flags, results));
};

function requestOf(
  system: ShortName,
  root: string,
  { target, encoder, size, engine, epochs, model }: Flags,
): BenchRequest {
  return {
    system: BENCHED[system],
    root,
    target,
    encoder,
    size: size ?? null,
    engine: engine ?? "auto",
    epochs,
    ...(system === "laner" && model !== undefined ? { model } : {}),
  };
}

async function timeOurs(system: ShortName, round: number, request: BenchRequest): Promise<Timing> {
  const { result, peakMegabytes } = await runChild("bench_system.ts", request, BENCH_RESULT);
  const { epochSeconds, wordsPerSecond } = result;
  return {
    program: "this toolkit",
    system,
    round,
    epochSeconds,
    wordsPerSecond,
    peakMegabytes,
    ours: result,
  };
}

async function profileAll(
  root: string,
  flags: Flags,
  say: (line: string) => void,
): Promise<Record<ShortName, ProfileResult>> {
  const profile = async (system: ShortName) => {
    say(`profile: ${system}`);
    const folder = flags.graphs === undefined ? undefined : join(flags.graphs, system);
    if (folder !== undefined) await Deno.mkdir(folder, { recursive: true });
    const request = {
      ...requestOf(system, root, flags),
      ...(folder === undefined ? {} : { graphs: folder }),
    };
    return (await runChild("profile_step.ts", request, PROFILE_RESULT, ["--allow-write"])).result;
  };
  return { tagger: await profile("tagger"), laner: await profile("laner") };
}

if (import.meta.main) await runCommand(BENCH, bench);
