/** The table of formats. */
import { BRAT } from "./brat.ts";
import { COLUMNS, CSV } from "./column_files.ts";
import { DOCCANO } from "./doccano.ts";
import type { Format } from "./format.ts";
import type { FormatName } from "./format_names.ts";
import { HF } from "./hf.ts";
import { LABEL_STUDIO } from "./label_studio.ts";
import { PRODIGY } from "./prodigy.ts";

/** The reader and writer of each format. */
export const FORMATS: Readonly<Record<FormatName, Format>> = {
  columns: COLUMNS,
  csv: CSV,
  hf: HF,
  doccano: DOCCANO,
  prodigy: PRODIGY,
  labelstudio: LABEL_STUDIO,
  brat: BRAT,
};
