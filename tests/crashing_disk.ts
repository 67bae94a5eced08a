/**
 * A disk as it is after the machine went down: bytes of a file are there for sure once the file was synced, and a name
 * in a folder, new or renamed, once the folder was. The worst that can be: all others are lost.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { type FileOperation, watchFiles } from "./file_operations.ts";

/** What may be lost: names, the bytes of files, or both. */
export const LOSSES = ["names", "bytes", "names and bytes"] as const;

export type Loss = typeof LOSSES[number];

/** A name that its folder's disk may not have: of something made, or moved there. */
interface NewName {
  path: string;
  /** Where it was before, and the file that it took the place of. */
  moved?: { from: string; replaced: Uint8Array | null };
}

const OVER = "nothing more";

/** Follows what is written, so that it can be lost. */
export interface CrashingDisk {
  watch(operation: FileOperation): void;
  /** Loses what nobody waited for; `at` says where what was written at a path lies, if not there. */
  lose(loss: Loss, at?: (path: string) => string): void;
}

export function createCrashingDisk(): CrashingDisk {
  let names: NewName[] = [];
  let unsynced = new Set<string>();

  function made(path: string): void {
    if (existsSync(path)) return;
    if (!existsSync(dirname(path))) made(dirname(path));
    names.push({ path });
  }

  function renamed(path: string, to: string): void {
    const replaced = existsSync(to) && Deno.statSync(to).isFile ? Deno.readFileSync(to) : null;
    names = names.filter((name) => name.path !== to).map(movedBy(path, to));
    unsynced = new Set([...unsynced].map((file) => movedPath(file, path, to)));
    names.push({ path: to, moved: { from: path, replaced } });
  }

  return {
    watch({ name, path, to }) {
      if (name === "mkdir" || name === "open") made(path);
      if (name === "rename") renamed(path, to!);
      if (name === "write" || name === "write half") unsynced.add(path);
      if (name === "sync") {
        unsynced.delete(path);
        names = names.filter((name) => dirname(name.path) !== path);
      }
      if (name === "remove") {
        names = names.filter((name) => !isWithin(name.path, path));
        unsynced = new Set([...unsynced].filter((file) => !isWithin(file, path)));
      }
    },
    lose(loss, at = (path) => path) {
      if (loss !== "names") {
        for (const file of unsynced) {
          if (existsSync(at(file))) Deno.truncateSync(at(file), Deno.statSync(at(file)).size >> 1);
        }
      }
      if (loss === "bytes") return;
      for (let left = names; left.length > 0;) {
        const { path, moved } = left.at(-1)!;
        left = left.slice(0, -1);
        if (!existsSync(at(path))) continue;
        if (moved === undefined) {
          Deno.removeSync(at(path), { recursive: true });
          continue;
        }
        Deno.renameSync(at(path), at(moved.from));
        if (moved.replaced) Deno.writeFileSync(at(path), moved.replaced);
        left = left.map(movedBy(path, moved.from));
      }
    },
  };
}

/**
 * Does something, and looks at what the disk would hold if the machine went down before any of its operations on files
 * but writes, and after it.
 *
 * @param folder An empty folder; it is made if it is not there.
 * @param act Writes into the folder that it is given, which is there for sure.
 * @param check Looks at a folder after a crash; `isOver` if `act` had come to its end.
 */
export async function crashAnywhere(
  folder: string,
  act: (root: string) => Promise<unknown>,
  check: (root: string, isOver: boolean) => Promise<void>,
): Promise<void> {
  const root = join(folder, "root");
  const disk = createCrashingDisk();
  const crashed: { copy: string; when: string }[] = [];
  let n = 0;
  const crash = (before: string) => {
    for (const loss of LOSSES) {
      const copy = join(folder, `crash ${n++}`);
      copyFolder(root, copy);
      disk.lose(loss, (path) => movedPath(path, root, copy));
      crashed.push({ copy, when: `before ${before} and lost ${loss}` });
    }
  };
  Deno.mkdirSync(root, { recursive: true });
  // Nothing really waits: many hundred times that would take minutes.
  const { sync } = Deno.FsFile.prototype;
  Deno.FsFile.prototype.sync = () => Promise.resolve();
  try {
    {
      using _ = watchFiles((operation) => {
        // A write that is not synced is lost anyway.
        if (!operation.name.startsWith("write")) crash(`${operation.name} ${operation.path}`);
        disk.watch(operation);
      });
      await act(root);
    }
    crash(OVER);
    for (const { copy, when } of crashed) {
      await check(copy, when.includes(OVER)).catch((error) => {
        throw new Error(`the machine went down ${when}: ${error}`, { cause: error });
      });
    }
  } finally {
    Deno.FsFile.prototype.sync = sync;
  }
}

function copyFolder(from: string, to: string): void {
  Deno.mkdirSync(to);
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    if (isDirectory) copyFolder(join(from, name), join(to, name));
    else Deno.copyFileSync(join(from, name), join(to, name));
  }
}

function movedBy(from: string, to: string): (name: NewName) => NewName {
  return ({ path, moved }) => ({
    path: movedPath(path, from, to),
    ...moved && { moved: { ...moved, from: movedPath(moved.from, from, to) } },
  });
}

function movedPath(path: string, from: string, to: string): string {
  return isWithin(path, from) ? to + path.slice(from.length) : path;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
