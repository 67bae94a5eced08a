/** Every operation that changes files, watched: to fail, or to be killed, at any of them. */

/** An operation that is about to happen; "write half": half of the bytes are written. */
export interface FileOperation {
  name: "mkdir" | "open" | "write" | "write half" | "sync" | "rename" | "remove";
  path: string;
  /** Where something is renamed to. */
  to?: string;
}

/**
 * Calls `watch` before every operation that changes files, until it is disposed of; what it throws, the operation
 * throws.
 *
 * Replaces functions of `Deno` itself, so that no caller can be forgotten and the toolkit needs no hooks for tests.
 */
export function watchFiles(watch: (operation: FileOperation) => void): Disposable {
  const { open, openSync, mkdir, rename, remove, writeFile, writeTextFile, copyFile } = Deno;
  const prototype = Deno.FsFile.prototype;
  const { write, sync } = prototype;
  const paths = new WeakMap<Deno.FsFile, string>();

  const watched = {
    async open(path: string, options: Deno.OpenOptions = { read: true }) {
      const changes = options.write || options.append || options.create;
      if (changes) watch({ name: "open", path });
      const file = await open(path, options);
      // Also of folders, which are opened for reading and synced.
      paths.set(file, path);
      return file;
    },
    openSync(path: string, options: Deno.OpenOptions = { read: true }) {
      if (options.write || options.append || options.create) watch({ name: "open", path });
      return openSync(path, options);
    },
    async mkdir(path: string, options?: Deno.MkdirOptions) {
      watch({ name: "mkdir", path });
      await mkdir(path, options);
    },
    async rename(from: string, to: string) {
      watch({ name: "rename", path: from, to });
      await rename(from, to);
    },
    async remove(path: string, options?: Deno.RemoveOptions) {
      watch({ name: "remove", path });
      await remove(path, options);
    },
    // As a write of which nobody knows how far it has come, and when the disk has it.
    async writeFile(path: string, bytes: Uint8Array) {
      watch({ name: "open", path });
      await writeFile(path, bytes.subarray(0, bytes.length >> 1));
      watch({ name: "write half", path });
      await writeFile(path, bytes);
    },
    writeTextFile: (path: string, text: string) => watched.writeFile(path, new TextEncoder().encode(text)),
    copyFile: async (from: string, to: string) => await watched.writeFile(to, await Deno.readFile(from)),
  };
  Object.assign(Deno, watched);
  prototype.write = async function (bytes) {
    const path = paths.get(this);
    if (path === undefined) return await write.call(this, bytes);
    watch({ name: "write", path });
    if (bytes.length < 2) return await write.call(this, bytes);
    const written = await write.call(this, bytes.subarray(0, bytes.length >> 1));
    watch({ name: "write half", path });
    return written;
  };
  prototype.sync = async function () {
    const path = paths.get(this);
    if (path !== undefined) watch({ name: "sync", path });
    await sync.call(this);
  };
  return {
    [Symbol.dispose]() {
      Object.assign(Deno, { open, openSync, mkdir, rename, remove, writeFile, writeTextFile, copyFile });
      Object.assign(prototype, { write, sync });
    },
  };
}

/** An error as the system gives it. */
export function systemError(code: "ENOSPC" | "EROFS" | "EIO"): Error {
  return Object.assign(new Error(`${code} (made by a test)`), { code });
}
