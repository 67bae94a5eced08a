/** The code that makes a stage's result, which is a part of what the result is stored under. */
import { SYSTEM_NAMES, type SystemName, SYSTEMS } from "../../model/systems/systems.ts";
import { type Code, codeOf } from "../code/module_code.ts";

/** What a stage uses. */
export interface StageCodeOptions {
  /** The system that it trains or looks into: of other systems nothing counts. None unless told. */
  system?: SystemName;
  /** Whether it computes with an engine; true unless told. All engines count, whichever runs. */
  engine?: boolean;
}

const ENGINES = new URL("../../model/engine/create_engine.ts", import.meta.url).href;

/** What makes new models of systems, by what these read. */
const FRESH_MODELS = {
  pieces: "tasks/stages/fresh_bert_model.ts",
  words: "tasks/stages/fresh_word_model.ts",
  bart: "tasks/stages/fresh_bart_model.ts",
};

const known = new Map<string, Promise<Code>>();

/**
 * The code of a stage: all modules that it reaches by imports, whatever they do there.
 *
 * @param module The module that describes the stage: `import.meta.url`.
 */
export function codeOfStage(module: string, { system, engine = true }: StageCodeOptions = {}): Promise<Code> {
  const key = JSON.stringify([module, system, engine]), own = system && FRESH_MODELS[SYSTEMS[system].reads];
  const code = known.get(key) ?? codeOf(engine ? [module, ENGINES] : [module], {
    table: { path: "model/systems/systems.ts", names: SYSTEM_NAMES, chosen: system },
    without: Object.values(FRESH_MODELS).filter((path) => path !== own),
  });
  known.set(key, code);
  return code;
}
