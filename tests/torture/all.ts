/** Every torture there is; a new one is a file of its own and a line here. */
import type { Torture } from "./torture.ts";

export const TORTURES: readonly Torture[] = [];
