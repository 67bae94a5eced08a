/** Lists of a folder's files with sizes and hashes, which tell whether the files are whole. */
import { basename, join } from "node:path";
import { errorMessage, ifMissing } from "../errors.ts";
import { writing } from "../files/durable_files.ts";
import { hashFile, sha256 } from "../files/hash.ts";
import { readInsideFolder } from "../files/inside_folder.ts";

/** Size and SHA-256 of files by name. */
export type FileList = Readonly<Record<string, { bytes: number; sha256: string }>>;

/**
 * Lists the files of a folder once they are safely on disk.
 *
 * @throws Error if it holds anything other than files.
 */
export async function listFiles(folder: string): Promise<FileList> {
  const list: Record<string, { bytes: number; sha256: string }> = {};
  const entries = await Array.fromAsync(Deno.readDir(folder));
  for (const { name, isFile } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, name);
    if (!isFile) throw new Error(errorMessage({ act: "store", subject: path, rule: "it must be a file" }));
    await writing(path, async () => {
      using file = await Deno.open(path, { read: true, write: true });
      await file.sync();
    });
    list[name] = await hashFile(path);
  }
  return list;
}

/**
 * Checks that the files of a list are there and have their sizes, which is quick and detects truncated files.
 *
 * @throws Error naming the first file that differs from the list.
 */
export async function checkSizes(folder: string, list: FileList): Promise<void> {
  for (const [name, { bytes }] of Object.entries(list)) {
    const path = pathIn(folder, name);
    const info = await ifMissing(Deno.stat(path), null);
    if (info?.size !== bytes) throw unlike(path, `${bytes} bytes`, info?.size ?? "none");
  }
}

/**
 * Reads a file of a list.
 *
 * @throws Error if its content differs from the list.
 */
export async function readListed(
  folder: string,
  list: FileList,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const path = pathIn(folder, name);
  if (!Object.hasOwn(list, name)) throw unlike(path, "listed", "not listed");
  const listed = list[name]!;
  // A listed file may be longer than any text: the state of a BERT-base in training has 1.3 GB.
  const bytes = await readInsideFolder(path, "the stored file", { maxBytes: listed.bytes });
  const found = await sha256(bytes);
  if (found !== listed.sha256) throw unlike(path, `SHA-256 ${listed.sha256}`, found);
  return bytes;
}

/**
 * Checks the contents of all files of a list.
 *
 * @throws As `readListed` does.
 */
export async function checkContents(folder: string, list: FileList): Promise<void> {
  for (const name of Object.keys(list)) await readListed(folder, list, name);
}

/** Returns the path of a listed file; a list may come from anywhere, so its names must not lead out of the folder. */
function pathIn(folder: string, name: string): string {
  if (name !== basename(name) || name === ".." || name === "." || name === "" || name.includes("\\")) {
    const rule = "a listed file must have a plain name";
    throw new Error(errorMessage({ act: "use", subject: folder, rule, value: name }));
  }
  return join(folder, name);
}

function unlike(path: string, listed: string, value: unknown): Error {
  return new Error(
    errorMessage({ act: "use", subject: path, rule: `it must be as it was stored, ${listed}`, value }),
  );
}
