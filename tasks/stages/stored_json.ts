/** Reading back the JSON files of a results folder: a file of another form is refused, by its name and key. */
import { decodeText } from "../../data/text/decode_text.ts";
import { isMapping } from "../config/is_mapping.ts";
import { fail, type Place } from "../config/place.ts";
import { errorMessage, ifMissing } from "../errors.ts";
import { readInsideFolder } from "../files/inside_folder.ts";

/** What a value must be; throws an error that names its path. */
export type Form = (value: unknown, place: Place) => void;

function form(expected: string, accepts: (value: unknown) => boolean): Form {
  return (value, place) => {
    if (!accepts(value)) fail(place, `expected ${expected}`, value);
  };
}

/** A number; JSON has no others than finite ones, but 1e999 is read as Infinity. */
export const NUMBER = form("a finite number", Number.isFinite);
/** A number from 0. */
export const COUNT = form(
  "a whole number from 0",
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
);
/** Any text. */
export const TEXT = form("text", (value) => typeof value === "string");
/** Anything that is in the file. */
export const ANYTHING: Form = form("a value", (value) => value !== undefined);

/** A value or null. */
export function nullOr(inner: Form): Form {
  return (value, place) => value === null || inner(value, place);
}

/** A value that may be left out. */
export function maybe(inner: Form): Form {
  return (value, place) => value === undefined || inner(value, place);
}

/** A list of values, of a given length if there is one. */
export function listOf(item: Form, length?: number): Form {
  const isList = form(
    `a list${length === undefined ? "" : ` of ${length}`}`,
    (value) => Array.isArray(value) && (length === undefined || value.length === length),
  );
  return (value, place) => {
    isList(value, place);
    (value as unknown[]).forEach((one, i) => item(one, { ...place, path: `${place.path}[${i}]` }));
  };
}

/** A mapping from names that the file chooses to values. */
export function mapOf(item: Form): Form {
  return (value, place) => {
    if (!isMapping(value)) fail(place, "expected an object", value);
    for (const key of Object.keys(value)) item(value[key], inside(place, key));
  };
}

/** An object with these keys; what others it has is not looked at. */
export function objectOf(keys: Readonly<Record<string, Form>>): Form {
  return (value, place) => {
    if (!isMapping(value)) fail(place, "expected an object", value);
    for (const key of Object.keys(keys)) keys[key]!(value[key], inside(place, key));
  };
}

function inside(place: Place, key: string): Place {
  return { ...place, path: place.path ? `${place.path}.${key}` : key };
}

/**
 * Parses the JSON of a file that a stage wrote.
 *
 * @param path The file's name, for errors.
 * @param expected What it must hold.
 * @throws Error naming the file, and the key if one is missing or of another form.
 */
export function parseStored<T>(text: string, path: string, expected: Form): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const rule = `the file of a stored stage must be JSON, ${(error as Error).message}`;
    throw new Error(errorMessage({ act: "read", subject: path, rule }), { cause: error });
  }
  expected(value, { path: "", sourceOf: () => path });
  return value as T;
}

/**
 * Reads a JSON file that a stage wrote.
 *
 * @throws As `parseStored` does, and if it cannot be read, is not UTF-8 or is a link that leads out of its folder.
 */
export async function readStoredFile<T>(path: string, expected: Form): Promise<T> {
  const bytes = await readInsideFolder(path, "the file of a stored stage");
  return parseStored(decodeText(bytes, path), path, expected);
}

/** As `readStoredFile`, but null if there is no such file. */
export async function readStoredIfThere<T>(path: string, expected: Form): Promise<T | null> {
  return await ifMissing(Deno.stat(path), null) === null ? null : await readStoredFile<T>(path, expected);
}
