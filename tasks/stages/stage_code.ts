/** The code that makes a stage's result; its hashes are part of the result's key. */
import { moduleOf, SYSTEMS } from "../../model/systems/systems.ts";
import { type Code, codeOf } from "../code/module_code.ts";

/** The parts of the toolkit that a stage uses. */
export interface StageCodeOptions {
  /** The system that it trains or analyses; the code of other systems does not count. Default: none. */
  system?: string | undefined;
  /** True if it computes with an engine; the code of all engines counts, whichever runs. Default: true. */
  engine?: boolean;
}

const ENGINES = new URL("../../model/engine/create_engine.ts", import.meta.url).href;

const known = new Map<string, Promise<Code>>();

/**
 * Returns the code of a stage: all modules that it imports, directly or indirectly.
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
