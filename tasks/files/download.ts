/** Downloads that resume after a break and are checked against a hash. */
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fetchFailure } from "../../data/fetch_failure.ts";
import type { Progress } from "../../model/training/progress.ts";
import { ifMissing } from "../errors.ts";
import { replaceFile, syncFolder, writing } from "./durable_files.ts";
import { hashFile } from "./hash.ts";
import { type Answer, type Ask, ConnectionCut, refusal, refusalOf } from "./http.ts";

/** Options of {@link download}. */
export interface DownloadOptions {
  ask: Ask;
  /** Hash of the file; by default the one that the hub states. */
  sha256?: string | undefined;
  /** The name of the download in progress messages. */
  label: string;
  report: Progress;
  signal?: AbortSignal;
  /** Seconds between attempts. Default: 1, 4, 16. */
  pauses?: readonly number[];
  /** Seconds without a byte after which a connection counts as cut. Default: 60. */
  seconds?: number;
}

/** A downloaded file. */
export interface Downloaded {
  bytes: number;
  sha256: string;
  /** The commit of the file, if the hub stated it. */
  commit: string | null;
}

/**
 * Downloads a file. After a break, the received part is kept in `PATH.part` until the next attempt, in this process or
 * a later one. The next attempt continues it if the server says, by its ETag, that the file is still the same.
 *
 * @param url The address; https or http.
 * @param path The place of the file; it only ever holds a whole file.
 * @throws Error naming the address if the server refuses, the connection is cut each time, or the file has another
 * hash.
 */
export async function download(url: URL, path: string, options: DownloadOptions): Promise<Downloaded> {
  const { label, report, signal, pauses = [1, 4, 16] } = options;
  for (let tries = 0;; tries++) {
    try {
      return await tryOnce(url, path, options);
    } catch (error) {
      if (!(error instanceof ConnectionCut) || tries === pauses.length) throw error;
      const message = `${error.message}; tried again in ${pauses[tries]} s`;
      report({ stage: label, done: 0, total: 1, message });
      await delay(1000 * pauses[tries]!, undefined, { signal }).catch(() => signal!.throwIfAborted());
    }
  }
}

async function tryOnce(url: URL, path: string, options: DownloadOptions): Promise<Downloaded> {
  const { ask, signal } = options;
  const part = `${path}.part`;
  const tagPath = `${path}.part.etag`;
  const tag = await ifMissing(Deno.readTextFile(tagPath), null);
  const before = tag === null ? 0 : (await ifMissing(Deno.stat(part), null))?.size ?? 0;
  const resumed: Record<string, string> = before > 0 ? { range: `bytes=${before}-`, "if-range": tag! } : {};
  const answer = await ask(url, { "accept-encoding": "identity", ...resumed }, signal);
  const { response } = answer;
  const goesOn = response.status === 206 &&
    response.headers.get("content-range")?.startsWith(`bytes ${before}-`) === true &&
    // A server that does not know If-Range sends the rest of whatever file it has now.
    response.headers.get("etag") === tag;
  if (response.status !== 200 && !goesOn) {
    await response.body?.cancel();
    if (response.status === 416 || response.status === 206) {
      await ifMissing(Deno.remove(tagPath), undefined);
      throw new ConnectionCut(
        refusal(url, "the server has not the rest of the file; it is begun anew").message,
      );
    }
    const error = refusalOf(url, response);
    const isPassing = response.status >= 500 || response.status === 429;
    throw isPassing ? new ConnectionCut(error.message) : error;
  }
  const coding = response.headers.get("content-encoding") ?? "identity";
  if (coding !== "identity") {
    await response.body?.cancel();
    throw refusal(url, `the server must send the file as it is, its content-encoding is ${coding}`);
  }
  if (!goesOn) {
    // First, so that a part never stands beside the tag of another file.
    await ifMissing(Deno.remove(part), undefined);
    const etag = response.headers.get("etag");
    // A weak tag does not promise the same bytes.
    if (etag && !etag.startsWith("W/")) await replaceFile(tagPath, etag);
    else await ifMissing(Deno.remove(tagPath), undefined);
  }
  const from = goesOn ? before : 0;
  const total = promisedBytes(answer, from);
  const bytes = await receive(url, part, from, total, response, options);
  if (total !== null && bytes < total) {
    throw new ConnectionCut(refusal(url, `the connection was cut at byte ${bytes} of ${total}`).message);
  }
  const refuse = async (rule: string) => {
    await Deno.remove(part);
    await ifMissing(Deno.remove(tagPath), undefined);
    throw refusal(url, rule);
  };
  if (total !== null && bytes > total) {
    await refuse(`the file must have ${total} bytes, the server sends more`);
  }
  const expected = options.sha256 ?? answer.sha256;
  const { sha256 } = await hashFile(part);
  if (expected !== null && sha256 !== expected) {
    await refuse(`the file must have SHA-256 ${expected}, that of what came is ${sha256}`);
  }
  await writing(path, async () => {
    await Deno.rename(part, path);
    await ifMissing(Deno.remove(tagPath), undefined);
    await syncFolder(dirname(path));
  });
  return { bytes, sha256, commit: answer.commit };
}

/**
 * Returns the size of the whole file as the hub states it, else as the server that sends it does; null if neither does.
 */
function promisedBytes({ bytes, response: { headers } }: Answer, from: number): number | null {
  // A server may send less of the rest than was requested.
  const whole = headers.get("content-range")?.match(/\/(\d+)$/)?.[1];
  const length = headers.get("content-length");
  return bytes ?? (whole ? Number(whole) : length === null ? null : from + Number(length));
}

/**
 * Writes received bytes from a place in the file on, but no more than the file has.
 *
 * @returns The size of the file if everything received had been written.
 */
async function receive(
  url: URL,
  part: string,
  from: number,
  total: number | null,
  response: Response,
  { label, report, signal, seconds = 60 }: DownloadOptions,
): Promise<number> {
  using file = await writing(
    part,
    () => Deno.open(part, { write: true, create: true, truncate: from === 0 }),
  );
  await file.seek(from, Deno.SeekMode.Start);
  const reader = response.body!.getReader();
  let done = from;
  let timer: ReturnType<typeof setTimeout>;
  try {
    for (;;) {
      const silence = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no byte within ${seconds} s`)), 1000 * seconds);
      });
      const { value } = await Promise.race([reader.read(), silence]).catch((error) => {
        signal?.throwIfAborted();
        throw new ConnectionCut(refusal(url, `the connection was cut, ${fetchFailure(error)}`).message);
      }).finally(() => clearTimeout(timer));
      if (value === undefined) break;
      done += value.length;
      if (total !== null && done > total) return done;
      for (let rest = value; rest.length > 0;) {
        rest = rest.subarray(await writing(part, () => file.write(rest)));
      }
      report({ stage: label, done, total: Math.max(done, total ?? done + 1) });
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
  await file.sync();
  if (total === null) report({ stage: label, done, total: done });
  return done;
}
