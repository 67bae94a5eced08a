/** The systems by name: the only place that lists them. A new one is a file of its own and a line here. */
import { BARTNER } from "./bartner/bartner_system.ts";
import { BERT_CRF } from "./bert_crf/bert_crf.ts";
import { COACH } from "./coach/coach.ts";
import { CROSS_DOMAIN_LM } from "./cross_domain_lm/cross_domain_lm.ts";
import { FLAIR } from "./flair/flair.ts";
import { lanerDefinition } from "./laner/laner.ts";
import { LSTM_CRF } from "./lstm_crf/lstm_crf.ts";
import { MULTI_CELL_LSTM } from "./multi_cell_lstm/multi_cell_lstm.ts";
import type { BartSystemDefinition, BertSystemDefinition, WordSystemDefinition } from "./system.ts";

/** Name of a system on a BERT encoder. */
export type BertSystemName =
  | "bert-tagger"
  | "bert-crf"
  | "laner"
  | "laner-without-label-context"
  | "laner-without-label-background";
/** Name of a system on BART. */
export type BartSystemName = "bartner";
/** Name of a system that reads words. */
export type WordSystemName = "lstm-crf" | "flair" | "coach" | "cross-domain-lm" | "multi-cell-lstm";
/** Name of a system. */
export type SystemName = BertSystemName | BartSystemName | WordSystemName;

/** How each system is assembled, and what its parameters are. */
export const SYSTEMS: Readonly<
  & Record<BertSystemName, BertSystemDefinition>
  & Record<BartSystemName, BartSystemDefinition>
  & Record<WordSystemName, WordSystemDefinition>
> = {
  "bert-tagger": lanerDefinition({ labelBackground: false, labelContext: false }),
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

/** All names, in the order in which they are listed to users. */
export const SYSTEM_NAMES = Object.keys(SYSTEMS) as SystemName[];

/** Names of those that stand on a BERT encoder. */
export const BERT_SYSTEM_NAMES: readonly BertSystemName[] = SYSTEM_NAMES.filter(isBertSystem);

/** Whether a system stands on a BERT encoder. */
export function isBertSystem(name: SystemName): name is BertSystemName {
  return SYSTEMS[name].reads === "pieces";
}

/** Whether a system reads words and their characters. */
export function isWordSystem(name: SystemName): name is WordSystemName {
  return SYSTEMS[name].reads === "words";
}

/** Whether a text names a system. */
export function isSystemName(name: string): name is SystemName {
  return Object.hasOwn(SYSTEMS, name);
}
