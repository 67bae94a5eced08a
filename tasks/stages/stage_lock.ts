/** Locks of stages, so that two processes never run the same one at once. */
import { setTimeout as delay } from "node:timers/promises";
import { writing } from "../files/durable_files.ts";

/** Milliseconds between two checks whether another process has ended a stage. */
const LOOK_EVERY = 200;

/** The error thrown instead of waiting for another process. */
export class StageBusy extends Error {
  /**
   * @param what The stage.
   * @param owner Id of the process that runs it; empty if it has not written it yet.
   * @param lock The file that it holds locked.
   */
  constructor(readonly what: string, readonly owner: string, readonly lock: string) {
    super(`${owner ? `process ${owner}` : "another process"} runs the ${what}`);
  }
}

/** Options of waiting for another process. */
export interface WaitOptions {
  /** Receives a message once if another process, not this one, runs the stage. */
  onWait?: (message: string) => void;
  signal?: AbortSignal;
}

/**
 * Waits until one of some stages has ended, whatever its outcome.
 *
 * @throws The signal's reason when it ends the waiting.
 */
export async function oneEnded(busy: readonly StageBusy[], { onWait, signal }: WaitOptions): Promise<void> {
  // The work of other jobs of this process is shown anyway.
  const other = busy.find(({ owner }) => owner !== String(Deno.pid));
  if (other) onWait?.(`Waiting for ${other.message.replace(" runs ", ", which runs ")}`);
  while (!(await Promise.all(busy.map(({ lock }) => isFree(lock)))).includes(true)) {
    await delay(LOOK_EVERY, undefined, { signal }).catch(() => signal!.throwIfAborted());
  }
}

async function isFree(path: string): Promise<boolean> {
  using lock = await Deno.open(path);
  return await lock.tryLock(true);
}

/**
 * Locks a file, and writes this process's id into it for processes that wait.
 *
 * @param what The stage that the lock is for.
 * @throws `StageBusy` if another process holds the lock and `wait` is false; the signal's reason when it ends the waiting.
 */
export async function takeLock(
  lock: Deno.FsFile,
  path: string,
  what: string,
  { wait = true, ...options }: WaitOptions & { wait?: boolean },
): Promise<void> {
  while (!await lock.tryLock(true)) {
    const busy = new StageBusy(what, new TextDecoder().decode(await readAll(lock)).trim(), path);
    if (!wait) throw busy;
    // `lock.lock()` would block until the other process ends, and no signal could stop it.
    await oneEnded([busy], options);
  }
  await writing(what, async () => {
    await lock.truncate();
    await lock.seek(0, Deno.SeekMode.Start);
    await lock.write(new TextEncoder().encode(`${Deno.pid}\n`));
  });
}

async function readAll(file: Deno.FsFile): Promise<Uint8Array> {
  const buffer = new Uint8Array(64);
  return buffer.subarray(0, await file.read(buffer) ?? 0);
}
