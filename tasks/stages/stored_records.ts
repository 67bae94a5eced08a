/** The records of all results in a store. */
import { join } from "node:path";
import { ifMissing } from "../errors.ts";
import type { StageRecord } from "./stage_record.ts";
import { STAGE_RECORD } from "./stage_record.ts";
import { readStoredIfThere } from "./stored_json.ts";

/**
 * Reads the records of all stored stages; anything else in the store is passed over.
 *
 * @param store The store's folder; it may not be there yet.
 * @throws If a record cannot be read, or has another form.
 */
export async function storedRecords(store: string): Promise<StageRecord[]> {
  const records: StageRecord[] = [];
  for (const { name, isDirectory } of await ifMissing(Array.fromAsync(Deno.readDir(store)), [])) {
    if (!isDirectory || name.startsWith(".")) continue;
    const record = await readStoredIfThere<StageRecord>(join(store, name, "stage.json"), STAGE_RECORD);
    if (record !== null) records.push(record);
  }
  return records;
}
