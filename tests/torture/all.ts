/** Every torture there is; a new one is a file of its own and a line here. */
import { COLUMN_FILES } from "./column_files.ts";
import { SCORES } from "./scores.ts";
import type { Torture } from "./torture.ts";
import { YAML_CONFIGS } from "./yaml_configs.ts";

export const TORTURES: readonly Torture[] = [
  COLUMN_FILES,
  YAML_CONFIGS,
  SCORES,
];
