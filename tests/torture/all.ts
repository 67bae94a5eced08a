/** Every torture there is; a new one is a file of its own and a line here. */
import { FULL_DISKS } from "./full_disks.ts";
import { KILLS } from "./kills.ts";
import { RESUMES } from "./resumes.ts";
import type { Torture } from "./torture.ts";

export const TORTURES: readonly Torture[] = [
  FULL_DISKS,
  KILLS,
  RESUMES,
];
