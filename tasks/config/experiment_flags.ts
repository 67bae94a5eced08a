/** Flags that choose an experiment and replace keys of it, the same for every command. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createEngine } from "../../model/engine/create_engine.ts";
import type { Engine } from "../../model/engine/engine.ts";
import { systemOf } from "../../model/systems/systems.ts";
import { chosenEngineName } from "./chosen_engine.ts";
import type { ConfigOverride } from "./config_overrides.ts";
import { ENGINE_FLAG } from "./engine_flag.ts";
import { checkPrecisions } from "./precision_rules.ts";
import { type Experiment, type Profile, readProfile } from "./read_profile.ts";

/** The flags. */
export const EXPERIMENT_FLAGS = {
  config: {
    type: "text",
    valueName: "FILE",
    doc: "The experiment's YAML file; by default that of --profile",
  },
  profile: {
    type: "text",
    valueName: "NAME",
    choices: ["sample", "laptop", "paper"],
    default: "sample",
    doc: "An experiment that comes with the toolkit",
  },
  set: { type: "text", valueName: "KEY=VALUE", repeatable: true, doc: "Replace a key: --set train.epochs=5" },
  data: { type: "text", valueName: "DIR", doc: "Folder with one folder a data set (data.root)" },
  encoder: { type: "text", valueName: "DIR", doc: "Folder, URL or hub name of a BERT encoder" },
  corpora: {
    type: "text",
    valueName: "DIR",
    doc: "Folder with the targets' unlabelled text, TARGET.txt each (dapt.corpus)",
  },
  targets: { type: "text", valueName: "A,B", doc: "The targets to run (data.targets)" },
  systems: { type: "text", valueName: "A,B", doc: "Only these of each experiment's systems" },
  seeds: { type: "text", valueName: "N,M", doc: "The seeds to run" },
  only: {
    type: "text",
    valueName: "A,B",
    doc: "Only these of the profile's experiments, or YAML files of yours: table_3,my.yaml",
  },
  engine: ENGINE_FLAG,
  threads: {
    type: "integer",
    default: 0,
    doc:
      "Threads of the engines onnx and wasm; 0 for all cores, of which stages side by side get a share each",
  },
  force: {
    type: "boolean",
    doc:
      "Go on from checkpoints of another version of Deno or the engine, another number of threads or another machine, though perhaps not to the same bits",
  },
  results: {
    type: "text",
    valueName: "DIR",
    default: "results",
    doc: "Folder of all results and stored stages",
  },
} as const;

/** The flag for the number of stages that run at once, for commands that run many. */
export const JOBS_FLAG = {
  jobs: {
    type: "integer",
    doc:
      "Stages to run side by side, each with its share of the cores and memory of its own; default 2 on the onnx engine, 1 on others",
  },
} as const;

/** The values of the flags. */
export interface ExperimentFlagValues {
  config?: string | undefined;
  profile: string;
  set: string[];
  data?: string | undefined;
  encoder?: string | undefined;
  corpora?: string | undefined;
  targets?: string | undefined;
  systems?: string | undefined;
  only?: string | undefined;
  seeds?: string | undefined;
  engine?: string | undefined;
}

/**
 * Reads the experiments that the flags choose.
 *
 * @param more Keys that the command itself replaces.
 * @throws As `readProfile` does; errors in the value of a flag name the flag.
 */
export async function readExperiments(
  flags: ExperimentFlagValues,
  more: readonly ConfigOverride[] = [],
): Promise<Profile> {
  const { data, encoder, corpora, targets, systems, only, seeds, engine } = flags;
  const path = flags.config ??
    fileURLToPath(new URL(`../../experiments/${flags.profile}.yaml`, import.meta.url));
  const numbers = (text: string) => listOf(text).map((item) => (/^\d+$/.test(item) ? Number(item) : item));
  const overrides: ConfigOverride[] = [...flags.set];
  const override = (flag: string, key: string, value: unknown) =>
    overrides.push({ flag: `--${flag}`, key, value });
  if (data !== undefined) override("data", "data.root", data);
  if (encoder !== undefined) override("encoder", "encoder", encoder);
  if (corpora !== undefined) override("corpora", "dapt.corpus", join(corpora, "{target}.txt"));
  if (targets !== undefined) override("targets", "data.targets", listOf(targets));
  if (seeds !== undefined) override("seeds", "seeds", numbers(seeds));
  if (engine !== undefined) override("engine", "engine", engine);
  return await readProfile(path, {
    overrides: [...overrides, ...more],
    only: only === undefined ? undefined : listOf(only),
    systems: systems === undefined ? undefined : listOf(systems),
  });
}

/**
 * Loads the engine that an experiment and the flags choose.
 *
 * @param say Shows which engine was chosen, and why, where neither names one.
 * @throws Error if it does not load, or an experiment trains in a precision that it or a system lacks.
 */
export async function chosenEngine(
  profile: Pick<Profile, "config" | "experiments">,
  { threads }: { threads: number },
  say: (line: string) => void,
): Promise<Engine> {
  const { config, experiments } = profile;
  const systems = experiments.flatMap(({ config }) => config.systems);
  const gpu = systems.every((name) => systemOf(name).can.trainOnGpu);
  const engine = await createEngine(await chosenEngineName(config.engine, gpu, say), { nThreads: threads });
  checkPrecisions(profile, engine);
  return engine;
}

/** Returns a profile's settings as one experiment, which commands of single stages run. */
export function asOneExperiment({ name, config }: Profile): Experiment {
  return { name, title: name, config, vary: null, variants: [{ value: null, config }] };
}

function listOf(text: string): string[] {
  return text.split(",").map((item) => item.trim());
}
