/** The engines that numeric tests go through. */
import type { EngineName } from "../model/engine/engine.ts";

/**
 * Returns the engines that TEST_ENGINES names, such as "tensorflow" or "cpu,webgpu".
 *
 * @param everywhere Those that run on every machine, which are tested unless it names others.
 */
export function testedEngines(everywhere: readonly EngineName[]): readonly EngineName[] {
  const named = Deno.env.get("TEST_ENGINES");
  return named === undefined ? everywhere : named.split(",") as EngineName[];
}
