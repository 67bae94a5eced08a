/** Reading back the JSON files of a results folder: a file of another form is refused, by its name and key. */
import type { Shape } from "../../data/schema/shapes.ts";
import { decodeText } from "../../data/text/decode_text.ts";
import { readShape } from "../config/place.ts";
import { errorMessage, ifMissing } from "../errors.ts";
import { readInsideFolder } from "../files/inside_folder.ts";

/**
 * Parses the JSON of a file that a stage wrote.
 *
 * @param path The file's name, for errors.
 * @param expected The form of its value.
 * @throws Error naming the file, and the key if one is missing or of another form.
 */
export function parseStored<T>(text: string, path: string, expected: Shape<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const rule = `the file of a stored stage must be JSON, ${(error as Error).message}`;
    throw new Error(errorMessage({ act: "read", subject: path, rule }), { cause: error });
  }
  return readShape(expected, value, { path: "", sourceOf: () => path });
}

/**
 * Reads a JSON file that a stage wrote.
 *
 * @throws As `parseStored` does, and if it cannot be read, is not UTF-8 or is a link that leads out of its folder.
 */
export async function readStoredFile<T>(path: string, expected: Shape<T>): Promise<T> {
  const bytes = await readInsideFolder(path, "the file of a stored stage");
  return parseStored(decodeText(bytes, path), path, expected);
}

/** Reads a JSON file as `readStoredFile` does; null if there is no such file. */
export async function readStoredIfThere<T>(path: string, expected: Shape<T>): Promise<T | null> {
  return await ifMissing(Deno.stat(path), null) === null ? null : await readStoredFile<T>(path, expected);
}
