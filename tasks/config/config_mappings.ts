/**
 * Shapes of configuration values that hold others: lists, mappings with declared keys, mappings with free names.
 */
import { nearestName } from "../errors.ts";
import { fail, type Keys, type Place, type Shape, type ValueOf } from "./config_schema.ts";

/** A list of values of one shape, at least one, none of them twice. */
export function list<T>(item: Shape<T>): Shape<T[]> {
  const expected = `a list, each ${item.expected}`;
  return {
    expected,
    read(value, place) {
      if (!Array.isArray(value) || value.length === 0) fail(place, `expected ${expected}`, value);
      const items = value.map((one, i) => item.read(one, { ...place, path: `${place.path}[${i}]` }));
      const repeated = items.findIndex((one, i) => items.indexOf(one) !== i);
      if (repeated >= 0) {
        fail({ ...place, path: `${place.path}[${repeated}]` }, "given twice", items[repeated]);
      }
      return items;
    },
  };
}

/** Text, or a mapping. */
export function textOr<T>(text: Shape<string>, mapping: Shape<T>): Shape<string | T> {
  return {
    keys: mapping.keys,
    expected: `${text.expected}, or ${mapping.expected}`,
    read(value, place) {
      if (isMapping(value)) return mapping.read(value, place);
      if (typeof value === "string") return text.read(value, place);
      fail(place, `expected ${text.expected}, or ${mapping.expected}`, value);
    },
  };
}

/** A mapping with the declared keys and no others. */
export function group<const K extends Keys>(keys: K): Shape<{ [P in keyof K]: ValueOf<K[P]> }> {
  type Result = { [P in keyof K]: ValueOf<K[P]> };
  return {
    expected: "a mapping",
    keys,
    read(value, place) {
      const given = readMapping(value, keys, place);
      const result: Record<string, unknown> = {};
      for (const [name, key] of Object.entries(keys)) {
        const at = inside(place, name);
        if (Object.hasOwn(given, name)) result[name] = key.read(given[name], at);
        else if (key.fallback) result[name] = key.read(key.fallback.value, at);
        else fail(at, `missing, expected ${key.expected} (${key.doc})`, undefined);
      }
      return result as Result;
    },
  };
}

/** A mapping with some of the declared keys; those left out stay left out. */
export function partial<const K extends Keys>(keys: K): Shape<{ [P in keyof K]?: ValueOf<K[P]> }> {
  type Result = { [P in keyof K]?: ValueOf<K[P]> };
  return {
    expected: `a mapping with some of the keys ${Object.keys(keys).join(", ")}`,
    read(value, place) {
      const given = readMapping(value, keys, place);
      const entries = Object.keys(given).map((
        name,
      ) => [name, keys[name]!.read(given[name], inside(place, name))]);
      return Object.fromEntries(entries) as Result;
    },
  };
}

/** A mapping from names that the file chooses to values of one shape. */
export function mapping<T>(name: string, item: Shape<T>): Shape<Record<string, T>> {
  return {
    expected: `a mapping from ${name} to ${item.expected}`,
    read(value, place) {
      if (!isMapping(value)) fail(place, `expected a mapping from ${name} to ${item.expected}`, value);
      const entries = Object.keys(value).map((key) => [key, item.read(value[key], inside(place, key))]);
      return Object.fromEntries(entries);
    },
  };
}

/** A mapping that is read later, when it is known what it replaces; null, as an empty one is written, is one too. */
export function anything(): Shape<Record<string, unknown>> {
  const expected = "a mapping of keys, or nothing";
  return {
    expected,
    read(value, place) {
      if (value !== null && !isMapping(value)) fail(place, `expected ${expected}`, value);
      return value ?? {};
    },
  };
}

function readMapping(value: unknown, keys: Keys, place: Place): Record<string, unknown> {
  if (!isMapping(value)) {
    fail(place, `expected a mapping with the keys ${Object.keys(keys).join(", ")}`, value);
  }
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(keys, name)) continue;
    const rule = `unknown key, known here are ${Object.keys(keys).join(", ")}`;
    const meant = nearestName(name, Object.keys(keys));
    fail(inside(place, name), rule, value[name], meant && inside(place, meant).path);
  }
  return value;
}

function inside(place: Place, name: string): Place {
  return { ...place, path: place.path ? `${place.path}.${name}` : name };
}

/** Whether a parsed YAML value is a mapping. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
