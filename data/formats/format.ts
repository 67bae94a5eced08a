/** A format of tagged data: the names of its files, its reader and its writer. */
import type { DataRecord, SourceFile } from "./data_record.ts";
import type { OffsetUnit } from "../text/offsets.ts";
import type { ReadSettings } from "./read_settings.ts";

/** A format of tagged data. */
export interface Format {
  /** The endings of its files, in the order in which they are looked for; none if it is a folder. */
  endings: readonly string[];
  /** The kind of records that are written: sentences of words, or texts with entities. */
  holds: "words" | "texts";
  /** The unit of places in a text, if the settings name none. */
  offsets: OffsetUnit;
  /**
   * Reads files.
   *
   * @returns Records in order, each with its errors.
   */
  read(files: readonly SourceFile[], settings: ReadSettings): DataRecord[];
  /**
   * Writes records of the kind that the format holds.
   *
   * @returns Files; one with an empty name if the format is one file.
   */
  write(records: readonly DataRecord[], settings: WriteSettings): SourceFile[];
}

/** Settings of writing. */
export interface WriteSettings {
  /** The unit of places. */
  offsets: OffsetUnit;
  /** True if columns begin each sentence with its name, "# id = NAME". */
  withIds: boolean;
}
