/** Running a stage once: equal stages share a result, and a result in the store is whole. */
import { basename, dirname, join } from "node:path";
import toolkit from "../../deno.json" with { type: "json" };
import { ifMissing } from "../errors.ts";
import { isReadOnly, makeFolder, syncFolder, writeDurably, writing } from "../files/durable_files.ts";
import { listFiles } from "./file_list.ts";
import { takeLock, type WaitOptions } from "./stage_lock.ts";
import type { StageRecord, StageSpec } from "./stage_record.ts";
import { findStage, stageDir, stageKey, type StoredStage, trustStored } from "./stage_results.ts";

/** Options of `runStage`. */
export interface RunStageOptions extends WaitOptions {
  /** Versions, for the record only; see `versionsOf`. */
  versions?: Readonly<Record<string, string>>;
  /** True to wait for a process that runs the same stage. Default: true. */
  wait?: boolean;
  /** ISO 8601: a stored result that was begun earlier is replaced once there is a new one. */
  since?: string | undefined;
}

/** The folder of a store with drafts, checkpoints and locks. */
const UNFINISHED = ".unfinished";

/**
 * Returns a stage's result: the stored one, or a new one, which appears in the store only when it is whole.
 *
 * Two processes never run the same stage at once: the second waits and takes the first one's result. The lock is
 * the operating system's, so it is released when its process ends, however it ends.
 *
 * @param store The store's folder; it is made if it is missing.
 * @param spec The stage's specification.
 * @param work Writes the stage's files into the folder that it is given. If it throws, nothing is stored. It
 * may make the second folder for its state, which outlives the process and is removed once the stage is stored. It may
 * return the seconds that it ran in earlier processes.
 * @returns The folder and its record.
 * @throws `StageBusy` if another process runs the stage and `wait` is false; the signal's reason when it ends the waiting;
 * Error if the store cannot be written.
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
    // A killed run may have left a draft; nobody writes there now, as this process holds the lock.
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
      // A folder cannot replace one with files; after a stop between the two renames, the old one is found in `old`.
      await ifMissing(Deno.rename(dir, old), undefined);
      await Deno.rename(draft, dir);
      await syncFolder(store);
    });
    trustStored(dir);
    await removeFolder(old);
    await removeFolder(checkpoint);
    return { dir, record, isReused: false };
  } catch (error) {
    // Whatever fails here is restored before the stage runs again.
    await restore(old, dir).catch(() => {});
    await removeFolder(draft).catch(() => {});
    throw error;
  }
}

/** Puts back a result that was to be replaced; removes it if it has been replaced. */
async function restore(old: string, dir: string): Promise<void> {
  if (await ifMissing(Deno.stat(dir), null) === null) await ifMissing(Deno.rename(old, dir), undefined);
  else await removeFolder(old);
}

/**
 * Removes the checkpoint of a stored stage and the result that it replaced, which remain if the process that stored it
 * was killed. In a read-only store they stay, which does no harm.
 */
export async function removeLeftovers({ dir }: StoredStage): Promise<void> {
  const draft = join(dirname(dir), UNFINISHED, basename(dir));
  try {
    for (const kind of ["checkpoint", "old"]) await removeFolder(`${draft}.${kind}`);
  } catch (error) {
    if (!isReadOnly(error)) throw error;
  }
}

async function removeFolder(path: string): Promise<void> {
  await ifMissing(Deno.remove(path, { recursive: true }), undefined);
}
