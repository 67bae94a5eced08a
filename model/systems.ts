/** The systems by name: the only place that lists them. A new one is a file of its own and a line here. */
import { BERT_CRF } from "./bert_crf.ts";
import { lanerDefinition } from "./laner.ts";
import type { SystemDefinition } from "./system.ts";

/** How each system is assembled, and what its parameters are. */
export const SYSTEMS = {
  "bert-tagger": lanerDefinition({ labelBackground: false, labelContext: false }),
  "bert-crf": BERT_CRF,
  "laner": lanerDefinition({ labelBackground: true, labelContext: true }),
  "laner-without-label-context": lanerDefinition({ labelBackground: true, labelContext: false }),
  "laner-without-label-background": lanerDefinition({ labelBackground: false, labelContext: true }),
} as const satisfies Record<string, SystemDefinition>;

/** Name of a system. */
export type SystemName = keyof typeof SYSTEMS;

/** All names, in the order in which they are listed to users. */
export const SYSTEM_NAMES = Object.keys(SYSTEMS) as SystemName[];

/** Whether a text names a system. */
export function isSystemName(name: string): name is SystemName {
  return Object.hasOwn(SYSTEMS, name);
}
