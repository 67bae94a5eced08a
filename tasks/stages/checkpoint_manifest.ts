/** Manifests of checkpoints: the training that a checkpoint belongs to, and the file with its state. */
import { join } from "node:path";
import { changedModules } from "../code/module_code.ts";
import { formatDifferences } from "../config/differences.ts";
import { errorMessage, ifMissing } from "../errors.ts";
import { listNames } from "../list_names.ts";
import type { FileList } from "./file_list.ts";
import type { StageSpec } from "./stage_record.ts";

/** The training that a checkpoint belongs to; only that training continues from it. */
export interface CheckpointOwner {
  /** Its name for people: "ai: laner, seed 555". */
  label: string;
  /** The stage that is trained. */
  spec: StageSpec;
  /** Versions and the machine, which may change a bit of the result, too; see `versionsOf`. */
  versions: Readonly<Record<string, string>>;
}

/** The contents of `checkpoint.json`. */
export interface CheckpointManifest extends CheckpointOwner {
  format: "laner-checkpoint";
  version: 1;
  /** When the state was saved, ISO 8601. */
  savedAt: string;
  /** Seconds that the training had run by then, in all processes. */
  seconds: number;
  /** The one file with the state. */
  files: FileList;
}

/** The name of a manifest in its folder. */
export const MANIFEST = "checkpoint.json";

/**
 * Lists the checkpoints of other trainings with the same label, and the differences that keep this one from continuing
 * from them.
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
  // Checkpoints of earlier toolkits name no code.
  const changed = codeThen ? changedModules(codeThen, code) : ["not known which"];
  return [
    ...formatDifferences(then, now),
    ...(changed.length > 0 ? [`code: ${listNames(changed, 3)}`] : []),
  ];
}

/**
 * Checks that a training may continue from a checkpoint.
 *
 * @param force True to continue although versions or machines differ.
 * @throws Error listing what differs.
 */
export function checkOwner(
  folder: string,
  manifest: CheckpointManifest,
  owner: CheckpointOwner,
  force: boolean,
): void {
  const ofSpec = specDifferences(manifest.spec, owner.spec);
  const all = ownerDifferences(manifest, owner);
  if (all.length === 0 || (force && ofSpec.length === 0)) return;
  const way = ofSpec.length === 0
    ? "--force goes on from it, though perhaps not to the same bits; without the folder the training begins anew"
    : "without the folder the training begins anew";
  const rule = `a training must go on as it began, but these differ: ${all.join("; ")} (${way})`;
  throw new Error(errorMessage({ act: "go on from the checkpoint", subject: folder, rule }));
}

/**
 * Reads the manifest of a checkpoint; null if the folder has none.
 *
 * @throws Error if it is damaged or of another format.
 */
export async function readManifest(folder: string): Promise<CheckpointManifest | null> {
  const path = join(folder, MANIFEST);
  const text = await ifMissing(Deno.readTextFile(path), null);
  if (text === null) return null;
  const refuse = (reason: string): never => {
    const rule = `it must be a checkpoint's; without the folder the training begins anew (${reason})`;
    throw new Error(errorMessage({ act: "go on from", subject: path, rule }));
  };
  let manifest: CheckpointManifest;
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
