/** Reading an experiment from YAML and overrides into a checked configuration with every key. */
import { checkText } from "../../data/text/check_text.ts";
import { decodeText } from "../../data/text/decode_text.ts";
import { errorMessage } from "../errors.ts";
import { readInput } from "../files/read_input.ts";
import { type Config, EXPERIMENT } from "./config.ts";
import { checkRules, checkTargetNames } from "./config_rules.ts";
import { isMapping } from "./is_mapping.ts";
import {
  type ConfigOverride,
  decides,
  isWithin,
  overrideKey,
  overrideSource,
  withOverrides,
} from "./config_overrides.ts";
import { type Place, readShape } from "./place.ts";
import { MAX_YAML_LENGTH, parseYaml, YamlError } from "./parse_yaml.ts";

/** The source of a configuration, and the overrides of its keys. */
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
      // Keys on the way to an override's key belong to the override, too, unless the file has them.
      overrides.findLast((one) => isWithin(overrideKey(one), path) && !hasKey(document, path));
    return given === undefined ? source : overrideSource(given);
  };
  const place: Place = { path: "", sourceOf };
  const config = readShape(EXPERIMENT, withOverrides(document, overrides, place), place);
  checkRules(config, place);
  // With --targets, the file's own targets remain known, so that its perTarget may still name them.
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

/** Tells whether a document has a value at a path of keys. */
function hasKey(document: unknown, path: string): boolean {
  let value = document;
  for (const name of path.split(".")) {
    if (!isMapping(value) || !Object.hasOwn(value, name)) return false;
    value = value[name];
  }
  return true;
}

/** Returns the targets of a document before any override. */
function parseTargets(document: unknown): readonly unknown[] {
  const data = isMapping(document) ? document.data : undefined;
  return isMapping(data) && Array.isArray(data.targets) ? data.targets : [];
}
