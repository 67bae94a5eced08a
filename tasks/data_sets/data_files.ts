/** The files of a data set, in any format. */
import { join } from "node:path";
import type { SourceFile } from "../../data/formats/data_record.ts";
import { decodeFile } from "../../data/formats/decode_file.ts";
import { FORMATS } from "../../data/formats/formats.ts";
import { readTagNames } from "../../data/formats/hf.ts";
import type { DataSetSettings } from "../../data/formats/read_settings.ts";
import { errorMessage } from "../errors.ts";
import { sha256 } from "../files/hash.ts";
import { readInsideFolder } from "../files/inside_folder.ts";
import { COLUMN_LIMITS, readInput, TEXT_LIMITS } from "../files/read_input.ts";

/** The file of one part, or all files of its folder, with one hash. */
export interface PartFiles {
  path: string;
  files: SourceFile[];
  sha256: string;
}

/**
 * Finds the file or folder of a part of a data set.
 *
 * @param part `train`, `dev`, `test`, or `all`, which is the folder itself where it holds a format's many files.
 * @returns Its path; undefined if there is none.
 */
export async function findPart(
  folder: string,
  part: string,
  { format, fileNames }: Pick<DataSetSettings, "format" | "fileNames">,
): Promise<string | undefined> {
  const given = Object.hasOwn(fileNames, part) ? fileNames[part] : undefined;
  const { endings } = FORMATS[format];
  const names = given !== undefined
    ? [given]
    : endings.length === 0
    ? [part]
    : endings.map((end) => part + end);
  for (const name of names) {
    const path = join(folder, name);
    if (await isThere(path, endings.length === 0 ? "isDirectory" : "isFile")) return path;
  }
  // A folder of documents that nobody has divided yet.
  const isWhole = part === "all" && endings.length === 0 && await isThere(folder, "isDirectory");
  return isWhole && (await Array.fromAsync(Deno.readDir(folder))).some(({ name }) => name.endsWith(".ann"))
    ? folder
    : undefined;
}

/** Returns the path that a part should have, for errors. */
export function expectedPart(folder: string, part: string, { format, fileNames }: DataSetSettings): string {
  return join(folder, fileNames[part] ?? part + (FORMATS[format].endings[0] ?? ""));
}

/**
 * Reads the files of a part.
 *
 * @param what Their name for errors: "the train sentences of ai".
 * @throws Error naming the file if it is missing, too large, a link out of its folder, or of another encoding.
 */
export async function readPart(path: string, what: string, settings: DataSetSettings): Promise<PartFiles> {
  const { format, encoding } = settings;
  if (FORMATS[format].endings.length > 0) {
    const isColumns = format === "columns" || format === "csv";
    const bytes = await readInsideFolder(path, what, isColumns ? COLUMN_LIMITS : TEXT_LIMITS);
    return { path, files: [decodeFile(bytes, path, encoding)], sha256: await sha256(bytes) };
  }
  const names: string[] = [];
  for await (const { name, isFile } of Deno.readDir(path)) {
    if (isFile && /\.(txt|ann)$/.test(name)) names.push(name);
  }
  const files: SourceFile[] = [];
  const hashes: string[] = [];
  for (const name of names.sort()) {
    const bytes = await readInsideFolder(join(path, name), what, TEXT_LIMITS);
    files.push(decodeFile(bytes, join(path, name), encoding));
    hashes.push(name, await sha256(bytes));
  }
  return { path, files, sha256: await sha256(hashes.join("\n")) };
}

/**
 * Completes settings with the names of tags: those of a JSON file that is named, or of label.json beside a data set.
 *
 * @throws Error naming the file if it is no list or mapping of names.
 */
export async function withTagNames(folder: string, settings: DataSetSettings): Promise<DataSetSettings> {
  const { format, tagNames } = settings;
  if (format !== "hf") return settings;
  if (tagNames !== null) {
    const [file] = tagNames;
    return tagNames.length === 1 && file!.endsWith(".json") ? await withNamesIn(file!, settings) : settings;
  }
  for (const path of [join(folder, "label.json"), join(folder, "..", "label.json")]) {
    if (await isThere(path, "isFile")) return await withNamesIn(path, settings);
  }
  return settings;
}

async function withNamesIn(path: string, settings: DataSetSettings): Promise<DataSetSettings> {
  const { text } = decodeFile(await readInput(path, "the names of tags", TEXT_LIMITS), path, "utf-8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const tagNames = readTagNames(value);
  if (tagNames !== undefined) return { ...settings, tagNames };
  const rule = "must be JSON: a list of tag names, or names with their numbers from 0";
  throw new Error(errorMessage({ act: "use", subject: path, rule }));
}

async function isThere(path: string, kind: "isFile" | "isDirectory"): Promise<boolean> {
  try {
    return (await Deno.stat(path))[kind];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}
