/** Records of stages: what a result was made from and on, as `stage.json` holds it. */
import { mapOf, maybe, objectOf, present, whole } from "../../data/schema/file_shapes.ts";
import { anyText, finite, type Shape } from "../../data/schema/shapes.ts";
import type { Code } from "../code/module_code.ts";
import type { FileList } from "./file_list.ts";

/** The specification of a stage: everything that its result depends on. */
export interface StageSpec {
  /** The kind of the stage: "pretrain". */
  stage: string;
  /** Hashes of its inputs by name: data files, the encoder, the keys of earlier stages. */
  inputs: Readonly<Record<string, string>>;
  /** The part of the configuration that it depends on, with seed and engine, as plain data. */
  config: unknown;
  /** The code that makes the result: hashes of modules by path. */
  code: Code;
}

/** The contents of `stage.json`, the record of a stored result. */
export interface StageRecord extends Omit<StageSpec, "code"> {
  /** The hashes of its code; absent in records from before code was hashed. */
  code?: StageSpec["code"];
  /** The hash of the specification and the toolkit's version. */
  key: string;
  /** The versions and the machine that made it, see `versionsOf`. */
  versions: Readonly<Record<string, string>>;
  /** When the stage began, ISO 8601. */
  startedAt: string;
  /** Seconds that it ran, in all processes in which it was started or continued. */
  wallSeconds: number;
  /** All other files of the folder. */
  files: FileList;
}

const TEXT = anyText();

/** The form of `stage.json`. */
export const STAGE_RECORD: Shape<StageRecord> = objectOf({
  key: TEXT,
  stage: TEXT,
  inputs: mapOf(TEXT),
  config: mapOf(present()),
  // Records from before code was hashed have none.
  code: maybe(mapOf(TEXT)),
  versions: mapOf(TEXT),
  startedAt: TEXT,
  wallSeconds: finite(),
  files: mapOf(objectOf({ bytes: whole(0), sha256: TEXT })),
});
