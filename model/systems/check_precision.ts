/** Checks of the precision of a training, before it begins. */
import type { Engine } from "../engine/engine.ts";
import { type Precision, precisionRule } from "../engine/precision.ts";
import { systemNames, systemOf } from "./systems.ts";

/**
 * Says which rule a precision breaks for a system; undefined if the system trains in it.
 *
 * @param precision Null for float32, in which every system trains.
 */
export function systemPrecisionRule(system: string, precision: Precision | null): string | undefined {
  if (precision === null || systemOf(system).can.mixedPrecision) return undefined;
  const able = systemNames().filter((name) => systemOf(name).can.mixedPrecision);
  return `must be null for ${system}, as only ${able.join(", ")} can train in mixed precision`;
}

/**
 * Checks that a system trains in a precision, and that the engine has it.
 *
 * @param key The name of the setting, "train.precision".
 * @throws Error naming the key.
 */
export function checkPrecision(
  key: string,
  precision: Precision | null,
  system: string,
  engine: Engine,
): void {
  const rule = systemPrecisionRule(system, precision) ?? precisionRule(engine, precision);
  if (rule !== undefined) throw new Error(`Cannot use "${key}": ${rule}, current value is "${precision}"`);
}
