/** Objects in JSON Lines, or in a JSON list, each with its line. */
import { lineAt, NO_CONTROLS, refusedIn } from "../text/check_text.ts";
import type { Shape } from "../schema/shapes.ts";
import { checkValue } from "../schema/check_value.ts";
import { showValue } from "../show_value.ts";
import { brokenRecord, type DataRecord, problemAt, type SourceFile } from "./data_record.ts";

/** An object of a file. */
export interface JsonRecord {
  value: Readonly<Record<string, unknown>>;
  source: string;
  line: number;
  /** Writes an error of it. */
  problem(rule: string, value?: unknown): string;
}

/**
 * Reads every object of a file.
 *
 * @param read Makes one record of an object.
 * @returns The records, among them those of what is no object.
 */
export function readJsonRecords(file: SourceFile, read: (record: JsonRecord) => DataRecord): DataRecord[] {
  const { name: source } = file;
  const text = file.text.replace(/^\uFEFF/, "");
  const recordOf = (json: string, line: number): DataRecord => {
    const damage = file.damage?.get(line);
    if (damage !== undefined) return brokenRecord(source, line, damage);
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch (error) {
      return brokenRecord(source, line, `a record must be JSON, ${(error as Error).message}`);
    }
    const refused = controlIn(value);
    if (refused !== undefined) return brokenRecord(source, line, NO_CONTROLS, refused);
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return brokenRecord(source, line, "a record must be an object", showValue(value));
    }
    const problem = (rule: string, value?: unknown) =>
      problemAt(source, line, rule, value === undefined ? undefined : showValue(value));
    return read({ value: value as JsonRecord["value"], source, line, problem });
  };
  if (text.trimStart().startsWith("[")) {
    return [...listItems(text)].map(({ json, index }) => recordOf(json, lineAt(text, index)));
  }
  return text.split("\n").flatMap((json, i) => json.trim() === "" ? [] : [recordOf(json, i + 1)]);
}

/** Checks a part of a record by its shape; returns the value, or the error. */
export function readPart<T>(record: JsonRecord, key: string, shape: Shape<T>, value: unknown): T | string {
  const checked = checkValue(shape, value);
  if (checked.problem === undefined) return checked.value;
  const { path, rule } = checked.problem;
  return record.problem(
    `${key}${path === "" ? "" : path.startsWith("[") ? path : `.${path}`}: ${rule}`,
    checked.problem.value,
  );
}

/** Returns a name that can be kept; undefined for anything else. */
export function idOf(value: unknown): string | number | undefined {
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

/** Finds a character in the texts of a value that no text may hold. */
function controlIn(value: unknown): string | undefined {
  if (typeof value === "string") return refusedIn(value);
  if (typeof value !== "object" || value === null) return undefined;
  for (const one of Object.values(value)) {
    const found = controlIn(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Yields the JSON of each item of a list. */
function* listItems(text: string): Generator<{ json: string; index: number }> {
  let depth = 0;
  let start = -1;
  for (const found of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},]/g)) {
    const [token] = found;
    const { index } = found;
    if (depth === 1 && start >= 0 && (token === "," || token === "]")) {
      const json = text.slice(start, index);
      if (json.trim() !== "") yield { json, index: start + json.search(/\S/) };
      start = index + 1;
    }
    if (token === "[" || token === "{") {
      depth++;
      if (depth === 1) start = index + 1;
    }
    if (token === "]" || token === "}") depth--;
  }
  if (depth > 0 && start >= 0) yield { json: text.slice(start), index: start };
}
