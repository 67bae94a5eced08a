/**
 * Trains and predicts in a loop and watches the memory, which must be flat once everything has been used.
 *
 * With --v8-flags=--expose-gc the heap is counted without what is only not collected yet.
 */
import { join } from "node:path";
import { TheilSenRegression } from "npm:ml-regression-theil-sen@3.0.0";
import { createEngine } from "../../model/engine/create_engine.ts";
import { tf } from "../../model/engine/tf.ts";
import { loadTagger } from "../../model/tagger.ts";
import { readProfile } from "../../tasks/config/read_profile.ts";
import { replaceFile } from "../../tasks/files/durable_files.ts";
import { planProfile } from "../../tasks/plan/plan.ts";
import { ensureStage } from "../../tasks/stages/stage.ts";
import { runCommand } from "../../tasks/terminal/command.ts";
import { type CommandMain, defineCommand } from "../../tasks/terminal/command_spec.ts";
import { createReporter } from "../../tasks/terminal/progress.ts";
import { isBertSystem, SYSTEM_NAMES } from "../model/families.ts";
import { only } from "../only.ts";
import { writeMiniature } from "../tasks/miniature_run.ts";
import { withFolder } from "../temporary_folder.ts";
import { renderSoak } from "./soak_report.tsx";

/** What is watched: tensors by number, memory in MB. */
export const MEASURES = ["tensors", "heap", "external", "process"] as const;
export type Measure = typeof MEASURES[number];

/** The memory after a round. */
export interface Sample extends Record<Measure, number> {
  /** Since the beginning. */
  seconds: number;
}

/** How a measure develops after the warm-up. */
export interface Trend {
  measure: Measure;
  /** The median. */
  level: number;
  /** Theil-Sen slope (the median of all pairs'), in its unit an hour. */
  slope: number;
  /** By what part of its level it grew from the end of the warm-up to the end. */
  growth: number;
}

/** The engines that can be soaked: with plain arrays, and with arrays that they hold. */
const SOAKED_ENGINES = ["onnx", "onnx-ffi", "webgpu"] as const;
type SoakedEngine = typeof SOAKED_ENGINES[number];

/** The part of a soak in which caches and pools fill. */
const WARM_UP = 1 / 3;
/** Growth that is still called flat. */
export const FLAT = 0.05;

/**
 * One round: an encoder is trained from nothing and adapted, a system trained on the source and the target, with
 * checkpoints and all files, and the trained model loaded again to predict. Systems and seeds take turns.
 */
async function soakRound(folder: string, round: number, engineName: SoakedEngine): Promise<void> {
  const config = await writeMiniature(folder);
  const store = join(folder, String(round));
  const system = SYSTEM_NAMES[round % SYSTEM_NAMES.length]!;
  const profile = await readProfile(config, {
    overrides: [`systems=[${system}]`, `seeds=[${round}]`, `adapt=[${isBertSystem(system)}]`],
  });
  const engine = await createEngine(engineName);
  const { finetuned } = only((await planProfile(profile, engineName)).runs);
  const signal = new AbortController().signal;
  const { dir } = await ensureStage(
    { store, engine, report: () => {}, signal, checkpointSeconds: 0 },
    finetuned,
  );
  const tagger = await loadTagger(dir, { engine });
  await tagger.predictText("The new parser was trained in Oslo. It reads tables, too.");
  tagger.dispose();
  await Deno.remove(store, { recursive: true });
}

/**
 * Runs rounds until `isOver` says so.
 *
 * @param engine Runs them.
 * @param onSample Is told of every sample, after its round.
 */
export async function soak(
  engine: SoakedEngine,
  isOver: (sample: Sample) => boolean,
  onSample: (sample: Sample) => void = () => {},
): Promise<Sample[]> {
  const samples: Sample[] = [];
  const start = performance.now();
  await withFolder(async (folder) => {
    do {
      await soakRound(folder, samples.length, engine);
      (globalThis as { gc?: () => void }).gc?.();
      const { heapUsed, external, rss } = Deno.memoryUsage();
      const mega = (bytes: number) => bytes / 2 ** 20;
      const memory = { heap: mega(heapUsed), external: mega(external), process: mega(rss) };
      const seconds = (performance.now() - start) / 1000;
      samples.push({ seconds, tensors: tf.memory().numTensors, ...memory });
      onSample(samples.at(-1)!);
    } while (!isOver(samples.at(-1)!));
  });
  return samples;
}

/** How each measure develops after the warm-up. */
export function trendsOf(samples: readonly Sample[]): Trend[] {
  const end = samples.at(-1)!.seconds;
  const steady = samples.filter(({ seconds }) => seconds >= WARM_UP * end);
  return MEASURES.map((measure) => {
    const values = steady.map((sample) => sample[measure]);
    const { slope } = new TheilSenRegression(steady.map(({ seconds }) => seconds), values);
    const level = values.toSorted((a, b) => a - b)[values.length >> 1]!;
    return { measure, level, slope: 3600 * slope, growth: slope * (end - steady[0]!.seconds) / (level || 1) };
  });
}

const SOAK = defineCommand({
  name: "soak",
  summary:
    "Trains and predicts in a loop and watches the memory; fails if it is not flat after the first third.",
  flags: {
    minutes: { type: "integer", default: 30, doc: "How long" },
    engine: {
      type: "text",
      valueName: "NAME",
      choices: SOAKED_ENGINES,
      default: "onnx",
      doc: "What runs the tensor operations; onnx-ffi holds arrays as a GPU's engines do",
    },
    results: {
      type: "text",
      valueName: "DIR",
      default: "results",
      doc: "Folder for soak/report.html and samples.json",
    },
  },
  examples: ["deno task soak", "deno task soak --minutes 5"],
});

const main: CommandMain<typeof SOAK.flags> = async ({ minutes, engine, results }, _operands, { print }) => {
  const reporter = createReporter();
  const total = minutes * 60;
  const folder = join(results, "soak");
  try {
    const samples = await soak(
      engine,
      ({ seconds }) => seconds >= total,
      ({ seconds, tensors, heap, process }) =>
        reporter.report({
          stage: "soak",
          done: Math.min(total, Math.round(seconds)),
          total,
          metrics: { tensors, heap, process },
        }),
    );
    const trends = trendsOf(samples);
    await Deno.mkdir(folder, { recursive: true });
    await replaceFile(join(folder, "samples.json"), JSON.stringify({ trends, samples }, null, 1) + "\n");
    await replaceFile(join(folder, "report.html"), await renderSoak(samples, trends));
    for (const { measure, level, slope, growth } of trends) {
      const unit = measure === "tensors" ? "" : " MB";
      const percent = (100 * growth).toFixed(1);
      print(
        `${measure}: ${level.toFixed(1)}${unit}, ${
          slope.toFixed(2)
        }${unit} an hour (${percent} % in the soak)`,
      );
    }
    print(`${samples.length} rounds. Report: ${join(folder, "report.html")}`);
    const grown = trends.filter(({ growth }) => growth > FLAT).map(({ measure }) => measure);
    if (grown.length > 0) throw new Error(`Memory is not flat: ${grown.join(", ")}`);
  } finally {
    reporter.close();
  }
};

if (import.meta.main) await runCommand(SOAK, main);
