/**
 * Checkpoints of trainings on disk: a file with the state, and a manifest that is written once the state is whole. The
 * manifest names the state, so that there is always one to continue from.
 */
import { join } from "node:path";
import type { TrainingCheckpoint, TrainingState } from "../../model/training/training_state.ts";
import { checkFiniteWeights } from "../../model/weights/finite.ts";
import { readSafetensors, writeSafetensors } from "../../model/weights/safetensors.ts";
import { ifMissing } from "../errors.ts";
import { makeFolder, replaceFile, syncFolder, writeDurably } from "../files/durable_files.ts";
import { sha256 } from "../files/hash.ts";
import {
  checkOwner,
  type CheckpointManifest,
  type CheckpointOwner,
  MANIFEST,
  readManifest,
} from "./checkpoint_manifest.ts";
import { type FileList, readListed } from "./file_list.ts";

/** Options of `openCheckpoint`. */
export interface CheckpointOptions {
  /** True to continue although versions or machines differ. Default: false. */
  force?: boolean | undefined;
  /** Least seconds between two saves, 0 to save after every step. Default: 30. */
  seconds?: number | undefined;
  /** Returns the time in milliseconds. Default: `performance.now`. */
  now?: () => number;
  /** Receives a message on what could not be saved, and why. */
  onMessage?: (message: string) => void;
}

/** A checkpoint on disk. */
export interface StoredCheckpoint extends TrainingCheckpoint {
  /** Seconds that the training had run up to the state that it continues from. */
  secondsBefore: number;
  /** Returns a description: "the last checkpoint, of 2026-11-23T10:13:23Z, is in FOLDER". */
  describe(): string;
}

/** The greatest share of a training's time that is spent on saving. */
const SAVING_SHARE = 0.02;

/**
 * Opens the checkpoint in a folder, from which a training continues and to which it writes.
 *
 * A state holds all parameters several times, so it is saved at most every `seconds`, and less often if the disk is
 * slow; a killed process loses the steps since then. If a state cannot be saved, the one before stays, and the training
 * continues.
 *
 * @param folder The folder; it is made when the first checkpoint is written. Leftovers of interrupted saves are removed.
 * @throws Error if the checkpoint is damaged, or belongs to another owner, listing what differs.
 */
export async function openCheckpoint(
  folder: string,
  owner: CheckpointOwner,
  options: CheckpointOptions = {},
): Promise<StoredCheckpoint> {
  const { force = false, seconds = 30, now = () => performance.now(), onMessage } = options;
  const found = await readManifest(folder);
  if (found) checkOwner(folder, found, owner, force);
  let kept = found && { files: found.files, savedAt: found.savedAt };
  await removeOthers(folder, Object.keys(kept?.files ?? {}));
  const resume = kept && await readState(folder, kept.files);
  const opened = now();
  const secondsBefore = found?.seconds ?? 0;
  let due = opened + seconds * 1000;
  let isUncertain = false;

  /** Finds out whether a failed save has replaced the manifest, whose state must not be overwritten. */
  async function findKept(): Promise<void> {
    await syncFolder(folder);
    const manifest = await readManifest(folder);
    kept = manifest && { files: manifest.files, savedAt: manifest.savedAt };
  }

  async function write(state: TrainingState): Promise<void> {
    await makeFolder(folder);
    if (isUncertain) await findKept();
    isUncertain = true;
    const before = Object.keys(kept?.files ?? {});
    const savedAt = new Date().toISOString();
    const name = before.includes("state-1.safetensors") ? "state-2.safetensors" : "state-1.safetensors";
    const bytes = writeSafetensors(state.tensors, { values: JSON.stringify(state.values) });
    await writeDurably(join(folder, name), bytes);
    const files = { [name]: { bytes: bytes.length, sha256: await sha256(bytes) } };
    const spent = secondsBefore + (now() - opened) / 1000;
    const manifest: CheckpointManifest = {
      format: "laner-checkpoint",
      version: 1,
      ...owner,
      savedAt,
      seconds: Math.round(1000 * spent) / 1000,
      files,
    };
    await replaceFile(join(folder, MANIFEST), JSON.stringify(manifest, null, 2) + "\n");
    kept = { files, savedAt };
    isUncertain = false;
    // The old state is removed only now, as a training could continue from it until here.
    for (const old of before) await ifMissing(Deno.remove(join(folder, old)), undefined);
  }

  const describe = () =>
    kept ? `the last checkpoint, of ${kept.savedAt}, is in ${folder}` : "there is no checkpoint yet";
  return {
    resume,
    secondsBefore,
    async save(state, isLast) {
      if (!isLast && now() < due) return;
      const contents = await state();
      const began = now();
      try {
        await write(contents);
      } catch (error) {
        const problem = `Cannot save the state of the training: ${(error as Error).message}`;
        if (isLast) throw new Error(`${problem}; ${describe()}`, { cause: error });
        onMessage?.(`${problem}; the training goes on, and tries again`);
      }
      const pause = (now() - began) / SAVING_SHARE;
      due = now() + (seconds === 0 ? 0 : Math.max(seconds * 1000, pause));
    },
    describe,
  };
}

async function readState(folder: string, files: FileList): Promise<TrainingState> {
  const name = Object.keys(files)[0]!;
  const path = join(folder, name);
  const { tensors, metadata } = readSafetensors(await readListed(folder, files, name), path);
  const arrays = [...tensors].map(([name, { shape, data }]) => [name, { shape, data: data as Float32Array }]);
  const state = Object.fromEntries(arrays);
  checkFiniteWeights(state, path);
  return { tensors: state, values: JSON.parse(metadata!.get("values")!) };
}

/** Removes the leftovers of an interrupted save. */
async function removeOthers(folder: string, names: readonly string[]): Promise<void> {
  for (const { name } of await ifMissing(Array.fromAsync(Deno.readDir(folder)), [])) {
    if (name !== MANIFEST && !names.includes(name)) {
      await Deno.remove(join(folder, name), { recursive: true });
    }
  }
}
