/** Every torture there is; a new one is a file of its own and a line here. */
import { COLUMN_FILES } from "./column_files.ts";
import { CONFIGURATIONS } from "./configurations.ts";
import { FULL_DISKS } from "./full_disks.ts";
import { KILLS } from "./kills.ts";
import { MODEL_FOLDERS } from "./model_folders.ts";
import { RESUMES } from "./resumes.ts";
import { SAFETENSORS } from "./safetensors.ts";
import { SCORES } from "./scores.ts";
import { STORED_FILES } from "./stored_files.ts";
import type { Torture } from "./torture.ts";
import { YAML_CONFIGS } from "./yaml_configs.ts";

export const TORTURES: readonly Torture[] = [
  COLUMN_FILES,
  CONFIGURATIONS,
  FULL_DISKS,
  KILLS,
  MODEL_FOLDERS,
  RESUMES,
  SAFETENSORS,
  SCORES,
  STORED_FILES,
  YAML_CONFIGS,
];
