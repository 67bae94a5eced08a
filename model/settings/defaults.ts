/** The defaults of settings, from one source for YAML and for code. */
import { checkValue } from "../../data/schema/check_value.ts";
import type { Shape } from "../../data/schema/shapes.ts";
import { showValue } from "../../data/show_value.ts";

/** Returns the defaults of settings that may all be left out. */
export function defaultsOf<T>(shape: Shape<T>): T {
  return withDefaults(shape, {});
}

/**
 * Fills in the settings that are left out.
 *
 * @param shape The settings' keys.
 * @param settings Those that are given.
 * @throws If one is unknown or of a wrong value.
 */
export function withDefaults<T>(shape: Shape<T>, settings: object): T {
  const { value, problem } = checkValue(shape, settings);
  if (problem === undefined) return value;
  throw new Error(
    `Cannot use "${problem.path}": ${problem.rule}, current value is ${showValue(problem.value)}`,
  );
}
