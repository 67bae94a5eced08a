/**
 * Results of stages, stored in folders that are named by a hash of everything that went into them: equal stages
 * run once, and a folder that is there is whole.
 */
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Shape } from "../../data/schema/shapes.ts";
import { decodeText } from "../../data/text/decode_text.ts";
import toolkit from "../../deno.json" with { type: "json" };
import type { Engine } from "../../model/engine/engine.ts";
import type { Code } from "../code/module_code.ts";
import { ifMissing } from "../errors.ts";
import { isReadOnly, makeFolder, syncFolder, writeDurably, writing } from "../files/durable_files.ts";
import { canonicalJson, sha256 } from "../files/hash.ts";
import { checkContents, checkSizes, type FileList, listFiles, readListed } from "./file_list.ts";
import { instructionSets } from "./instruction_sets.ts";
import { STAGE_RECORD } from "./stored_forms.ts";
import { parseStored, readStoredFile } from "./stored_json.ts";

/** Everything that a stage's result depends on. */
export interface StageSpec {
  /** What is done: "pretrain". */
  stage: string;
  /** Hashes of what it reads, by name: data files, the encoder, the keys of earlier stages. */
  inputs: Readonly<Record<string, string>>;
  /** The part of the configuration that matters to it, seed and engine included; plain data. */
  config: unknown;
  /** The code that makes it: hashes of modules by path. */
  code: Code;
}

/** What `stage.json` says about a stored result. */
export interface StageRecord extends Omit<StageSpec, "code"> {
  /** The hashes of its code; what was stored before results were kept by their code has none. */
  code?: StageSpec["code"];
  /** The hash of the specification and the toolkit's version. */
  key: string;
  /** What it was made on: see `versionsOf`. */
  versions: Readonly<Record<string, string>>;
  /** When the stage began, ISO 8601. */
  startedAt: string;
  /** How long it ran, in all processes that it was stopped in and went on in. */
  wallSeconds: number;
  /** All other files of the folder. */
  files: FileList;
}

/** A stored result. */
export interface StoredStage {
  /** The folder with the stage's files and `stage.json`. */
  dir: string;
  record: StageRecord;
  /** Whether the folder was there before. */
  isReused: boolean;
}

/** Options of `runStage`. */
export interface RunStageOptions extends WaitOptions {
  /** Versions, for the record only; see `versionsOf`. */
  versions?: Readonly<Record<string, string>>;
  /** Whether to wait for a process that runs the same stage; true unless told. */
  wait?: boolean;
  /** ISO 8601: a stored result that was begun earlier is replaced when there is a new one. */
  since?: string | undefined;
}

/** What may change a bit of a result besides its specification: versions, threads, the processor. */
export function versionsOf(engine: Engine): Record<string, string> {
  const { deno, v8 } = Deno.version;
  const { os, arch } = Deno.build;
  return {
    toolkit: toolkit.version,
    deno,
    v8,
    engine: engine.version,
    system: `${os} ${arch}`,
    instructions: instructionSets(),
  };
}

/** The folder of a store with drafts, checkpoints and locks. */
const UNFINISHED = ".unfinished";

/** Milliseconds between two looks whether another process has come to the end of a stage. */
const LOOK_EVERY = 200;

/** Thrown instead of waiting for another process. */
export class StageBusy extends Error {
  /**
   * @param what The stage.
   * @param owner Id of the process that runs it; empty if it has not come to write it yet.
   * @param lock The file that it holds locked.
   */
  constructor(readonly what: string, readonly owner: string, readonly lock: string) {
    super(`${owner ? `process ${owner}` : "another process"} runs the ${what}`);
  }
}

/** Who is told of waiting, and what ends it. */
export interface WaitOptions {
  /** Is called once with a text if another process, not this one, runs the stage. */
  onWait?: (message: string) => void;
  signal?: AbortSignal;
}

/**
 * Waits until one of some stages is not run any more, whatever came of it.
 *
 * @throws The signal's reason when it ends the waiting.
 */
