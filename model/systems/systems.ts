/** The systems by name: the only place that lists them. A new one is a file of its own and a line here. */
import type { BartSystem } from "./bart_system.ts";
import { BARTNER } from "./bartner/bartner_system.ts";
import { BERT_CRF } from "./bert_crf/bert_crf.ts";
import type { BertSystem } from "./bert_system.ts";
import { BERT_TAGGER } from "./bert_tagger/bert_tagger.ts";
import { COACH } from "./coach/coach.ts";
import { CROSS_DOMAIN_LM } from "./cross_domain_lm/cross_domain_lm.ts";
import type { SystemDefinition } from "./definition.ts";
import { FLAIR } from "./flair/flair.ts";
import { lanerDefinition } from "./laner/laner.ts";
import { LSTM_CRF } from "./lstm_crf/lstm_crf.ts";
import { MULTI_CELL_LSTM } from "./multi_cell_lstm/multi_cell_lstm.ts";
import type { WordSystem } from "./word_system.ts";

/** Names of the systems on a BERT encoder. */
export type BertSystemName =
  | "bert-tagger"
  | "bert-crf"
  | "laner"
  | "laner-without-label-context"
  | "laner-without-label-background";
/** Names of the systems on BART. */
export type BartSystemName = "bartner";
/** Names of the systems that read words. */
export type WordSystemName = "lstm-crf" | "flair" | "coach" | "cross-domain-lm" | "multi-cell-lstm";
/** Name of a system of the table. */
export type SystemName = BertSystemName | BartSystemName | WordSystemName;

/** How each system is assembled, and what its parameters are. */
export const SYSTEMS: Readonly<
  & Record<BertSystemName, BertSystem>
  & Record<BartSystemName, BartSystem>
  & Record<WordSystemName, WordSystem>
> = {
  "bert-tagger": BERT_TAGGER,
  "bert-crf": BERT_CRF,
  "laner": lanerDefinition({ labelBackground: true, labelContext: true }),
  "laner-without-label-context": lanerDefinition({ labelBackground: true, labelContext: false }),
  "laner-without-label-background": lanerDefinition({ labelBackground: false, labelContext: true }),
  "lstm-crf": LSTM_CRF,
  "flair": FLAIR,
  "coach": COACH,
  "cross-domain-lm": CROSS_DOMAIN_LM,
  "multi-cell-lstm": MULTI_CELL_LSTM,
  "bartner": BARTNER,
};

/** Systems that programs have added, by name, with the address of the module that defines each. */
const added = new Map<string, { definition: SystemDefinition; module: string }>();

/** Lists the names of all systems, those that programs have added last. */
export function systemNames(): string[] {
  return [...Object.keys(SYSTEMS), ...added.keys()];
}

/** Tells whether there is a system of a name. */
export function isSystemName(name: string): boolean {
  return Object.hasOwn(SYSTEMS, name) || added.has(name);
}

/**
 * Gives the definition of a system.
 *
 * @throws If there is none of this name.
 */
export function systemOf(name: string): SystemDefinition {
  const own: Readonly<Record<string, SystemDefinition>> = SYSTEMS;
  const definition = Object.hasOwn(own, name) ? own[name] : added.get(name)?.definition;
  if (definition) return definition;
  throw new Error(`Cannot use system "${name}": it must be one of ${systemNames().join(", ")}`);
}

/**
 * Adds a system to those of the table, under a name that experiments, model folders and reports know it by.
 *
 * @param module The address of the module that defines it and calls this, `import.meta.url`: its code counts in what is
 * stored, and workers import it.
 * @throws If there is one of this name already.
 */
export function addSystem(name: string, definition: SystemDefinition, module: string): void {
  if (isSystemName(name)) throw new Error(`Cannot add system "${name}": there is one of this name already`);
  added.set(name, { definition, module });
}

/** Gives the address of the module that defines a system that a program has added. */
export function moduleOf(name: string): string | undefined {
  return added.get(name)?.module;
}

/** Lists the addresses of the modules that have added systems. */
export function addedModules(): string[] {
  return [...new Set([...added.values()].map(({ module }) => module))];
}
