/**
 * Files in folders of models, encoders, data and stages that other people made: read only if they lie in the folder.
 */
import { dirname, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { errorMessage } from "../errors.ts";
import { type InputLimits, readInput } from "./read_input.ts";

/** A pattern for a snapshot in the Hugging Face hub's cache, whose files are links to `blobs` of the same model. */
const HUB_SNAPSHOT = /^(.*[\\/]models--[^\\/]+)[\\/]snapshots[\\/][^\\/]+$/;

/**
 * Finds the file that a path leads to, following symbolic links. It must lie in the path's own folder or, in the
 * Hugging Face hub's cache, in the model's folder. The folder itself may be a link, because its user named it.
 *
 * @returns The path without links; undefined if there is no such file.
 * @throws Error saying where a link leads, if it leads elsewhere.
 */
async function resolveInside(path: string): Promise<string | undefined> {
  let folder: string;
  let file: string;
  try {
    [folder, file] = await Promise.all([Deno.realPath(dirname(path)), Deno.realPath(path)]);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
  const home = HUB_SNAPSHOT.exec(folder)?.[1] ?? folder;
  if (file.startsWith(home.endsWith(sep) ? home : home + sep)) return file;
  throw new Error(`it must lie in ${home}, symbolic links included, current value is ${file}`);
}

/**
 * Reads a file of a folder.
 *
 * @param path The file.
 * @param what A name of the file for errors: "the training sentences".
 * @param limits The most that is read.
 * @throws Error naming the file if it is a link that leads out of its folder, or as `readInput` does.
 */
export async function readInsideFolder(
  path: string,
  what: string,
  limits?: InputLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  let file: string | undefined;
  try {
    file = await resolveInside(path);
  } catch (error) {
    const rule = error instanceof Error ? error.message : String(error);
    throw new Error(errorMessage({ act: "read", subject: path, rule }), { cause: error });
  }
  return await readInput(file ?? path, what, limits);
}

/** Fetches an address for `openFolder`; a local file is read only if it lies in its folder. */
export async function fetchInsideFolder(url: URL): Promise<Response> {
  if (url.protocol !== "file:") return await fetch(url);
  const file = await resolveInside(fileURLToPath(url));
  return await fetch(file === undefined ? url : pathToFileURL(file));
}
