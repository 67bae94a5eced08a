/** A request to tag: a model, and how it is run. */
import type { EngineName } from "../../model/engine/engine.ts";
import { chosenEngineName } from "../config/chosen_engine.ts";
import { UsageError } from "../errors.ts";
import type { TaggingFlagValues } from "./tagging_flags.ts";

/** A model and how it tags, as plain data. */
export interface TaggingRequest {
  /** Folder or address of the model. */
  model: string;
  engine: EngineName;
  /** Threads of a job; 0 for all cores. */
  nThreads: number;
  /** The most jobs side by side. */
  nJobs: number;
  quantize?: "int8" | undefined;
}

/**
 * Reads the flags. Jobs share the cores even where a text is too short for all of them, so that the bits do not depend
 * on its length.
 *
 * @param say Shows which engine was chosen, and why, where the flags name none.
 * @throws UsageError if the number of jobs is below 1.
 */
export async function taggingRequest(
  model: string,
  { engine = "auto", threads, jobs, int8 }: TaggingFlagValues,
  say: (line: string) => void,
): Promise<TaggingRequest> {
  if (jobs < 1) throw new UsageError("Cannot use --jobs 0: expected 1 or more");
  const share = jobs === 1 ? 0 : Math.max(1, Math.floor(navigator.hardwareConcurrency / jobs));
  return {
    model,
    engine: await chosenEngineName(engine, false, say),
    nThreads: threads || share,
    nJobs: jobs,
    quantize: int8 ? "int8" : undefined,
  };
}
