/** Times training and prediction, one process a system, next to the same work in PyTorch. */
import { fileURLToPath } from "node:url";
import type { EngineName } from "../model/engine/engine.ts";
import type { SystemName } from "../model/systems/systems.ts";
import { type BenchResult, median } from "./bench/bench_system.ts";
import { readBenchResult, readTorchTimings } from "./bench/read_timings.ts";
import { runWatched } from "./bench/run_watched.ts";
import { EXPERIMENT_FLAGS } from "./config/experiment_flags.ts";
import { findDataRoot } from "./data_sets/data_sets.ts";
import { runCommand } from "./terminal/command.ts";
import { type CommandMain, defineCommand } from "./terminal/command_spec.ts";

/** `deno task bench`. */
export const BENCH = defineCommand({
  name: "bench",
  summary: "Times a training epoch and prediction of the BERT tagger and LANER, and where the time goes. " +
    "With --script the same work in PyTorch is timed in turn, and the ratios are printed.",
  flags: {
    data: EXPERIMENT_FLAGS.data,
    encoder: { ...EXPERIMENT_FLAGS.encoder, required: true },
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
        "A script that takes DATA ENCODER EPOCHS and prints a line of JSON for each of tagger and laner: " +
        "system, epoch_s_median, predict_words_per_s",
    },
    json: { type: "boolean", doc: "Print all figures as JSON" },
  },
  examples: [
    "deno task bench --data DIR --encoder DIR",
    "deno task bench --data DIR --encoder DIR --script torch_laner.py",
  ],
});

const PERMISSIONS = ["--allow-read", "--allow-env", "--allow-ffi", "--allow-sys", "--allow-net"];

/** One timing of one system by one program. */
interface Timing {
  program: "this toolkit" | "PyTorch";
  system: "tagger" | "laner";
  epochSeconds: number;
  wordsPerSecond: number;
  /** Peak resident memory of the process; PyTorch's script times both systems in one process. */
  peakMegabytes: number | null;
  /** The times and operations of a training step; unknown of PyTorch. */
  step?: Pick<BenchResult, "stepMilliseconds" | "stepOperations" | "peakOperations">;
}

/** Times everything in turn and prints medians and ratios. */
export const bench: CommandMain<typeof BENCH.flags> = async (flags, _operands, { print, printError }) => {
  const root = findDataRoot(flags.data);
  const timings: Timing[] = [];
  for (let round = 1; round <= flags.rounds; round++) {
    for (const [short, system] of [["tagger", "bert-tagger"], ["laner", "laner"]] as const) {
      printError(`round ${round} of ${flags.rounds}: ${short}`);
      timings.push(await timeOurs(short, system, root, flags));
    }
    if (!flags.script) continue;
    printError(`round ${round} of ${flags.rounds}: PyTorch`);
    timings.push(...await timeTorch(flags.python, [flags.script, root, flags.encoder, String(flags.epochs)]));
  }
  const rows = (["tagger", "laner"] as const).map((system) => summarise(system, timings));
  if (flags.json) print(JSON.stringify({ rows, timings }, null, 2));
  else print(formatRows(rows));
};

async function timeOurs(
  short: Timing["system"],
  system: SystemName,
  root: string,
  { target, encoder, engine, epochs, model }: {
    target: string;
    encoder: string;
    engine?: EngineName | "auto" | undefined;
    epochs: number;
    model?: string | undefined;
  },
): Promise<Timing> {
  const request = JSON.stringify({
    system,
    root,
    target,
    encoder,
    engine: engine ?? "auto",
    epochs,
    model: short === "laner" ? model : undefined,
  });
  const script = fileURLToPath(new URL("./bench/bench_system.ts", import.meta.url));
  const { text, peakMegabytes } = await runWatched(Deno.execPath(), [
    "run",
    "--no-prompt",
    ...PERMISSIONS,
    script,
    request,
  ]);
  const { epochSeconds, wordsPerSecond, ...step } = readBenchResult(text);
  return { program: "this toolkit", system: short, epochSeconds, wordsPerSecond, peakMegabytes, step };
}

async function timeTorch(python: string, args: string[]): Promise<Timing[]> {
  const { text, peakMegabytes } = await runWatched(python, args);
  return readTorchTimings(text).map((timing) => ({ program: "PyTorch", ...timing, peakMegabytes }));
}

