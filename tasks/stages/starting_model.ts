/** What a training begins with: a new model, on an encoder, of words, or on BART, or the source's with other tags. */
import { createRandom } from "../../data/random.ts";
import type { TagSet } from "../../data/tags/tag_set.ts";
import { loadModelFolder } from "../../model/model_folder.ts";
import { isBertModel, type LoadedModel } from "../../model/systems/model.ts";
import { isBertSystem, isWordSystem } from "../../model/systems/systems.ts";
import { expandTags } from "../../model/transfer.ts";
import { freshBartModel } from "./fresh_bart_model.ts";
import { freshBertModel } from "./fresh_bert_model.ts";
import { freshWordModel } from "./fresh_word_model.ts";
import type { ModelPurpose, ModelRequest } from "./model_request.ts";
import { locationOptions, type StageContext } from "./stage_context.ts";

/** A new model, from the folders of what its system stands on: the encoder, word vectors. */
export async function freshModel(
  context: StageContext,
  request: ModelRequest,
  folders: Readonly<Record<string, string>>,
  purpose: ModelPurpose,
): Promise<LoadedModel> {
  const { system } = request;
  const [dir] = Object.values(folders);
  if (isBertSystem(system)) return await freshBertModel({ ...request, system }, dir, purpose);
  if (isWordSystem(system)) return await freshWordModel(context, { ...request, system }, folders, purpose);
  return await freshBartModel({ ...request, system }, dir, purpose);
}

/** The source model in a folder, with its tags expanded to the target's. */
export async function transferredModel(
  { config, seed }: ModelRequest,
  modelDir: string,
  tags: TagSet,
): Promise<LoadedModel> {
  const model = await loadModelFolder(modelDir, locationOptions());
  const parameters = expandTags(model, tags, createRandom(seed).fork("transfer"));
  if (!isBertModel(model)) return { ...model, parameters, tags };
  const { dropout } = config.model;
  return { ...model, parameters, tags, config: { ...model.config, dropout, attentionDropout: dropout } };
}
