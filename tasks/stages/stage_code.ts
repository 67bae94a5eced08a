/** The code that makes a stage's result, which is a part of what the result is stored under. */
import { moduleOf, SYSTEMS } from "../../model/systems/systems.ts";
import { type Code, codeOf } from "../code/module_code.ts";

/** What a stage uses. */
export interface StageCodeOptions {
  /** The system that it trains or looks into: of other systems nothing counts. None unless told. */
  system?: string | undefined;
  /** Whether it computes with an engine; true unless told. All engines count, whichever runs. */
  engine?: boolean;
}

const ENGINES = new URL("../../model/engine/create_engine.ts", import.meta.url).href;

const known = new Map<string, Promise<Code>>();

/**
 * The code of a stage: all modules that it reaches by imports, whatever they do there.
 *
 * @param module The module that describes the stage: `import.meta.url`.
 */
export function codeOfStage(module: string, { system, engine = true }: StageCodeOptions = {}): Promise<Code> {
  const key = JSON.stringify([module, system, engine]);
  const added = system && moduleOf(system);
  const entries = [module, ...(engine ? [ENGINES] : []), ...(added ? [added] : [])];
  const code = known.get(key) ??
    codeOf(entries, {
      table: { path: "model/systems/systems.ts", names: Object.keys(SYSTEMS), chosen: system },
    });
  known.set(key, code);
  return code;
}
