/** Reading an experiment: YAML and overrides in, a checked configuration with every key out. */
import { checkText } from "../../data/text/check_text.ts";
import { decodeText } from "../../data/text/decode_text.ts";
import { isSystemName, systemNames, systemOf } from "../../model/systems/systems.ts";
import { errorMessage, nearestName } from "../errors.ts";
import { readInput } from "../files/read_input.ts";
import { type Config, EXPERIMENT } from "./config.ts";
import { isMapping } from "./is_mapping.ts";
import {
  type ConfigOverride,
  decides,
  isWithin,
  overrideKey,
  overrideSource,
  withOverrides,
} from "./config_overrides.ts";
import { fail, type Place, readShape } from "./place.ts";
import { MAX_YAML_LENGTH, parseYaml, YamlError } from "./parse_yaml.ts";
import { SAMPLE_SCHEME, SAMPLE_SOURCE, SAMPLE_TARGET } from "./sample_names.ts";

/** Where a configuration comes from, and what replaces keys of it. */
export interface ParseConfigOptions {
  /** The file's name, for errors. */
  source: string;
  /** Replaced keys, in order: `--set` texts such as "train.epochs=5", or values of other flags. */
  overrides?: readonly ConfigOverride[];
}

/**
 * Reads an experiment from YAML.
 *
 * @param yamlText The YAML document.
 * @param options Its name for errors, and keys to replace.
 * @returns Every key with its value, defaults filled in.
 * @throws Error naming file or flag and the YAML path of the first key that is unknown (with the nearest known
 * one), missing, of the wrong type or against a rule between keys.
 */
export function parseConfig(yamlText: string, options: ParseConfigOptions): Config {
  return configOf(documentOf(yamlText, options.source), options);
}

/** Parses the YAML of a file; its errors name the file, and the line where there is one. */
function documentOf(yamlText: string, source: string): unknown {
  checkText(yamlText, source);
  try {
    return parseYaml(yamlText);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const place = error.line === undefined ? undefined : `${source}:${error.line}`;
    const rule = `expected YAML, ${error.rule}`;
    throw new Error(errorMessage({ act: "read", subject: source, place, rule }), { cause: error });
  }
}

/**
 * Checks a parsed document.
 *
 * @throws As `parseConfig` does.
 */
export function configOf(document: unknown, { source, overrides = [] }: ParseConfigOptions): Config {
  const sourceOf = (path: string) => {
    const given = overrides.findLast((one) => decides(one, path)) ??
      // The way to an override's key is the override's too, where the file does not have it.
      overrides.findLast((one) => isWithin(overrideKey(one), path) && !hasKey(document, path));
    return given === undefined ? source : overrideSource(given);
  };
  const place: Place = { path: "", sourceOf };
  const config = readShape(EXPERIMENT, withOverrides(document, overrides, place), place);
  checkRules(config, place);
  // With --targets the file's own targets remain known, so that its perTarget may go on naming them.
  checkTargetNames(config, parseTargets(document), place);
  return config;
}

/**
 * Reads an experiment from a YAML file.
 *
 * @throws Error as `parseConfig` does, and if the file cannot be read or is not UTF-8.
 */
export async function readConfig(path: string, overrides: readonly ConfigOverride[] = []): Promise<Config> {
  return configOf(await readYaml(path), { source: path, overrides });
}

/**
 * Reads a YAML file.
 *
 * @throws Error if it cannot be read, is not UTF-8 or not YAML.
 */
export async function readYaml(path: string): Promise<unknown> {
  const bytes = await readInput(path, "the configuration", { maxBytes: 3 * MAX_YAML_LENGTH });
  return documentOf(decodeText(bytes, path), path);
}

/** Whether a document has something at a path of keys. */
function hasKey(document: unknown, path: string): boolean {
  let value = document;
  for (const name of path.split(".")) {
    if (!isMapping(value) || !Object.hasOwn(value, name)) return false;
    value = value[name];
  }
  return true;
}