export async function oneEnded(busy: readonly StageBusy[], { onWait, signal }: WaitOptions): Promise<void> {
  // What another job of this process is at is shown anyway.
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
 * The hash that a stage's result is stored under: SHA-256 of its canonical JSON and the toolkit's version.
 *
 * @param spec What the stage does; the order of keys does not matter.
 * @throws Error if the configuration holds something that JSON cannot say exactly.
 */
export function stageKey(spec: StageSpec): Promise<string> {
  const { stage, inputs, config, code } = spec;
  return sha256(canonicalJson({ stage, inputs, config, code, toolkit: toolkit.version }));
}

/**
 * The folder of a stage's result, whether it is there or not.
 *
 * @param store The store's folder.
 */
export async function stageDir(store: string, spec: StageSpec): Promise<string> {
  return join(store, `${spec.stage}-${(await stageKey(spec)).slice(0, 16)}`);
}

/**
 * Reads a stored result.
 *
 * @param store The store's folder.
 * @param spec What the stage does.
 * @param since ISO 8601: a result that was begun earlier counts as none.
 * @returns The result, or undefined if the stage has not been run to its end.
 * @throws Error if the folder is there without a valid `stage.json` of this stage, or a file is missing or cut.
 */
export async function findStage(
  store: string,
  spec: StageSpec,
  since?: string,
): Promise<StoredStage | undefined> {
  const dir = await stageDir(store, spec);
  const path = join(dir, "stage.json");
  let record: StageRecord;
  const info = await ifMissing(Deno.stat(dir), null);
  if (info === null) return undefined;
  try {
    if (!info.isDirectory) throw new Error("it is not a folder");
    record = await readStoredFile(path, STAGE_RECORD);
    if (record.key !== await stageKey(spec)) throw new Error("it belongs to another stage");
    await checkSizes(dir, record.files);
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    const rule = "a stored stage must have its own stage.json; remove the folder to run the stage again";
    throw new Error(`Cannot use "${dir}" at ${path}: ${rule} (${reason})`, { cause: error });
  }
  return since === undefined || record.startedAt >= since ? { dir, record, isReused: true } : undefined;
}

/** Folders whose files were compared with their hashes: once in a process is enough. */
const checked = new Set<string>();

/**
 * Compares all files of a stored stage with the hashes that were stored with it.
 *
 * @throws Error naming the first that differs.
 */
export async function checkStored({ dir, record }: StoredStage): Promise<void> {
  if (checked.has(dir)) return;
  await checkContents(dir, record.files);
  checked.add(dir);
}

/**
 * Removes the checkpoint of a stored stage, and the result that it replaced: whoever stored it may have been killed before
 * it came to this. In a store that is read-only they stay, as nobody needs them.
 */
export async function removeLeftovers({ dir }: StoredStage): Promise<void> {
  const draft = join(dirname(dir), UNFINISHED, basename(dir));
  try {
    for (const kind of ["checkpoint", "old"]) await removeFolder(`${draft}.${kind}`);
  } catch (error) {
    if (!isReadOnly(error)) throw error;
  }
}

/**
 * Reads a text of a stored stage.
 *
 * @throws Error if it is not the file that was stored, or not UTF-8.
 */
export async function readStoredText({ dir, record }: StoredStage, name: string): Promise<string> {
  return decodeText(await readListed(dir, record.files, name), join(dir, name));
}

/**
 * Reads JSON of a stored stage.
 *
 * @param expected What it must hold.
 * @throws As `readStoredText` does, and naming the key that is missing or of another form.
 */
export async function readStored<T>(stored: StoredStage, name: string, expected: Shape<T>): Promise<T> {
  return parseStored(await readStoredText(stored, name), join(stored.dir, name), expected);
}

/**
 * Gives a stage's result: the stored one, or a new one, which appears in the store only when it is whole.
 *
 * Two processes never run the same stage at once: the second waits and takes the first one's result. The lock is
 * the operating system's, so that it goes away with the process that holds it, however that ends.
 *
 * @param store The store's folder; it is made if it is not there.
 * @param spec What the stage does.
 * @param work Writes the stage's files into the folder that it is given. If it throws, nothing is stored. A second
 * folder, which it may make, is its own to come back to: it outlives the process and goes when the stage is stored. It
 * may return the seconds that it had run in earlier processes.
 * @returns The folder and its record.
 * @throws `StageBusy` if another process runs the stage and is not to be waited for; the signal's reason when it ends the
 * waiting; if the store cannot be written.
 */
export async function runStage(
  store: string,
  spec: StageSpec,
  work: (dir: string, checkpoint: string) => Promise<number | void>,
  options: RunStageOptions = {},
): Promise<StoredStage> {
  const dir = await stageDir(store, spec);
  const unfinished = join(store, UNFINISHED);
  const draft = join(unfinished, basename(dir));
  const checkpoint = `${draft}.checkpoint`;
  const old = `${draft}.old`;
  const { since } = options;
  const found = await findStage(store, spec, since);
  if (found) return found;
  const lockPath = `${draft}.lock`;
  await makeFolder(unfinished);
  using lock = await writing(store, () => Deno.open(lockPath, { create: true, write: true, read: true }));
  await takeLock(lock, lockPath, `${spec.stage} stage in ${dir}`, options);
  await writing(store, () => restore(old, dir));
  const finishedMeanwhile = await findStage(store, spec, since);
  if (finishedMeanwhile) return finishedMeanwhile;

  await writing(store, async () => {
    // What a killed run left; nobody writes there now, as this process holds the lock.
    await removeFolder(draft);
    await Deno.mkdir(draft);
  });
  const start = performance.now();
  const startedAt = new Date().toISOString();
  try {
    const secondsBefore = await work(draft, checkpoint) ?? 0;
    const { stage, inputs, config, code } = spec;
    const record: StageRecord = {
      key: await stageKey(spec),
      stage,
      inputs,
      config,
      code,
      versions: { toolkit: toolkit.version, deno: Deno.version.deno, ...options.versions },
      startedAt,
      wallSeconds: Math.round(1000 * secondsBefore + performance.now() - start) / 1000,
      files: await listFiles(draft),
    };
    await writing(store, async () => {
      await writeDurably(join(draft, "stage.json"), JSON.stringify(record, null, 2) + "\n");
      await syncFolder(draft);
      // No folder takes the place of one with files: whoever is stopped between the two finds the old one in `old`.
      await ifMissing(Deno.rename(dir, old), undefined);
      await Deno.rename(draft, dir);
      await syncFolder(store);
    });
    checked.add(dir);
    await removeFolder(old);
    await removeFolder(checkpoint);
    return { dir, record, isReused: false };
  } catch (error) {
    // What cannot be put right now is put right before the stage is run again.
    await restore(old, dir).catch(() => {});
    await removeFolder(draft).catch(() => {});
    throw error;
  }
}

/** Puts a result back that was to be replaced; if it was, it goes. */
async function restore(old: string, dir: string): Promise<void> {
  if (await ifMissing(Deno.stat(dir), null) === null) await ifMissing(Deno.rename(old, dir), undefined);
  else await removeFolder(old);
}

/** Locks the file, and writes this process's id into it for whoever has to wait. */
async function takeLock(
  lock: Deno.FsFile,
  path: string,
  what: string,
  { wait = true, ...options }: RunStageOptions,
): Promise<void> {
  while (!await lock.tryLock(true)) {
    const busy = new StageBusy(what, new TextDecoder().decode(await readAll(lock)).trim(), path);
    if (!wait) throw busy;
    // Not by `lock.lock()`, which nothing but the other process could end.
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

async function removeFolder(path: string): Promise<void> {
  await ifMissing(Deno.remove(path, { recursive: true }), undefined);
}