/** Computes the medians of a system in this toolkit and in PyTorch. */
function summarise(system: Timing["system"], timings: readonly Timing[]) {
  const medians = (program: Timing["program"]) => {
    const own = timings.filter((timing) => timing.program === program && timing.system === system);
    if (own.length === 0) return null;
    const of = (value: (timing: Timing) => number) => median(own.map(value));
    const part = (name: keyof BenchResult["stepMilliseconds"]) =>
      of((timing) => timing.step?.stepMilliseconds[name] ?? 0);
    const operations = of((timing) => timing.step?.stepOperations ?? 0);
    // Both are of the same process, so that a machine that others slow down slows both.
    const reached = (timing: Timing, milliseconds: number) =>
      timing.step ? timing.step.stepOperations / (milliseconds / 1000) / timing.step.peakOperations : 0;
    const whole = ({ graph, labelEncoder, optimiser, host }: BenchResult["stepMilliseconds"]) =>
      graph + labelEncoder + optimiser + host;
    return {
      epochSeconds: of((timing) => timing.epochSeconds),
      wordsPerSecond: of((timing) => timing.wordsPerSecond),
      peakMegabytes: of((timing) => timing.peakMegabytes ?? NaN),
      step: {
        graph: part("graph"),
        labelEncoder: part("labelEncoder"),
        optimiser: part("optimiser"),
        host: part("host"),
      },
      operations,
      peakOperations: of((timing) => timing.step?.peakOperations ?? 0),
      ofPeak: {
        graph: of((timing) => reached(timing, timing.step?.stepMilliseconds.graph ?? 0)),
        step: of((timing) => timing.step ? reached(timing, whole(timing.step.stepMilliseconds)) : 0),
      },
    };
  };
  return { system, ours: medians("this toolkit")!, torch: medians("PyTorch") };
}

function formatRows(rows: ReturnType<typeof summarise>[]): string {
  const lines = rows.flatMap(({ system, ours, torch }) => {
    const figures = (
      name: string,
      x: { epochSeconds: number; wordsPerSecond: number; peakMegabytes: number },
    ) =>
      `${system.padEnd(7)} ${name.padEnd(13)} epoch ${x.epochSeconds.toFixed(2)} s   ` +
      `prediction ${x.wordsPerSecond.toFixed(0)} words/s   peak memory ${x.peakMegabytes.toFixed(0)} MB`;
    const ratio = torch &&
      `${system.padEnd(7)} ratio         epoch ${
          (torch.epochSeconds / ours.epochSeconds).toFixed(2)
        }x as fast   ` +
        `prediction ${(ours.wordsPerSecond / torch.wordsPerSecond).toFixed(2)}x as fast   ` +
        `memory ${(ours.peakMegabytes / torch.peakMegabytes).toFixed(2)}x`;
    return [figures("this toolkit", ours), ...(torch ? [figures("PyTorch", torch), ratio!] : [])];
  });
  const [tagger, laner] = rows.map(({ ours }) => ours.step);
  const giga = (operations: number) => (operations / 1e9).toFixed(0);
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  const limits = rows.map(({ system, ours }) =>
    `A step of ${system === "laner" ? "LANER" : "the tagger"} computes ${
      giga(ours.operations)
    } G operations: ` +
    `its graph at ${percent(ours.ofPeak.graph)}, the whole step at ${percent(ours.ofPeak.step)} of the ` +
    `${giga(ours.peakOperations)} GFLOPS of a large product here`
  );
  // The tagger's graph is the encoder alone; the rest of LANER's graph is its attentions and predictor.
  const parts = [
    `A step of LANER: encoder ${tagger!.graph.toFixed(0)} ms, attention and predictor ${
      (laner!.graph - tagger!.graph).toFixed(0)
    } ms, ` +
    `label encoder ${laner!.labelEncoder.toFixed(0)} ms, optimiser ${laner!.optimiser.toFixed(0)} ms, host ${
      laner!.host.toFixed(0)
    } ms`,
    `LANER's epoch takes ${
      (rows[1]!.ours.epochSeconds / rows[0]!.ours.epochSeconds).toFixed(2)
    }x the tagger's`,
  ];
  return [...lines, ...limits, ...parts].join("\n");
}

if (import.meta.main) await runCommand(BENCH, bench);