/** Rules between keys, which no single shape can check. */
function checkRules(config: Config, top: Place): void {
  const at = (path: string): Place => ({ ...top, path });
  const { encoder, bart, data, show, vary, experiments } = config;
  if (vary !== null && Object.keys(vary).length !== 1) {
    fail(at("vary"), "must have one key, and the list of its values", vary);
  }
  // A profile's own settings are those of experiments that vary each a key of its own.
  if (show === "lines" && vary === null && experiments === null) {
    fail(
      at("show"),
      "must be table or types where vary names no key, as there is nothing to draw lines against",
      show,
    );
  }
  const odd = Object.keys(experiments ?? {}).find((name) => !/^\w[\w-]*$/.test(name));
  if (odd !== undefined) fail(at("experiments"), "must be names of YAML files beside this one", odd);
  if (typeof encoder !== "string" && encoder.hiddenWidth % encoder.nHeads !== 0) {
    fail(at("encoder.nHeads"), `must divide encoder.hiddenWidth (${encoder.hiddenWidth})`, encoder.nHeads);
  }
  if (typeof bart !== "string" && bart.hiddenWidth % bart.nHeads !== 0) {
    fail(at("bart.nHeads"), `must divide bart.hiddenWidth (${bart.hiddenWidth})`, bart.nHeads);
  }
  if (data.sample !== null) {
    if (data.scheme !== SAMPLE_SCHEME) {
      fail(at("data.scheme"), `must be ${SAMPLE_SCHEME} with data.sample`, data.scheme);
    }
    if (data.source !== SAMPLE_SOURCE) {
      fail(at("data.source"), `must be ${SAMPLE_SOURCE} with data.sample`, data.source);
    }
    const other = data.targets.find((target) => target !== SAMPLE_TARGET);
    if (other !== undefined) {
      fail(at("data.targets"), `must be [${SAMPLE_TARGET}] with data.sample`, data.targets);
    }
  }
  if (data.targets.includes(data.source)) {
    fail(at(`data.targets[${data.targets.indexOf(data.source)}]`), "must not be the source", data.source);
  }
  for (const [system, value] of Object.entries(config.perSystem)) {
    if (isSystemName(system)) continue;
    const rule = `must be one of ${systemNames().join(", ")}`;
    fail(at(`perSystem.${system}`), rule, value, nearestName(system, systemNames()));
  }
  for (const system of config.systems) {
    const { can, needs } = systemOf(system);
    const settings = configForSystem(config, system);
    if (can.readEncoderStates || !settings.words.readsEncoder || !needs(settings).includes("vectors")) {
      continue;
    }
    const own = config.perSystem[system]?.words?.readsEncoder;
    fail(
      at(own === undefined ? "words.readsEncoder" : `perSystem.${system}.words.readsEncoder`),
      `must be false for ${system}, which cannot read an encoder`,
      true,
    );
  }
  for (const target of data.sample ? [] : data.targets) {
    const { adapt, dapt } = configForTarget(config, target);
    if (!adapt.includes(true) || dapt.corpus !== null) continue;
    const own = Object.hasOwn(config.perTarget, target) ? config.perTarget[target]!.dapt?.corpus : undefined;
    fail(
      at(own === undefined ? "dapt.corpus" : `perTarget.${target}.dapt.corpus`),
      `must name a text file for "${target}", as adapt has true`,
      null,
    );
  }
}

/** perTarget may name the targets of the run and those of the file. */
function checkTargetNames(config: Config, fileTargets: readonly unknown[], top: Place): void {
  const targets = [...new Set([...config.data.targets, ...fileTargets.map(String)])];
  for (const [target, value] of Object.entries(config.perTarget)) {
    if (targets.includes(target)) continue;
    const rule = `must be one of data.targets (${targets.join(", ")})`;
    fail({ ...top, path: `perTarget.${target}` }, rule, value, nearestName(target, targets));
  }
}

/** The targets of a document before anything replaced them. */
function parseTargets(document: unknown): readonly unknown[] {
  const data = isMapping(document) ? document.data : undefined;
  return isMapping(data) && Array.isArray(data.targets) ? data.targets : [];
}

/**
 * The experiment as it is for one target: `perTarget` keys put in, {target} in file names filled in.
 *
 * @param target One of `config.data.targets`.
 */
export function configForTarget(config: Config, target: string): Config {
  const own = Object.hasOwn(config.perTarget, target) ? config.perTarget[target]! : {};
  const dapt = { ...config.dapt, ...own.dapt };
  return {
    ...config,
    data: { ...config.data, targets: [target] },
    adapt: own.adapt ?? config.adapt,
    train: { ...config.train, ...own.train },
    dapt: { ...dapt, corpus: dapt.corpus?.replaceAll("{target}", target) ?? null },
    perTarget: {},
  };
}

/**
 * The experiment as it is for one system: `perSystem` keys put in, which replace those of every target.
 *
 * @param config As it is for one target.
 */
export function configForSystem(config: Config, system: string): Config {
  const own = config.perSystem[system] ?? {};
  return {
    ...config,
    systems: [system],
    strategy: own.strategy ?? config.strategy,
    words: { ...config.words, ...own.words },
    pretrain: { ...config.pretrain, ...own.pretrain },
    train: { ...config.train, ...own.train },
    joint: { ...config.joint, ...own.joint },
    perSystem: {},
  };
}
