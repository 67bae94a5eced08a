/**
 * Checkpoints of trainings on disk: a file with the state, and a manifest that is written when the state is whole. The
 * manifest names the state, so that there is always one that can be gone on from.
 */
import { join } from "node:path";
import type { TrainingCheckpoint, TrainingState } from "../../model/training/training_state.ts";
import { checkFiniteWeights } from "../../model/weights/finite.ts";
import { readSafetensors, writeSafetensors } from "../../model/weights/safetensors.ts";
import { changedModules } from "../code/module_code.ts";
import { formatDifferences } from "../config/differences.ts";
import { errorMessage, ifMissing } from "../errors.ts";
import { makeFolder, replaceFile, syncFolder, writeDurably } from "../files/durable_files.ts";
import { sha256 } from "../files/hash.ts";
import { listNames } from "../terminal/list_names.ts";
import { type FileList, readListed } from "./file_list.ts";
import type { StageSpec } from "./stored_stage.ts";

/** Whose checkpoint it is: a training goes on only from its own. */
export interface CheckpointOwner {
  /** For people: "ai: laner, seed 555". */
  label: string;
  /** What is trained. */
  spec: StageSpec;
  /** What may change a bit of the result besides: versions and the machine, see `versionsOf`. */
  versions: Readonly<Record<string, string>>;
}

/** How a checkpoint is kept. */
export interface CheckpointOptions {
  /** Go on although versions or machines differ. */
  force?: boolean | undefined;
  /** Least seconds between two, 0 for one after every step; default 30. */
  seconds?: number | undefined;
  /** The time in milliseconds. */
  now?: () => number;
  /** Is told in words what could not be saved, and why. */
  onMessage?: (message: string) => void;
}

/** A checkpoint that can say where it stands. */
export interface StoredCheckpoint extends TrainingCheckpoint {
  /** Seconds that the training had run up to the state that it goes on from. */
  secondsBefore: number;
  /** "the last checkpoint, of 2026-11-23T10:13:23Z, is in FOLDER". */
  describe(): string;
}

/** What `checkpoint.json` says. */
interface Manifest extends CheckpointOwner {
  format: "laner-checkpoint";
  version: 1;
  /** When it was saved, ISO 8601. */
  savedAt: string;
  /** Seconds that the training had run by then, in all processes. */
  seconds: number;
  /** The one file with the state. */
  files: FileList;
}

const MANIFEST = "checkpoint.json";
/** Of a training's time, the part that goes into saving at most. */
const SAVING_SHARE = 0.02;

/**
 * The checkpoint in a folder, for a training to go on from and to write to.
 *
 * A state holds all parameters several times, so it is saved at most every `seconds`, and less often where the disk is
 * slow: what is lost when the process is killed are the steps since. A state that cannot be saved leaves the one before
 * as it is, and the training goes on.
 *
 * @param folder The folder; it is made when the first checkpoint is written. What an interrupted save left is removed.
 * @throws Error if the checkpoint is damaged, or of another owner; it lists what differs.
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

  /** Finds out whether a save that failed has replaced the manifest: the state that it names must not be written over. */
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
    const manifest: Manifest = {
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
    // Only now, as the state before could be gone on from until here.
    for (const old of before) await ifMissing(Deno.remove(join(folder, old)), undefined);
  }

  const describe = () =>
    kept ? `the last checkpoint, of ${kept.savedAt}, is in ${folder}` : "there is no checkpoint yet";
  return {
    resume,
    secondsBefore,
    async save(state, isLast) {
      if (!isLast && now() < due) return;
      const contents = state();
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

/**
 * What keeps a training from going on from the checkpoints of others of the same label: the differences of each.
 *
 * @param parent The folder with the checkpoints' folders.
 */
export async function otherCheckpoints(
  parent: string,
  owner: CheckpointOwner,
): Promise<{ folder: string; differences: string[] }[]> {
  const others: { folder: string; differences: string[] }[] = [];
  for (const { name, isDirectory } of await ifMissing(Array.fromAsync(Deno.readDir(parent)), [])) {
    if (!isDirectory) continue;
    const folder = join(parent, name);
    const manifest = await readManifest(folder).catch(() => null);
    if (manifest?.label !== owner.label || manifest.spec.stage !== owner.spec.stage) continue;
    const all = ownerDifferences(manifest, owner);
    if (all.length > 0) others.push({ folder, differences: all });
  }
  return others;
}

function ownerDifferences({ spec, versions }: CheckpointOwner, owner: CheckpointOwner): string[] {
  return [...specDifferences(spec, owner.spec), ...formatDifferences(versions, owner.versions)];
}

function specDifferences({ code: codeThen, ...then }: StageSpec, { code, ...now }: StageSpec): string[] {
  // Those of earlier toolkits name no code.
  const changed = codeThen ? changedModules(codeThen, code) : ["not known which"];
  return [
    ...formatDifferences(then, now),
    ...(changed.length > 0 ? [`code: ${listNames(changed, 3)}`] : []),
  ];
}

function checkOwner(folder: string, manifest: Manifest, owner: CheckpointOwner, force: boolean): void {
  const ofSpec = specDifferences(manifest.spec, owner.spec);
  const all = ownerDifferences(manifest, owner);
  if (all.length === 0 || (force && ofSpec.length === 0)) return;
  const way = ofSpec.length === 0
    ? "--force goes on from it, though perhaps not to the same bits; without the folder the training begins anew"
    : "without the folder the training begins anew";
  const rule = `a training must go on as it began, but these differ: ${all.join("; ")} (${way})`;
  throw new Error(errorMessage({ act: "go on from the checkpoint", subject: folder, rule }));
}

async function readManifest(folder: string): Promise<Manifest | null> {
  const path = join(folder, MANIFEST);
  const text = await ifMissing(Deno.readTextFile(path), null);
  if (text === null) return null;
  const refuse = (reason: string): never => {
    const rule = `it must be a checkpoint's; without the folder the training begins anew (${reason})`;
    throw new Error(errorMessage({ act: "go on from", subject: path, rule }));
  };
  let manifest: Manifest;
  try {
    manifest = JSON.parse(text);
  } catch (error) {
    return refuse((error as Error).message);
  }
  const { format, version, files, spec, versions, seconds } = manifest ?? {};
  if (format !== "laner-checkpoint" || version !== 1) return refuse("it is of another format");
  if (!spec || !versions || !Number.isFinite(seconds) || !files || Object.keys(files).length !== 1) {
    return refuse("parts of it are missing");
  }
  if (!/^state-[12]\.safetensors$/.test(Object.keys(files)[0]!)) return refuse("it names no state");
  return manifest;
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

/** Removes what a save that did not come to its end has left. */
async function removeOthers(folder: string, names: readonly string[]): Promise<void> {
  for (const { name } of await ifMissing(Array.fromAsync(Deno.readDir(folder)), [])) {
    if (name !== MANIFEST && !names.includes(name)) {
      await Deno.remove(join(folder, name), { recursive: true });
    }
  }
}
