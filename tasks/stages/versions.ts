/** The versions and the machine that a result is made with. */
import toolkit from "../../deno.json" with { type: "json" };
import type { Engine } from "../../model/engine/engine.ts";
import { instructionSets } from "./instruction_sets.ts";

/** Returns what may change a bit of a result besides its specification: versions, threads, the processor. */
export function versionsOf(engine: Engine): Record<string, string> {
  const { deno, v8 } = Deno.version;
  const { os, arch } = Deno.build;
  return {
    toolkit: toolkit.version,
    deno,
    v8,
    engine: engine.version,
    system: `${os} ${arch}`,
    instructions: instructionSets(),
  };
}
