/** Every torture there is; a new one is a file of its own and a line here. */
import { MODEL_FOLDERS } from "./model_folders.ts";
import { SAFETENSORS } from "./safetensors.ts";
import { STORED_FILES } from "./stored_files.ts";
import type { Torture } from "./torture.ts";

export const TORTURES: readonly Torture[] = [SAFETENSORS, MODEL_FOLDERS, STORED_FILES];
