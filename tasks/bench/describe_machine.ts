/** Prints what a measurement depends on, as JSON: the machine and its programs. Run by the benches. */
import { answer } from "./child.ts";
import { cpus, release, totalmem } from "node:os";
import process from "node:process";
import { closedObject, whole } from "../../data/schema/file_shapes.ts";
import { anyText, type Shape } from "../../data/schema/shapes.ts";
import { instructionSets } from "../stages/instruction_sets.ts";

/** A machine. */
export interface Machine {
  /** The processor's name for itself. */
  processor: string;
  cores: number;
  /** Instruction sets by which ONNX Runtime chooses its kernels. */
  instructionSets: string;
  memoryGigabytes: number;
  system: string;
  deno: string;
}

/** The shape of a machine's JSON. */
export const MACHINE: Shape<Machine> = closedObject({
  processor: anyText(),
  cores: whole(1),
  instructionSets: anyText(),
  memoryGigabytes: whole(0),
  system: anyText(),
  deno: anyText(),
});

function describeMachine(): Machine {
  const all = cpus();
  return {
    processor: all[0]?.model.trim() ?? "unknown",
    cores: all.length,
    instructionSets: instructionSets(),
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    deno: Deno.version.deno,
  };
}

if (import.meta.main) answer(describeMachine());
