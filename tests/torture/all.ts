/** Every torture there is; a new one is a file of its own and a line here. */
import { KILLS } from "./kills.ts";
import type { Torture } from "./torture.ts";

export const TORTURES: readonly Torture[] = [
  KILLS,
];
