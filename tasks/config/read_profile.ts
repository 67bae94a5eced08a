/** Reading a profile: settings, and the experiments that are run with them. */
import { basename, dirname, join } from "node:path";
import { errorMessage, nearestName, UsageError } from "../errors.ts";
import type { Config } from "./config.ts";
import { isMapping } from "./is_mapping.ts";
import { type ConfigOverride, overridesOf } from "./config_overrides.ts";
import { configOf, readYaml } from "./read_config.ts";
import { selectionName } from "./selection.ts";

/** A value of the key that an experiment varies. */
export type Varied = number | string | boolean;

/** One experiment: a table or a figure. */
export interface Experiment {
  /** Name of its file: "table_3". */
  name: string;
  title: string;
  config: Config;
  vary: { key: string; values: readonly Varied[] } | null;
  /** The configuration for each value of the varied key; one with value null if nothing is varied. */
  variants: readonly { value: Varied | null; config: Config }[];
}

/** Settings and experiments. */
export interface Profile {
  name: string;
  config: Config;
  experiments: readonly Experiment[];
  /** The name of the selection, see `selectionName`; null for the profile as it is. */
  selection: string | null;
}

/** The selection from a profile. */
export interface ProfileOptions {
  /** Replaced keys, in every experiment. */
  overrides?: readonly ConfigOverride[];
  /** Names of the experiments to keep, or YAML files of others to run with the profile's settings. Default: all. */
  only?: readonly string[] | undefined;
  /** Names of the systems to keep. Default: all. */
  systems?: readonly string[] | undefined;
}

/**
 * Reads a profile. A file without `experiments` is one experiment of its own.
 *
 * The keys of an experiment come from the profile's file, then from the experiment's own, then from `experiments` in
 * the profile, then from the overrides; later values replace earlier ones.
 *
 * @throws Error as `readConfig` does, naming the file with the wrong value; UsageError if the profile has no such
 * experiment or system.
 */
export async function readProfile(
  path: string,
  { overrides = [], only, systems }: ProfileOptions = {},
): Promise<Profile> {
  const document = await readYaml(path);
  const config = configOf(document, { source: path, overrides });
  const names = Object.keys(config.experiments ?? {});
  const own = names.length > 0 ? names : [config.name];
  const chosen = only ?? own;
  for (const name of chosen) if (!isFile(name)) checkName("--only", name, own);
  checkDistinct(chosen);
  const experiments: Experiment[] = [];
  for (const name of chosen) {
    const layers: ConfigOverride[] = [];
    if (isFile(name) || names.length > 0) {
      const file = isFile(name) ? name : join(dirname(path), `${name}.yaml`);
      const keys = await readYaml(file);
      if (!isMapping(keys)) {
        throw new Error(errorMessage({ act: "use", subject: file, rule: "expected a mapping of keys" }));
      }
      const more = config.experiments?.[name] ?? {};
      for (const [own, source] of [[keys, file], [more, `${basename(path)}, experiments.${name}`]] as const) {
        checkIsSingle(own, source);
        layers.push(...overridesOf(own, source));
      }
    }
    layers.push({ key: "experiments", value: null, flag: path }, ...overrides);
    experiments.push(experimentOf(document, path, experimentName(name), layers));
  }
  const known = [...new Set(experiments.flatMap(({ config }) => config.systems))];
  for (const name of systems ?? []) checkName("--systems", name, known);
  const narrowed = experiments.map((experiment) => withSystems(experiment, systems))
    .filter((experiment) => experiment !== null);
  const file = { path, name: config.name, encoder: isMapping(document) ? document.encoder : undefined };
  const selection = await selectionName(file, { only, systems, overrides });
  return { name: config.name, config, experiments: narrowed, selection };
}

/** Tells whether an experiment has runs: tables of data and settings are made without training anything. */
export function hasRuns({ config }: Experiment): boolean {
  return config.show !== "data" && config.show !== "settings";
}

/** Checks that experiments have distinct names, by which their results are told apart. */
function checkDistinct(chosen: readonly string[]): void {
  const names = chosen.map(experimentName);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return;
  const rule = "the names of experiments must differ, rename one of the files or leave it out";
  throw new UsageError(
    errorMessage({ act: "use", subject: `--only ${chosen.join(",")}`, rule, value: twice }),
  );
}

/** Returns the name of an experiment that is given by name or by file. */
function experimentName(nameOrFile: string): string {
  return basename(nameOrFile, ".yaml");
}

/** Checks that an experiment of a profile is not a profile itself. */
function checkIsSingle({ experiments = null }: Record<string, unknown>, source: string): void {
  if (experiments === null) return;
  const rule = "an experiment of a profile must have no experiments of its own";
  throw new Error(
    errorMessage({ act: "use", subject: "experiments", place: source, rule, value: experiments }),
  );
}

/** Tells whether an experiment is given by its file rather than by its name in the profile. */
function isFile(name: string): boolean {
  return name.endsWith(".yaml");
}

function experimentOf(
  document: unknown,
  path: string,
  name: string,
  layers: readonly ConfigOverride[],
): Experiment {
  const read = (more: ConfigOverride[]) =>
    configOf(document, { source: path, overrides: [...layers, ...more] });
  const config = read([]);
  const title = config.title ?? name;
  const entries = Object.entries(config.vary ?? {});
  if (entries.length === 0) return { name, title, config, vary: null, variants: [{ value: null, config }] };
  const [key, values] = entries[0]!;
  const variants = values.map((value) => ({
    value,
    config: read([{ key, value, flag: `vary of ${name}` }]),
  }));
  return { name, title, config, vary: { key, values }, variants };
}

/** Returns an experiment with some of its systems; null if it has none of them. */
function withSystems(experiment: Experiment, systems: readonly string[] | undefined): Experiment | null {
  if (!systems) return experiment;
  const narrow = (config: Config): Config => ({
    ...config,
    systems: config.systems.filter((system) => systems.includes(system)),
  });
  const config = narrow(experiment.config);
  if (config.systems.length === 0) return null;
  const variants = experiment.variants.map(({ value, config }) => ({ value, config: narrow(config) }));
  return { ...experiment, config, variants };
}

function checkName(flag: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const rule = `must be one of ${known.join(", ")}`;
  throw new UsageError(
    errorMessage({ act: "use", subject: `${flag} ${name}`, rule, suggestion: nearestName(name, known) }),
  );
}
