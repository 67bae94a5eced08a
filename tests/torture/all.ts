/** Every torture there is; a new one is a file of its own and a line here. */
import { COLUMN_FILES } from "./column_files.ts";
import { FULL_DISKS } from "./full_disks.ts";
import { KILLS } from "./kills.ts";
import { RESUMES } from "./resumes.ts";
import { SCORES } from "./scores.ts";
import type { Torture } from "./torture.ts";
import { YAML_CONFIGS } from "./yaml_configs.ts";

export const TORTURES: readonly Torture[] = [
  COLUMN_FILES,
  FULL_DISKS,
  KILLS,
  RESUMES,
  SCORES,
  YAML_CONFIGS,
];
