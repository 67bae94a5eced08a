/**
 * Results of stages, stored in folders that are named by a hash of everything that went into them: equal stages
 * run once, and a folder that is there is whole.
 */
import { basename, join } from "node:path";
import toolkit from "../deno.json" with { type: "json" };
import { ifMissing } from "./errors.ts";
import { canonicalJson, sha256 } from "./hash.ts";
import { STAGE_RECORD } from "./stored_forms.ts";
import { readStored } from "./stored_json.ts";

/** Everything that a stage's result depends on. */
export interface StageSpec {
  /** What is done: "pretrain". */
  stage: string;
  /** Hashes of what it reads, by name: data files, the encoder, the keys of earlier stages. */
  inputs: Readonly<Record<string, string>>;
  /** The part of the configuration that matters to it, seed and engine included; plain data. */
  config: unknown;
}

/** What `stage.json` says about a stored result. */
export interface StageRecord extends StageSpec {
  /** The hash of the specification and the toolkit's version. */
  key: string;
  /** Versions of the toolkit, of Deno, and of what the caller names. */
  versions: Readonly<Record<string, string>>;
  /** When the stage began, ISO 8601. */
  startedAt: string;
  /** How long it ran. */
  wallSeconds: number;
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
export interface RunStageOptions {
  /** Versions of packages, for the record only. */
  versions?: Readonly<Record<string, string>>;
  /** Is called once with a text if another process runs the same stage and has to be waited for. */
  onWait?: (message: string) => void;
  /** Whether to wait for a process that runs the same stage; true unless told. */
  wait?: boolean;
}

/** Thrown instead of waiting for another process. */
export class StageBusy extends Error {}

/**
 * The hash that a stage's result is stored under: SHA-256 of its canonical JSON and the toolkit's version.
 *
 * @param spec What the stage does; the order of keys does not matter.
 * @throws Error if the configuration holds something that JSON cannot say exactly.
 */
export function stageKey(spec: StageSpec): Promise<string> {
  const { stage, inputs, config } = spec;
  return sha256(canonicalJson({ stage, inputs, config, toolkit: toolkit.version }));
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
 * @returns The result, or undefined if the stage has not been run to its end.
 * @throws Error if the folder is there without a valid `stage.json` of this stage.
 */
export async function findStage(store: string, spec: StageSpec): Promise<StoredStage | undefined> {
  const dir = await stageDir(store, spec);
  const path = join(dir, "stage.json");
  let record: StageRecord;
  const info = await ifMissing(Deno.stat(dir), null);
  if (info === null) return undefined;
  if (!info.isDirectory) throw new Error("not a folder");
  try {
    record = await readStored(path, STAGE_RECORD);
    if (record.key !== await stageKey(spec)) throw new Error("it belongs to another stage");
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    const rule = "a stored stage must have its own stage.json; remove the folder to run the stage again";
    throw new Error(`Cannot use "${dir}" at ${path}: ${rule} (${reason})`, { cause: error });
  }
  return { dir, record, isReused: true };
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
 * folder, which it may make, is its own to come back to: it outlives the process and goes when the stage is stored.
 * @returns The folder and its record.
 * @throws `StageBusy` if another process runs the stage and is not to be waited for.
 */
export async function runStage(
  store: string,
  spec: StageSpec,
  work: (dir: string, checkpoint: string) => Promise<void>,
  options: RunStageOptions = {},
): Promise<StoredStage> {
  const found = await findStage(store, spec);
  if (found) return found;
  const dir = await stageDir(store, spec);
  const unfinished = join(store, ".unfinished");
  await Deno.mkdir(unfinished, { recursive: true });
  const draft = join(unfinished, basename(dir));
  using lock = await Deno.open(`${draft}.lock`, { create: true, write: true, read: true });
  await takeLock(lock, `${spec.stage} stage in ${dir}`, options);
  const finishedMeanwhile = await findStage(store, spec);
  if (finishedMeanwhile) return finishedMeanwhile;

  // What a killed run left; nobody writes there now, as this process holds the lock.
  const checkpoint = `${draft}.checkpoint`;
  await removeFolder(draft);
  await Deno.mkdir(draft);
  const start = performance.now();
  const startedAt = new Date().toISOString();
  try {
    await work(draft, checkpoint);
    const record: StageRecord = {
      key: await stageKey(spec),
      stage: spec.stage,
      inputs: spec.inputs,
      config: spec.config,
      versions: { toolkit: toolkit.version, deno: Deno.version.deno, ...options.versions },
      startedAt,
      wallSeconds: Math.round(performance.now() - start) / 1000,
    };
    await Deno.writeTextFile(join(draft, "stage.json"), JSON.stringify(record, null, 2) + "\n");
    await Deno.rename(draft, dir);
    await removeFolder(checkpoint);
    return { dir, record, isReused: false };
  } catch (error) {
    await removeFolder(draft);
    throw error;
  }
}

/** Locks the file, and writes this process's id into it for whoever has to wait. */
async function takeLock(
  lock: Deno.FsFile,
  what: string,
  { onWait, wait = true }: RunStageOptions,
): Promise<void> {
  if (!await lock.tryLock(true)) {
    const owner = new TextDecoder().decode(await readAll(lock)).trim();
    // The owner may not have come to write its id yet.
    const other = owner ? `process ${owner}` : "another process";
    if (!wait) throw new StageBusy(`${other} runs the ${what}`);
    onWait?.(`Waiting for ${other}, which runs the ${what}`);
    await lock.lock(true);
  }
  await lock.truncate();
  await lock.seek(0, Deno.SeekMode.Start);
  await lock.write(new TextEncoder().encode(`${Deno.pid}\n`));
}

async function readAll(file: Deno.FsFile): Promise<Uint8Array> {
  const buffer = new Uint8Array(64);
  return buffer.subarray(0, await file.read(buffer) ?? 0);
}

async function removeFolder(path: string): Promise<void> {
  await ifMissing(Deno.remove(path, { recursive: true }), undefined);
}
