/** What every stage of an experiment works with. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { OpenFolderOptions } from "../data/files.ts";
import type { Engine } from "../model/engine/engine.ts";
import type { TrainingCheckpoint } from "../model/training_state.ts";
import type { Progress } from "../model/progress.ts";
import { openCheckpoint } from "./checkpoint.ts";
import { ifMissing } from "./errors.ts";
import { fetchInsideFolder } from "./inside_folder.ts";

/** The surroundings of stages. */
export interface RunContext {
  /** Folder of the stage store. */
  store: string;
  engine: Engine;
  report: Progress;
  /** Ctrl-C: a stage that is told to stop is not stored. */
  signal: AbortSignal;
  /** Least seconds between two checkpoints of a training; see `openCheckpoint`. */
  checkpointSeconds?: number;
}

/** The surroundings of one stage. */
export interface StageContext extends RunContext {
  /** What the stage is called in progress: "[3/12] ai: laner, seed 555". */
  label: string;
  /** A folder for what it needs to go on if it is stopped. */
  checkpoint: string;
}

/** Thrown when a run was stopped by the user; what was finished before is stored. */
export class Interrupted extends Error {}

/** Throws if the user has asked to stop. */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) {
    throw new Interrupted("stopped; what was finished is stored, and the same command goes on from there");
  }
}

/** The stage's checkpoint; says so if there is one to go on from. */
export async function resumable(context: StageContext): Promise<TrainingCheckpoint> {
  const { label, checkpoint, checkpointSeconds, report } = context;
  const opened = await openCheckpoint(checkpoint, { seconds: checkpointSeconds });
  if (opened.resume) {
    report({ stage: label, done: 0, total: 1, message: `${label}: goes on from its checkpoint` });
  }
  return opened;
}

/** Writes files by name into a folder. */
export async function writeFiles(dir: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(dir, name);
    if (typeof content === "string") await Deno.writeTextFile(path, content);
    else await Deno.writeFile(path, content);
  }
}

/** Copies a tokenizer's files from one folder to another; tokenizer_config.json only where there is one. */
export async function copyTokenizer(from: string, to: string): Promise<void> {
  await Deno.copyFile(join(from, "tokenizer.json"), join(to, "tokenizer.json"));
  const name = "tokenizer_config.json";
  await ifMissing(Deno.copyFile(join(from, name), join(to, name)), undefined);
}

/**
 * How locations that a user gives are opened: relative to the working directory, hub names at HF_ENDPOINT; links do
 * not lead out of a folder.
 */
export function locationOptions(): OpenFolderOptions {
  return {
    base: pathToFileURL(`${Deno.cwd()}/`),
    endpoint: Deno.env.get("HF_ENDPOINT") || undefined,
    fetch: fetchInsideFolder,
  };
}
