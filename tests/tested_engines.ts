/** The engines that numeric tests go through. */
import type { EngineName } from "../model/engine/engine.ts";
import { findGpu } from "../model/engine/gpu.ts";

/**
 * Returns the engines that TEST_ENGINES names, such as "tensorflow" or "cpu,webgpu".
 *
 * @param usual Those that are tested unless it names others.
 */
export function testedEngines(usual: readonly EngineName[]): readonly EngineName[] {
  const named = Deno.env.get("TEST_ENGINES");
  return named === undefined ? usual : named.split(",") as EngineName[];
}

/** Tells whether tests of an engine are skipped: those of webgpu, where it finds neither a GPU nor a software driver. */
export async function isSkipped(name: EngineName): Promise<boolean> {
  return name === "webgpu" && await findGpu() === null;
}
