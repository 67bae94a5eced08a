/** Parsing YAML, in time and memory that are bounded whatever the document is. */
// @ts-types="npm:@types/js-yaml@4.0.9"
import yaml from "npm:js-yaml@4.1.1";
import { CORE_SCHEMA } from "./core_schema.ts";

/** The longest document, in UTF-16 code units; an experiment has a few thousand. */
export const MAX_YAML_LENGTH = 200_000;

/** How deep mappings and lists may nest. */
export const MAX_DEPTH = 32;

/** How many values a document may have, each alias counted with all that it stands for. */
const MAX_VALUES = 20_000;

const LINE_END = /\r\n?|\n/;

/** YAML that cannot be parsed; `line` is where, if that is known. */
export class YamlError extends Error {
  override name = "YamlError";
  constructor(readonly rule: string, readonly line: number | undefined, options?: ErrorOptions) {
    super(rule, options);
  }
}

/**
 * Parses a YAML document by the core schema of YAML 1.2: null, true and false, numbers, text, lists and mappings.
 *
 * Dates are text, and there are no merge keys, through which a short document could stand for a very long one.
 *
 * @param yamlText The document.
 * @returns Its value, without cycles, at most 32 levels deep and of at most 20,000 values with aliases written out.
 * @throws YamlError if it is not YAML or is larger than that.
 */
export function parseYaml(yamlText: string): unknown {
  if (yamlText.length > MAX_YAML_LENGTH) {
    throw new YamlError(
      `it must have at most ${MAX_YAML_LENGTH} characters, not ${yamlText.length}`,
      undefined,
    );
  }
  const value = parseUnbounded(yamlText);
  countValues(value, 0, 0);
  return value;
}

function parseUnbounded(yamlText: string): unknown {
  try {
    // A document without content is null.
    return yaml.load(yamlText, { schema: CORE_SCHEMA }) ?? null;
  } catch (error) {
    // The parser calls itself for each level.
    if (error instanceof RangeError) throw tooDeep({ cause: error });
    if (!(error instanceof yaml.YAMLException)) throw error;
    const lines = yamlText.trimEnd().split(LINE_END);
    // Of a second document the parser says only that there is one.
    const mark: yaml.Mark | undefined = error.mark;
    // By its position, as the line of a null character is always said to be the first.
    const before = mark && yamlText.replace(/^\uFEFF/, "").slice(0, mark.position);
    // A document that ends too early is at fault where it ends, not on the line after.
    const line = before === undefined
      ? endOfFirstDocument(lines)
      : Math.min(before.split(LINE_END).length, lines.length);
    throw new YamlError(error.reason, line, { cause: error });
  }
}

/** The line on which a second document begins. */
function endOfFirstDocument(lines: readonly string[]): number | undefined {
  let hasBegun = false;
  const end = lines.findIndex((line) => {
    if (hasBegun && /^(?:---|\.\.\.)(?:\s|$)/.test(line)) return true;
    hasBegun ||= /^\s*[^\s#%]/.test(line);
    return false;
  });
  return end < 0 ? undefined : end + 1;
}

/** Goes through at most as many values as are allowed, so that what aliases multiply, or close to a ring, ends. */
function countValues(value: unknown, n: number, depth: number): number {
  if (++n > MAX_VALUES) {
    throw new YamlError(`it must have at most ${MAX_VALUES} values, aliases written out`, undefined);
  }
  if (typeof value !== "object" || value === null) return n;
  if (depth === MAX_DEPTH) throw tooDeep();
  for (const inner of Object.values(value)) n = countValues(inner, n, depth + 1);
  return n;
}

function tooDeep(options?: ErrorOptions): YamlError {
  return new YamlError(`its lists and mappings must nest at most ${MAX_DEPTH} deep`, undefined, options);
}
