/** Files that are either whole or absent, whenever the process or the machine stops. */
import { dirname, resolve } from "node:path";
import { errorMessage, ifMissing } from "../errors.ts";

/**
 * Writes a file and waits until it is on the disk. A crash may leave a part of the file: readers must learn from
 * elsewhere that it is whole.
 */
export function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  return writing(path, async () => {
    using file = await Deno.open(path, { write: true, create: true, truncate: true });
    let bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    while (bytes.length > 0) bytes = bytes.subarray(await file.write(bytes));
    await file.sync();
  });
}

/** Replaces a file so that at any time either the old or the new one is there, whole. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  // Two processes may replace the same file, each with a whole one.
  const draft = `${path}.${Deno.pid}.tmp`;
  try {
    await writeDurably(draft, content);
    await writing(path, () => Deno.rename(draft, path));
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes a folder, with its parents, and waits until their names are on the disk; does nothing if it exists. */
export function makeFolder(path: string): Promise<void> {
  return writing(path, async () => {
    const missing: string[] = [];
    for (let folder = resolve(path); !await ifMissing(Deno.stat(folder), null); folder = dirname(folder)) {
      missing.push(folder);
    }
    await Deno.mkdir(path, { recursive: true });
    for (const folder of missing.reverse()) await syncFolder(dirname(folder));
  });
}

/** Waits until new, renamed and removed names in a folder are on the disk. */
export async function syncFolder(path: string): Promise<void> {
  // Windows does not open folders; it writes names in order by itself.
  if (Deno.build.os === "windows") return;
  await writing(path, async () => {
    using folder = await Deno.open(path, { read: true });
    await folder.sync();
  });
}

/** Runs an operation that writes; its errors name the path and the reason. */
export async function writing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw new Error(errorMessage({ act: "write", subject: path, rule: writeReason(error) }), {
      cause: error,
    });
  }
}

/**
 * Tells whether an error, or its cause, is that nothing may be written there: a read-only disk, another user's folder.
 */
export function isReadOnly(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return codeOf(error) === "EROFS" || error instanceof Deno.errors.PermissionDenied ||
    isReadOnly(error.cause);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as Error & { code?: string }).code : undefined;
}

function writeReason(error: unknown): string {
  const code = codeOf(error);
  const way = "make it writable, or name another folder";
  if (code === "ENOSPC" || code === "EDQUOT") return "there must be space left on the disk, there is none";
  if (code === "EROFS") return `the file system must be writable, it is read-only; ${way}`;
  if (error instanceof Deno.errors.PermissionDenied) {
    return `it must be writable, permission denied by the system; ${way}`;
  }
  if (error instanceof Deno.errors.NotFound) return "its folder must be there, it is gone";
  if (error instanceof Deno.errors.NotADirectory) {
    return "it must lie in a folder, a part of its path is a file";
  }
  if (error instanceof Deno.errors.NotCapable) {
    return `it must be allowed by a --allow flag of deno, ${error.message}`;
  }
  return `it could not be written, ${error instanceof Error ? error.message : error}`;
}
