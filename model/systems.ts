/** The systems by name. */
import type { Parts } from "./predictor.ts";

/** Which parts of LANER each system has. */
export const SYSTEMS = {
  "bert-tagger": { labelBackground: false, labelContext: false },
  "laner": { labelBackground: true, labelContext: true },
  "laner-without-label-context": { labelBackground: true, labelContext: false },
  "laner-without-label-background": { labelBackground: false, labelContext: true },
} as const satisfies Record<string, Parts>;

/** Name of a system. */
export type SystemName = keyof typeof SYSTEMS;

/** Whether a text names a system. */
export function isSystemName(name: string): name is SystemName {
  return Object.hasOwn(SYSTEMS, name);
}
