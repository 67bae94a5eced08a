/** Files that a program writes into a folder again and again, next to files of other people. */
import { dirname, join } from "node:path";
import { ifMissing } from "../errors.ts";
import { replaceFile, syncFolder, writing } from "./durable_files.ts";
import { hashFile, sha256 } from "./hash.ts";

/** The SHA-256 of each file's content; while a file is being replaced, those of the old and the new content. */
type Written = Record<string, string[]>;

/**
 * Writes files into a folder and removes the files of an earlier call that are no longer among them. Files of other
 * origin are left alone, and so are files that were changed since.
 *
 * @param folder Made if it does not exist.
 * @param list Name of the file in the folder that lists what was written, with the hash of each file.
 * @param files Contents by path in the folder, as in `tables/ai.csv`.
 * @throws Error naming the file that cannot be written.
 */
export async function replaceOwnFiles(
  folder: string,
  list: string,
  files: ReadonlyMap<string, string>,
): Promise<void> {
  const hashes: Written = {};
  for (const [path, content] of files) hashes[path] = [await sha256(content)];
  const before = await readList(join(folder, list));
  const folders = new Set([".", ...[...files.keys()].map((path) => dirname(path))]);
  for (const one of folders) {
    await writing(join(folder, one), () => Deno.mkdir(join(folder, one), { recursive: true }));
  }
  // Until all is done the list has both hashes, so that the next call recognises whatever a crash leaves behind.
  const both = { ...before };
  for (const [path, [hash]] of Object.entries(hashes)) {
    both[path] = [...new Set([...before[path] ?? [], hash!])];
  }
  const write = (written: Written) =>
    replaceFile(join(folder, list), JSON.stringify(written, null, 2) + "\n");
  await write(both);
  // Removes first, because some systems take "AI.csv" and "ai.csv" for the same file.
  for (const [path, known] of Object.entries(before)) {
    if (!files.has(path)) await removeUnchanged(folder, path, known);
  }
  for (const [path, content] of files) {
    if (await hashAt(join(folder, path)) !== hashes[path]![0]) await replaceFile(join(folder, path), content);
  }
  await write(hashes);
}

/** Reads the list of an earlier call; returns an empty one if it is missing or damaged. */
async function readList(path: string): Promise<Written> {
  const text = await ifMissing(Deno.readTextFile(path), "{}");
  try {
    const listed: [string, unknown][] = Object.entries(JSON.parse(text));
    return Object.fromEntries(listed.filter(isEntry));
  } catch {
    return {};
  }
}

function isEntry(entry: [string, unknown]): entry is [string, string[]] {
  const [path, hashes] = entry;
  return isInside(path) && Array.isArray(hashes) && hashes.every((hash) => typeof hash === "string");
}

/** Tells whether a path leads to a file in the folder or its subfolders, on any system. */
function isInside(path: string): boolean {
  return path.split("/").every((name) => !["", ".", ".."].includes(name) && !/[\\:]/.test(name));
}

async function removeUnchanged(folder: string, path: string, known: readonly string[]): Promise<void> {
  const file = join(folder, path);
  const hash = await hashAt(file);
  if (hash === null || !known.includes(hash)) return;
  await writing(file, () => Deno.remove(file));
  await syncFolder(dirname(file));
}

/** Returns the hash of a file; null if there is none. A link counts as none: its target belongs to somebody else. */
async function hashAt(path: string): Promise<string | null> {
  const info = await ifMissing(Deno.lstat(path), null);
  return info?.isFile ? (await hashFile(path)).sha256 : null;
}
