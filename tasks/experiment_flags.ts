/** Flags that choose an experiment and replace keys of it, the same for every command. */
import { fileURLToPath } from "node:url";
import type { Config } from "./config.ts";
import type { ConfigOverride } from "./config_overrides.ts";
import { readConfig } from "./read_config.ts";

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
  targets: { type: "text", valueName: "A,B", doc: "The targets to run (data.targets)" },
  systems: { type: "text", valueName: "A,B", doc: "The systems to run" },
  seeds: { type: "text", valueName: "N,M", doc: "The seeds to run" },
  engine: {
    type: "text",
    valueName: "NAME",
    choices: ["auto", "onnx", "tensorflow", "webgpu", "wasm", "cpu"],
    doc: "What runs the tensor operations",
  },
  results: {
    type: "text",
    valueName: "DIR",
    default: "results",
    doc: "Folder of all results and stored stages",
  },
} as const;

/** The values of the flags. */
export interface ExperimentFlagValues {
  config?: string;
  profile: string;
  set: string[];
  data?: string;
  encoder?: string;
  targets?: string;
  systems?: string;
  seeds?: string;
  engine?: string;
}

/**
 * Reads the experiment that the flags choose.
 *
 * @param more Keys that the command itself replaces.
 * @throws As `readConfig` does; a wrong value of a flag is reported as that flag's.
 */
export async function readExperiment(
  flags: ExperimentFlagValues,
  more: readonly ConfigOverride[] = [],
): Promise<Config> {
  const path = flags.config ??
    fileURLToPath(new URL(`../experiments/${flags.profile}.yaml`, import.meta.url));
  const list = (text: string) => text.split(",").map((item) => item.trim());
  const numbers = (text: string) => list(text).map((item) => (/^\d+$/.test(item) ? Number(item) : item));
  const overrides: ConfigOverride[] = [...flags.set];
  const override = (flag: string, key: string, value: unknown) =>
    overrides.push({ flag: `--${flag}`, key, value });
  if (flags.data !== undefined) override("data", "data.root", flags.data);
  if (flags.encoder !== undefined) override("encoder", "encoder", flags.encoder);
  if (flags.targets !== undefined) override("targets", "data.targets", list(flags.targets));
  if (flags.systems !== undefined) override("systems", "systems", list(flags.systems));
  if (flags.seeds !== undefined) override("seeds", "seeds", numbers(flags.seeds));
  if (flags.engine !== undefined) override("engine", "engine", flags.engine);
  return await readConfig(path, [...overrides, ...more]);
}
