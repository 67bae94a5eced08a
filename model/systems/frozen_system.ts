/** Systems of models that are not trained any more. */
import type { Engine } from "../engine/engine.ts";
import { withWeights } from "../engine/weights.ts";
import type { System } from "../training/system.ts";
import { createSystem } from "./create_system.ts";
import type { Model } from "./definition.ts";

/**
 * Assembles the system of a model that only predicts, whose parameters are constants of the engine's graphs. In the last
 * bits its scores may differ from those of `createSystem`.
 *
 * @param model Its parameters must not change as long as the system is used.
 * @throws If there is no system of the model's name.
 */
export function createFrozenSystem(engine: Engine, model: Model): System {
  const constants = new Set(Object.values(model.parameters));
  return createSystem(withWeights(engine, { constants }), model);
}
