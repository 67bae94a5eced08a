/** Parsing YAML in bounded time and memory, whatever the document is. */
import { parse } from "@std/yaml/unstable-parse";
import { CORE_SCHEMA, Scalar } from "./core_schema.ts";
import { findEmptyEntry, findYamlDoubt, type YamlDoubt } from "./yaml_doubts.ts";

/** The longest document, in UTF-16 code units; an experiment has a few thousand. */
export const MAX_YAML_LENGTH = 200_000;

/** The greatest depth of nested mappings and lists. */
export const MAX_DEPTH = 32;

/** The most values of a document; an alias counts as all the values that it stands for. */
const MAX_VALUES = 20_000;

const LINE_END = /\r\n?|\n/;

/** The error of YAML that cannot be parsed, with the line where that is known. */
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
  refuse(yamlText, findYamlDoubt(yamlText));
  const document: Record<string, unknown> = { value: parseUnbounded(yamlText) };
  const tally = { n: 0, isIncomplete: false };
  openScalars(document, tally, 0);
  if (tally.isIncomplete) refuse(yamlText, findEmptyEntry(yamlText));
  return document.value;
}

function refuse(yamlText: string, doubt: YamlDoubt | undefined): void {
  if (doubt) throw new YamlError(doubt.rule, yamlText.slice(0, doubt.offset).split(LINE_END).length);
}

function parseUnbounded(yamlText: string): unknown {
  try {
    return parse(yamlText, { schema: "failsafe", extraTypes: CORE_SCHEMA });
  } catch (error) {
    // The parser calls itself for each level.
    if (error instanceof RangeError) throw tooDeep({ cause: error });
    if (!(error instanceof SyntaxError)) throw error;
    // Only the first line: the rest shows a piece of the text.
    const message = error.message.replace(/:\n[^\n]*\n *\^$/, "");
    const [, rule = message, found] = /^([^]*) at line (\d+), column -?\d+$/.exec(message) ?? [];
    // The fault of a document that ends too early lies on its last line, not on the line after.
    const nLines = yamlText.trimEnd().split(LINE_END).length;
    throw new YamlError(rule, found ? Math.min(Number(found), nLines) : undefined, { cause: error });
  }
}

/**
 * Replaces every Scalar by its value.
 *
 * Visits at most as many values as are allowed, so that aliases that multiply or form a cycle come to an end. A null
 * without a Scalar was not written; in a list or as a key, that is allowed in lists of lines only.
 */
function openScalars(
  container: Record<string, unknown>,
  tally: { n: number; isIncomplete: boolean },
  depth: number,
): void {
  for (const [key, inner] of Object.entries(container)) {
    if (++tally.n > MAX_VALUES) {
      throw new YamlError(`it must have at most ${MAX_VALUES} values, aliases written out`, undefined);
    }
    if (inner instanceof Scalar) container[key] = inner.value;
    else if (inner === null) tally.isIncomplete ||= Array.isArray(container) || key === "null";
    else if (typeof inner === "object") {
      if (depth === MAX_DEPTH) throw tooDeep();
      openScalars(inner as Record<string, unknown>, tally, depth + 1);
    }
  }
}

function tooDeep(options?: ErrorOptions): YamlError {
  return new YamlError(`its lists and mappings must nest at most ${MAX_DEPTH} deep`, undefined, options);
}
