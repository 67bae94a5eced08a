/** From a request to a loaded tagger. */
import { createEngine } from "../../model/engine/create_engine.ts";
import { loadTagger, type Tagger } from "../../model/tagger.ts";
import { locationOptions } from "../stages/stage_context.ts";
import type { TaggingRequest } from "./tagging_request.ts";

/**
 * Loads the tagger of one job.
 *
 * @throws As `createEngine` and `loadTagger` do.
 */
export async function openTagger({ model, engine, nThreads, quantize }: TaggingRequest): Promise<Tagger> {
  const own = await createEngine(engine, { nThreads });
  return await loadTagger(model, { ...locationOptions(), engine: own, quantize });
}
