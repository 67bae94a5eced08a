/** The systems of the table by what they are built like, for tests that are written once for several. */
import type { BertSystem } from "../../model/systems/bert_system.ts";
import { type SystemName, SYSTEMS } from "../../model/systems/systems.ts";
import type { WordSystem } from "../../model/systems/word_system.ts";

/** Names of the systems whose definitions are of a type. */
type NameOf<Definition> = {
  [Name in SystemName]: (typeof SYSTEMS)[Name] extends Definition ? Name : never;
}[SystemName];

export type BertSystemName = NameOf<BertSystem>;
export type WordSystemName = NameOf<WordSystem>;

/** All systems. */
export const SYSTEM_NAMES = Object.keys(SYSTEMS) as SystemName[];

export function isWordSystem(name: string): name is WordSystemName {
  return Object.hasOwn(SYSTEMS, name) && "shapes" in SYSTEMS[name as SystemName];
}

export function isBertSystem(name: string): name is BertSystemName {
  return Object.hasOwn(SYSTEMS, name) && !isWordSystem(name) && name !== "bartner";
}

export const BERT_SYSTEM_NAMES = SYSTEM_NAMES.filter(isBertSystem);
