/** Results of stages in a store: folders that are named by a hash of everything that went into them. */
import { join } from "node:path";
import type { Shape } from "../../data/schema/shapes.ts";
import { decodeText } from "../../data/text/decode_text.ts";
import toolkit from "../../deno.json" with { type: "json" };
import { ifMissing } from "../errors.ts";
import { canonicalJson, sha256 } from "../files/hash.ts";
import { checkContents, checkSizes, readListed } from "./file_list.ts";
import { STAGE_RECORD, type StageRecord, type StageSpec } from "./stage_record.ts";
import { parseStored, readStoredFile } from "./stored_json.ts";

/** A stored result. */
export interface StoredStage {
  /** The folder with the stage's files and `stage.json`. */
  dir: string;
  record: StageRecord;
  /** True if the folder was there before. */
  isReused: boolean;
}

/**
 * Returns the hash that a stage's result is stored under: SHA-256 of its canonical JSON and the toolkit's version.
 *
 * @param spec The stage's specification; the order of keys does not matter.
 * @throws Error if the configuration holds something that JSON cannot represent exactly.
 */
export function stageKey(spec: StageSpec): Promise<string> {
  const { stage, inputs, config, code } = spec;
  return sha256(canonicalJson({ stage, inputs, config, code, toolkit: toolkit.version }));
}

/**
 * Returns the folder of a stage's result, whether it exists or not.
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
 * @param spec The stage's specification.
 * @param since ISO 8601: a result that was begun earlier counts as none.
 * @returns The result, or undefined if the stage has not been completed.
 * @throws Error if the folder is there without a valid `stage.json` of this stage, or a file is missing or truncated.
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

/** Folders whose files were compared with their hashes; once per process is enough. */
const checked = new Set<string>();

/**
 * Compares all files of a stored stage with the hashes that were stored with it.
 *
 * @throws Error naming the first file that differs.
 */
export async function checkStored({ dir, record }: StoredStage): Promise<void> {
  if (checked.has(dir)) return;
  await checkContents(dir, record.files);
  checked.add(dir);
}

/** Marks a result as checked, as it has just been written. */
export function trustStored(dir: string): void {
  checked.add(dir);
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
 * @param expected The form of its value.
 * @throws As `readStoredText` does, and naming the key that is missing or of another form.
 */
export async function readStored<T>(stored: StoredStage, name: string, expected: Shape<T>): Promise<T> {
  return parseStored(await readStoredText(stored, name), join(stored.dir, name), expected);
}
