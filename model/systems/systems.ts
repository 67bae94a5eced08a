/** The table of systems, the only place that lists them: a new system is a room of its own and a line here. */
import type { BartSystem } from "./bart_system.ts";
import { BARTNER } from "./bartner/bartner_system.ts";
import { BERT_CRF } from "./bert_crf/bert_crf.ts";
import type { BertSystem } from "./bert_system.ts";
import { BERT_TAGGER } from "./bert_tagger/bert_tagger.ts";
import { COACH } from "./coach/coach.ts";
import { CROSS_DOMAIN_LM } from "./cross_domain_lm/cross_domain_lm.ts";
import type { SystemDefinition } from "./definition.ts";
import { FLAIR } from "./flair/flair.ts";
import { LANER, LANER_WITHOUT_LABEL_BACKGROUND, LANER_WITHOUT_LABEL_CONTEXT } from "./laner/laner.ts";
import { LSTM_CRF } from "./lstm_crf/lstm_crf.ts";
import { MULTI_CELL_LSTM } from "./multi_cell_lstm/multi_cell_lstm.ts";
import type { WordSystem } from "./word_system.ts";

/** The definition of each system. Its type stands beside it, as `deno publish` infers none from a name. */
export const SYSTEMS = {
  "bert-tagger": BERT_TAGGER as BertSystem,
  "bert-crf": BERT_CRF as BertSystem,
  "laner": LANER as BertSystem,
  "laner-plus": LANER as BertSystem,
  "laner-without-label-context": LANER_WITHOUT_LABEL_CONTEXT as BertSystem,
  "laner-without-label-background": LANER_WITHOUT_LABEL_BACKGROUND as BertSystem,
  "lstm-crf": LSTM_CRF as WordSystem,
  "flair": FLAIR as WordSystem,
  "coach": COACH as WordSystem,
  "cross-domain-lm": CROSS_DOMAIN_LM as WordSystem,
  "multi-cell-lstm": MULTI_CELL_LSTM as WordSystem,
  "bartner": BARTNER as BartSystem,
} as const;

/** Name of a system of the table. */
export type SystemName = keyof typeof SYSTEMS;

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
 * Returns the definition of a system.
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
 * Adds a system to those of the table. Experiments, model folders and reports call it by its name.
 *
 * @param module The address of the module that defines it and calls this, `import.meta.url`. Workers import it, and a
 * change of its code makes stored results run again.
 * @throws If there is one of this name already.
 */
export function addSystem(name: string, definition: SystemDefinition, module: string): void {
  if (isSystemName(name)) throw new Error(`Cannot add system "${name}": there is one of this name already`);
  added.set(name, { definition, module });
}

/** Returns the address of the module that defines a system that a program has added. */
export function moduleOf(name: string): string | undefined {
  return added.get(name)?.module;
}

/** Lists the addresses of the modules that have added systems. */
export function addedModules(): string[] {
  return [...new Set([...added.values()].map(({ module }) => module))];
}
