/** From a model to the system that runs it. */
import type { Engine } from "../engine/engine.ts";
import type { System } from "../training/system.ts";
import type { Model } from "./definition.ts";
import { systemOf } from "./systems.ts";

/**
 * Assembles the system of a model on an engine.
 *
 * @throws If there is no system of the model's name.
 */
export function createSystem(engine: Engine, model: Model): System {
  return systemOf(model.system).create({ ...model, engine });
}
