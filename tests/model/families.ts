/** The systems of the table by what they are built like, for tests that are written once for several. */
import { SYSTEMS } from "../../model/systems/systems.ts";

type Table = typeof SYSTEMS;
type NameWith<P extends string> = {
  [N in keyof Table]: Table[N] extends Record<P, unknown> ? N : never;
}[keyof Table];

/** A system that reads words and their characters. */
export type WordSystemName = NameWith<"shapes">;
/** A system on BART. */
export type BartSystemName = "bartner";
/** A system on a BERT encoder that is trained with it. */
export type BertSystemName = Exclude<keyof Table, WordSystemName | BartSystemName>;

/** All systems. */
export const SYSTEM_NAMES = Object.keys(SYSTEMS) as (keyof Table)[];

export function isWordSystem(name: string): name is WordSystemName {
  return Object.hasOwn(SYSTEMS, name) && "shapes" in SYSTEMS[name as keyof Table];
}

export function isBertSystem(name: string): name is BertSystemName {
  return Object.hasOwn(SYSTEMS, name) && !isWordSystem(name) && name !== "bartner";
}

export const BERT_SYSTEM_NAMES = SYSTEM_NAMES.filter(isBertSystem);
