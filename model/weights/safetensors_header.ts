import { showValue } from "../../data/show_value.ts";

/** One tensor as a safetensors header describes it. */
export interface HeaderEntry {
  dtype: string;
  shape: number[];
  /** The places after the header at which its bytes begin and end (exclusive). */
  dataOffsets: [number, number];
}

/** A parsed safetensors header. */
export interface SafetensorsHeader {
  metadata: Map<string, string> | null;
  /** Tensors in the order of the header. */
  tensors: Map<string, HeaderEntry>;
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
/** As in PyTorch and NumPy; without a bound, a header of dimensions would take many times its size in memory. */
const MAX_DIMENSIONS = 64;

/**
 * Parses the JSON text of a safetensors header, strictly.
 *
 * `JSON.parse` alone would let through what the format forbids: keys given twice, sizes written as 2.0 or beyond
 * 2^53, lone surrogates, and names that mean something on objects (`__proto__`).
 *
 * @param text The header, decoded from UTF-8.
 * @returns Its metadata (`null` if it has none) and tensors.
 * @throws {SyntaxError} With the rule broken and the place in the text.
 */
export function parseSafetensorsHeader(text: string): SafetensorsHeader {
  let at = 0;
  const fail = (rule: string): never => {
    const found = at < text.length ? showValue(text.slice(at, at + 20)) : "the end";
    throw new SyntaxError(`${rule}, current value at character ${at} of the header is ${found}`);
  };
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const skipped = (mark: string): boolean => {
    take(SPACE);
    if (text[at] !== mark) return false;
    at++;
    return true;
  };
  const expect = (mark: string, where: string) => skipped(mark) || fail(`${where} needs ${mark}`);

  function string(what: string): string {
    take(SPACE);
    const start = at;
    const end = text[at] === '"' ? endOfString(text, at) : -1;
    const value = end < 0 ? undefined : parseString(text.slice(at, end));
    if (value === undefined) return fail(`${what} must be a JSON string`);
    at = end;
    if (value.isWellFormed()) return value;
    at = start;
    return fail(`${what} must be Unicode text without lone surrogates`);
  }
  function size(what: string): number {
    take(SPACE);
    const start = at;
    const raw = take(NUMBER) ?? fail(`${what} must be a whole number`);
    if (/^[0-9]+$/.test(raw) && Number.isSafeInteger(Number(raw))) return Number(raw);
    at = start;
    return fail(`${what} must be a whole number from 0, written without point or exponent, below 2^53`);
  }
  function list<T>(what: string, item: () => T): T[] {
    expect("[", what);
    const items: T[] = [];
    if (skipped("]")) return items;
    do {
      if (items.length === MAX_DIMENSIONS) fail(`${what} must have at most ${MAX_DIMENSIONS} numbers`);
      items.push(item());
    } while (skipped(","));
    expect("]", what);
    return items;
  }
  function object<T>(what: string, value: (key: string) => T): Map<string, T> {
    expect("{", what);
    const entries = new Map<string, T>();
    if (skipped("}")) return entries;
    do {
      take(SPACE);
      const start = at;
      const key = string(`a key of ${what}`);
      if (entries.has(key)) {
        at = start;
        fail(`${what} has the key ${showValue(key)} twice`);
      }
      expect(":", what);
      entries.set(key, value(key));
    } while (skipped(","));
    expect("}", what);
    return entries;
  }
  function tensor(name: string): HeaderEntry {
    const what = `tensor ${showValue(name)}`;
    const entry: Partial<HeaderEntry> = {};
    object(what, (field) => {
      if (field === "dtype") entry.dtype = string(`dtype of ${what}`);
      else if (field === "shape") {
        entry.shape = list(`shape of ${what}`, () => size(`a dimension of ${what}`));
      } else if (field === "data_offsets") {
        const offsets = list(`data_offsets of ${what}`, () => size(`an offset of ${what}`));
        if (offsets.length !== 2) fail(`data_offsets of ${what} must be two numbers, not ${offsets.length}`);
        entry.dataOffsets = offsets as [number, number];
      } else fail(`${what} must have dtype, shape and data_offsets only, not ${showValue(field)}`);
    });
    const { dtype, shape, dataOffsets } = entry;
    if (dtype === undefined) return fail(`${what} has no dtype`);
    if (shape === undefined) return fail(`${what} has no shape`);
    if (dataOffsets === undefined) return fail(`${what} has no data_offsets`);
    return { dtype, shape, dataOffsets };
  }

  if (text[0] !== "{") fail("the header must begin with {");
  let metadata: Map<string, string> | null = null;
  const all = object("the header", (name) => {
    if (name !== "__metadata__") return tensor(name);
    metadata = object(name, (key) => string(`${name} value of ${showValue(key)}`));
    return null;
  });
  if (/[^ ]/.test(text.slice(at))) fail("the header must be one JSON object, padded with spaces");
  const tensors = new Map<string, HeaderEntry>();
  for (const [name, entry] of all) if (entry !== null) tensors.set(name, entry);
  return { metadata, tensors };
}

/**
 * Finds where the JSON string that begins at a place ends (exclusive), -1 if it does not. A loop, as a regular
 * expression that also checks the escapes tries exponentially many ways on a string without end.
 */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const character = text[i];
    if (character === '"') return i + 1;
    if (character === "\\") i++;
  }
  return -1;
}

/** Returns the text of a JSON string, undefined if it has a control character or an escape that JSON has not. */
function parseString(raw: string): string | undefined {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
