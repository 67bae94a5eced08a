/** Checkpoints of trainings on disk: one file, replaced as a whole. */
import { join } from "node:path";
import { readSafetensors, writeSafetensors } from "../model/safetensors.ts";
import type { TrainingCheckpoint, TrainingState } from "../model/training_state.ts";
import { ifMissing } from "./errors.ts";

/** How often checkpoints are written. */
export interface CheckpointOptions {
  /** Least seconds between two; default 30. */
  seconds?: number;
  /** The time in milliseconds. */
  now?: () => number;
}

const FILE = "checkpoint.safetensors";

/**
 * The checkpoint in a folder, for a training to go on from and to write to.
 *
 * A state holds all parameters several times, so it is written at most every `seconds`: what is lost when the process
 * is killed is the epoch that was running, or the last `seconds` where epochs are shorter.
 *
 * @param folder The folder; it is made when the first checkpoint is written.
 * @throws Error naming the file if there is one that is no checkpoint.
 */
export async function openCheckpoint(
  folder: string,
  options: CheckpointOptions = {},
): Promise<TrainingCheckpoint> {
  const { seconds = 30, now = () => performance.now() } = options;
  const path = join(folder, FILE);
  let last = now();
  return {
    resume: await readCheckpoint(path),
    async save(state) {
      if (now() - last < seconds * 1000) return;
      const { tensors, values } = state();
      await Deno.mkdir(folder, { recursive: true });
      const bytes = writeSafetensors(tensors, { values: JSON.stringify(values) });
      // A file of that name is whole: the older one stays until the newer one is.
      await Deno.writeFile(`${path}.tmp`, bytes);
      await Deno.rename(`${path}.tmp`, path);
      last = now();
    },
  };
}

async function readCheckpoint(path: string): Promise<TrainingState | null> {
  const bytes = await ifMissing(Deno.readFile(path), null);
  if (bytes === null) return null;
  const { tensors, metadata } = readSafetensors(bytes, path);
  const values = metadata?.get("values");
  if (values === undefined) throw new Error(`Cannot go on from "${path}": it is no checkpoint of a training`);
  const arrays = [...tensors].map(([name, { shape, data }]) => [name, { shape, data: data as Float32Array }]);
  return { tensors: Object.fromEntries(arrays), values: JSON.parse(values) };
}
