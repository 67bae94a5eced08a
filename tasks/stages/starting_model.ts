/** What a training begins with: a new model, or the source's with other tags. */
import { createRandom } from "../../data/random.ts";
import type { TagSet } from "../../data/tags/tag_set.ts";
import { loadModelFolder } from "../../model/model_folder.ts";
import type { Loaded } from "../../model/systems/definition.ts";
import { systemOf } from "../../model/systems/systems.ts";
import { expandTags } from "../../model/transfer.ts";
import type { RunConfig } from "../config/run_config.ts";
import { tagsOf } from "../data_sets/data_tags.ts";
import { materialsIn } from "./materials.ts";
import type { ModelPurpose } from "./model_purpose.ts";
import { locationOptions, type StageContext } from "./stage_context.ts";

/**
 * Makes a new model.
 *
 * @param folders What its system needs, by name (see `materialsIn`).
 */
export async function freshModel(
  context: StageContext,
  run: RunConfig,
  folders: Readonly<Record<string, string>>,
  { tags, source, target }: ModelPurpose,
): Promise<Loaded> {
  const dataSets = source ? [source, target] : [target];
  const { system, seed, data: { scheme } } = run;
  return await systemOf(system).fresh(system, materialsIn(context, folders), {
    tags,
    domains: { source: tagsOf(source ?? target, scheme), target: tagsOf(target, scheme) },
    train: dataSets.flatMap(({ splits }) => splits.train),
    all: dataSets.flatMap(({ splits }) => Object.values(splits).flat()),
    settings: run,
    seed,
  });
}

/** Gives the source model in a folder, with its tags expanded to the target's. */
export async function transferredModel(
  run: RunConfig,
  modelDir: string,
  tags: TagSet,
): Promise<Loaded> {
  const model = await loadModelFolder(modelDir, locationOptions());
  const parameters = expandTags(model, tags, createRandom(run.seed).fork("transfer"));
  return systemOf(model.system).transferred({ ...model, parameters, tags }, run);
}
