/** New models on a BERT encoder. */
import { createRandom } from "../../data/random.ts";
import { loadEncoderFolder } from "../../model/bert/encoder_folder.ts";
import type { LoadedModel } from "../../model/systems/model.ts";
import { type BertSystemName, SYSTEMS } from "../../model/systems/systems.ts";
import { initialParameters } from "../../model/weights/parameters.ts";
import type { ModelPurpose, ModelRequest } from "./model_request.ts";
import { locationOptions } from "./stage_context.ts";

/** A new model from the encoder in a folder. */
export async function freshBertModel(
  { config, system, seed }: ModelRequest & { system: BertSystemName },
  dir: string,
  { tags }: ModelPurpose,
): Promise<LoadedModel> {
  const { config: bert, parameters, tokenizer } = await loadEncoderFolder(dir, locationOptions());
  const { labelWidth, dropout, maxPieces } = config.model;
  const shapes = SYSTEMS[system].headShapes(bert.hiddenWidth, labelWidth, tags.nTags);
  return {
    system,
    config: { ...bert, dropout, attentionDropout: dropout },
    parameters: { ...parameters, ...initialParameters(shapes, createRandom(seed).fork("head")) },
    tags,
    labelWidth,
    maxPieces: Math.min(maxPieces, bert.maxPositions),
    tokenizer: tokenizer!,
  };
}
