/** The systems of the table by what they are built like, for tests that are written once for several. */
import {
  type BartSystemName,
  type BertSystemName,
  type SystemName,
  SYSTEMS,
  type WordSystemName,
} from "../../model/systems/systems.ts";

export type { BartSystemName, BertSystemName, WordSystemName };

/** All systems. */
export const SYSTEM_NAMES = Object.keys(SYSTEMS) as SystemName[];

export function isWordSystem(name: string): name is WordSystemName {
  return Object.hasOwn(SYSTEMS, name) && "shapes" in SYSTEMS[name as SystemName];
}

export function isBertSystem(name: string): name is BertSystemName {
  return Object.hasOwn(SYSTEMS, name) && !isWordSystem(name) && name !== "bartner";
}

export const BERT_SYSTEM_NAMES = SYSTEM_NAMES.filter(isBertSystem);
