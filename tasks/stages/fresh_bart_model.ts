/** New models on BART. */
import { createRandom } from "../../data/random.ts";
import { lengthRatioOf, spansToSequence } from "../../data/tags/span_sequences.ts";
import { tagsToSpans } from "../../data/tags/tag_scheme.ts";
import { typeWords } from "../../data/words/type_words.ts";
import { loadBartFolder } from "../../model/bart/bart_folder.ts";
import { bartnerTypes } from "../../model/systems/bartner/bartner_system.ts";
import type { LoadedModel } from "../../model/systems/model.ts";
import type { BartSystemDefinition } from "../../model/systems/system.ts";
import { type BartSystemName, SYSTEMS } from "../../model/systems/systems.ts";
import { initialParameters } from "../../model/weights/parameters.ts";
import { tagsOf } from "../data_sets/data_tags.ts";
import type { ModelPurpose, ModelRequest } from "./model_request.ts";
import { locationOptions } from "./stage_context.ts";

/**
 * A new model from the BART in a folder.
 *
 * How long sequences may become is what the training sentences of both data sets need.
 */
export async function freshBartModel(
  { config: { model, data: { scheme } }, system, seed }: ModelRequest & { system: BartSystemName },
  dir: string,
  { tags, source, target }: ModelPurpose,
): Promise<LoadedModel> {
  const { config, parameters: bart, tokenizer } = await loadBartFolder(dir, locationOptions());
  const domains = { source: tagsOf(source ?? target, scheme), target: tagsOf(target, scheme) };
  const about = { config, tags, domains }, definition: BartSystemDefinition = SYSTEMS[system];
  const head = initialParameters(definition.headShapes(about), createRandom(seed).fork("head"));
  const parameters = { ...bart, ...head };
  definition.initialise(
    parameters,
    about,
    (type) => typeWords(type).flatMap((word) => [...tokenizer.encodeWord(word)]),
  );
  const types = bartnerTypes(domains), train = [source, target].flatMap((set) => set?.splits.train ?? []);
  const lengthRatio = lengthRatioOf(train.map(({ words, tags }) => {
    const sequence = spansToSequence(tagsToSpans(tags, { scheme }), words.length, types);
    return { nWords: words.length, length: sequence.length };
  }));
  const maxPieces = Math.min(model.maxPieces, config.maxPositions);
  const beams = model.beamSize === null ? {} : { beamSize: model.beamSize };
  return { system, ...about, parameters, lengthRatio, ...beams, maxPieces, tokenizer };
}
