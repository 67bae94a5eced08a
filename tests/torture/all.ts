/** Every torture there is; a new one is a file of its own and a line here. */
import { SAFETENSORS } from "./safetensors.ts";
import type { Torture } from "./torture.ts";

export const TORTURES: readonly Torture[] = [SAFETENSORS];
