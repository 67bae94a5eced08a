/** Number types of 16 bits, in which the matrix products of a graph may be computed. */
import type { TrainSettings } from "../settings/settings.ts";
import type { Engine } from "./engine.ts";

/** A number type of 16 bits: bfloat16 has the range of float32, float16 more digits. */
export type Precision = NonNullable<TrainSettings["precision"]>;

/** The engines that may have each type. */
const ENGINES_WITH: Readonly<Record<Precision, string>> = {
  bfloat16: "cuda",
  float16: "cuda, and webgpu on a GPU with shader-f16",
};

/** What an engine says of its precisions. */
export type Precisions = Pick<Engine, "name" | "version" | "precisions">;

/**
 * Says which rule a precision breaks on an engine; undefined if the engine has it.
 *
 * @param precision Null for float32, which every engine has.
 */
export function precisionRule(engine: Precisions, precision: Precision | null): string | undefined {
  if (precision === null || engine.precisions?.includes(precision)) return undefined;
  return `must be null on the engine ${engine.name} (${engine.version}): ` +
    `the engines that have ${precision} are ${ENGINES_WITH[precision]}`;
}

/**
 * Checks that an engine has a precision.
 *
 * @param precision Undefined for float32.
 * @throws If it does not, naming the engines that have it.
 */
export function checkEngineHas(engine: Precisions, precision: Precision | undefined): void {
  const rule = precisionRule(engine, precision ?? null);
  if (rule !== undefined) {
    throw new Error(`Cannot use "precision": ${rule}, current value is "${precision}"`);
  }
}
