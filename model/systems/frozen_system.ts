/** Systems of models that are not trained any more. */
import type { Engine } from "../engine/engine.ts";
import { withWeights } from "../engine/weights.ts";
import type { System } from "../training/system.ts";
import { createSystem } from "./create_system.ts";
import type { Model } from "./definition.ts";
import { systemOf } from "./systems.ts";

/** Options of `createFrozenSystem`. */
export interface FrozenSystemOptions {
  /**
   * `int8` to compute the linear layers of the model's encoder in whole numbers of 8 bits, which is faster and changes
   * some predictions. Default: none, all in float32.
   */
  quantize?: "int8" | undefined;
}

/**
 * Assembles the system of a model that only predicts, whose parameters are constants of the engine's graphs. In the last
 * bits its scores may differ from those of `createSystem`.
 *
 * @param model Its parameters must not change as long as the system is used.
 * @throws If there is no system of the model's name; if it is to be quantised, and has no encoder that is trained with
 * it or the engine does not compute in int8.
 */
export function createFrozenSystem(
  engine: Engine,
  model: Model,
  { quantize }: FrozenSystemOptions = {},
): System {
  const constants = new Set(Object.values(model.parameters));
  const int8 = quantize && new Set(encoderWeights(model));
  return createSystem(withWeights(engine, { constants, int8 }), model);
}

/** Lists the matrices of a model's encoder or BART. */
function encoderWeights({ system, parameters }: Model) {
  const { trains, isOfMaterial } = systemOf(system);
  if (trains === null) {
    const rule = "its system must stand on a BERT encoder or BART";
    throw new Error(`Cannot quantise the model: ${rule}, current value is ${system}`);
  }
  return Object.entries(parameters)
    .filter(([name, { shape }]) => isOfMaterial(name) && shape.length === 2)
    .map(([, weight]) => weight);
}
