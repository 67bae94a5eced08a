/** Choosing where dropout masks are made. */
import type { Engine } from "../engine/engine.ts";
import { createHeldDropout } from "./held_dropout.ts";
import { createPlainDropout, type DropoutSites, type SiteDropout } from "./site_dropout.ts";

/** Creates the drawer of a network's masks: in plain arrays, or where the engine holds arrays. */
export function createSiteDropout(engine: Engine, sites: DropoutSites): SiteDropout {
  return engine.memory ? createHeldDropout(engine, sites) : createPlainDropout(sites);
}
