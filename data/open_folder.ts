import { fetchFailure } from "./fetch_failure.ts";
import { readAddress } from "./read_address.ts";
import { showValue } from "./show_value.ts";
import { workingFolder } from "./working_folder.ts";

/** A folder of readable files, local or remote. */
export interface Folder {
  /** Address of the folder, for messages. */
  readonly location: string;
  /** Returns the address of one of its files, or of the folder for "". Throws if the name leads out of the folder. */
  url(name: string): URL;
  /** Reads a whole file. */
  readBytes(name: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Reads a file as UTF-8 text; a byte order mark is left out. */
  readText(name: string): Promise<string>;
  /** Reads a file as JSON. */
  readJson(name: string): Promise<unknown>;
  /** Tells whether the folder has this file. */
  has(name: string): Promise<boolean>;
}

/** Options of {@linkcode openFolder}. */
export interface OpenFolderOptions {
  /** Folder that relative paths start from, as a URL. Default: the process's working folder; a browser has none. */
  base?: string | URL | undefined;
  /** Address of the model hub. Default: `https://huggingface.co`. */
  endpoint?: string;
  /** Revision of a model on the hub. Default: `main`. */
  revision?: string | undefined;
  /** The file that marks a plain name such as `models/tagger` as a local folder. Default: `config.json`. */
  probe?: string;
  /** Reads an address. Default: `readAddress`, which reads local files and fetches all others. */
  fetch?: ((url: URL) => Promise<Response>) | undefined;
}

const HUB_NAME = /^[\w.-]+(\/[\w.-]+)?$/;
const WINDOWS_DRIVE = /^[a-z]:[\\/]/i;

/** Makes a `file:` URL from a local path; characters that mean something in a URL (`#`, `?`, `%`) are kept as such. */
function pathToFileUrl(path: string, base: string | URL | undefined): URL {
  const encode = (path: string) => path.split("/").map(encodeURIComponent).join("/");
  if (WINDOWS_DRIVE.test(path)) {
    return new URL(`file:///${path.slice(0, 2)}${encode(path.slice(2).replaceAll("\\", "/"))}`);
  }
  if (path.startsWith("/")) return new URL(`file://${encode(path)}`);
  if (base === undefined) {
    throw new Error(`Cannot open "${path}": a relative path needs a base folder, current base is undefined`);
  }
  return new URL(encode(path), asFolder(base));
}

/** Returns a folder's URL with a final slash, so that file names are resolved inside it. */
function asFolder(url: string | URL): URL {
  const folder = new URL(url);
  if (!folder.pathname.endsWith("/")) folder.pathname += "/";
  return folder;
}

/** Tells whether a part of a path names an entry of its folder on any system, both as written and decoded. */
function isPlainName(part: string): boolean {
  // deno-lint-ignore no-control-regex
  return !/^\.{0,2}$|[\\\x00-\x1f]|%(2e|2f|5c)/i.test(part);
}

function folderAt(url: URL, read: (url: URL) => Promise<Response>, remark = ""): Folder {
  const urlOf = (name: string) => {
    if (name !== "" && !name.split("/").every(isPlainName)) {
      throw new Error(
        `Cannot open ${showValue(name)} at ${url}: a file's name must not lead out of its folder, ` +
          `current value is ${showValue(name)}`,
      );
    }
    return new URL(name.split("/").map(encodeURIComponent).join("/"), url);
  };
  const cannotRead = (name: string, reason: string, cause?: unknown) =>
    new Error(`Cannot read "${name}" at ${urlOf(name)}: ${reason}${remark}`, { cause });

  async function response(name: string): Promise<Response> {
    let answer: Response;
    try {
      answer = await read(urlOf(name));
    } catch (error) {
      throw cannotRead(name, fetchFailure(error), error);
    }
    if (answer.ok) return answer;
    await answer.body?.cancel();
    throw cannotRead(name, `the server answered ${answer.status} ${answer.statusText}`.trimEnd());
  }
  async function readBytes(name: string) {
    const answer = await response(name);
    try {
      return new Uint8Array(await answer.arrayBuffer());
    } catch (error) {
      throw cannotRead(name, fetchFailure(error), error);
    }
  }
  async function readText(name: string) {
    const bytes = await readBytes(name);
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch (error) {
      throw cannotRead(name, "the file must be UTF-8 text", error);
    }
  }
  return {
    location: url.href,
    url: urlOf,
    readBytes,
    readText,
    async readJson(name) {
      const text = await readText(name);
      try {
        return JSON.parse(text);
      } catch (error) {
        throw cannotRead(name, `the file must be JSON: ${(error as Error).message}`, error);
      }
    },
    async has(name) {
      let answer: Response;
      try {
        answer = await read(urlOf(name));
      } catch (error) {
        // For a missing file fetch says only that it cannot be opened; over the network a failure answers nothing, and
        // neither does a permission that was not granted.
        if (url.protocol === "file:" && error instanceof TypeError) return false;
        throw cannotRead(name, fetchFailure(error), error);
      }
      await answer.body?.cancel();
      if (answer.ok) return true;
      if (answer.status === 404 || answer.status === 410) return false;
      throw cannotRead(name, `the server answered ${answer.status} ${answer.statusText}`.trimEnd());
    },
  };
}

/**
 * Opens a folder by local path, URL or name on the model hub.
 *
 * A `URL` or text with a scheme (`https:`, `http:`, `file:`) is an address. A path that begins with `/`, `./`, `../` or
 * a drive letter is local, and so is one that cannot be a hub name, such as `results/stages/a`. Any other name, such as
 * `google-bert/bert-base-cased`, is the local folder of that name below `base` if the file `probe` can be read there,
 * since its owner sees it and it needs no network; otherwise it is a model on the hub:
 * `ENDPOINT/NAME/resolve/REVISION/FILE`. Nothing is downloaded until a file is read.
 *
 * @param location Path, address or hub name.
 * @param options The start of relative paths, the hub and the revision.
 * @returns The folder. Its methods reject with `Cannot read "FILE" at URL: …`.
 * @throws {Error} If a relative path has no base, as in a browser, or the text is neither a path, an address nor a hub
 * name.
 */
export async function openFolder(location: string | URL, options: OpenFolderOptions = {}): Promise<Folder> {
  const {
    base = workingFolder(),
    endpoint = "https://huggingface.co",
    revision = "main",
    probe = "config.json",
  } = options;
  const read = options.fetch ?? readAddress;
  if (location instanceof URL || /^[a-z][a-z0-9+.-]+:/i.test(location)) {
    return folderAt(asFolder(location), read);
  }
  if (/^(\/|\.\.?(\/|$))/.test(location) || WINDOWS_DRIVE.test(location)) {
    return folderAt(asFolder(pathToFileUrl(location, base)), read);
  }
  const local = base === undefined ? undefined : folderAt(asFolder(pathToFileUrl(location, base)), read);
  const isHubName = HUB_NAME.test(location);
  // Without a base the caller may not have meant a folder, nor allowed a search for one.
  const isThere = (folder: Folder) =>
    options.base === undefined ? folder.has(probe).catch(() => false) : folder.has(probe);
  if (local !== undefined && (!isHubName || await isThere(local))) return local;
  if (!isHubName) {
    throw new Error(
      `Cannot open "${location}": expected a path, an address or a hub name such as google-bert/bert-base-cased`,
    );
  }
  const hub = new URL(`${location}/resolve/${encodeURIComponent(revision)}/`, asFolder(endpoint));
  const tried = local === undefined ? "" : ` (taken for a hub name, as there is no ${local.url(probe)})`;
  return folderAt(hub, read, tried);
}
