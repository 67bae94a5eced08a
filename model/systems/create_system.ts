/** From a model to the system that runs it. */
import type { Engine } from "../engine/engine.ts";
import type { System } from "../training/system.ts";
import { isBertModel, isWordModel, type Model } from "./model.ts";
import { SYSTEMS } from "./systems.ts";

/** The system of a model, on an engine. */
export function createSystem(engine: Engine, model: Model): System {
  if (isBertModel(model)) return SYSTEMS[model.system].create({ engine, ...model });
  if (isWordModel(model)) return SYSTEMS[model.system].create({ engine, ...model });
  return SYSTEMS[model.system].create({ engine, ...model });
}
