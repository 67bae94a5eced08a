/** The model that a training starts from: a new one, or the source's with other tags. */
import { type Corpus, corpusTags } from "../data/corpus/corpus.ts";
import { createRandom } from "../data/random.ts";
import type { TagSet } from "../data/tags/tag_set.ts";
import type { Loaded, Materials, SystemSettings } from "./systems/definition.ts";
import { systemOf } from "./systems/systems.ts";
import { expandTags } from "./transfer.ts";

/** The choice of a model, by the keys of the configuration. */
export interface ModelRequest extends SystemSettings {
  /** Name of the system. */
  system: string;
  seed: number;
}

/** The tags and the corpora of a new model. */
export interface ModelPurpose {
  tags: TagSet;
  /** The corpora that it will be trained on; null without a source. */
  source: Corpus | null;
  target: Corpus;
}

/** Makes a new model. */
export async function freshModel(
  request: ModelRequest,
  materials: Materials,
  { tags, source, target }: ModelPurpose,
): Promise<Loaded> {
  const corpora = source ? [source, target] : [target];
  const { system, seed } = request;
  return await systemOf(system).fresh(system, materials, {
    tags,
    domains: {
      source: corpusTags(source ?? target, tags.scheme),
      target: corpusTags(target, tags.scheme),
    },
    train: corpora.flatMap(({ train }) => train),
    all: corpora.flatMap(({ train, dev, test }) => [...train, ...dev, ...test]),
    settings: request,
    seed,
  });
}

/** Makes the target's model from the source's by expanding its tags to the target's. */
export function transferredModel(request: ModelRequest, source: Loaded, tags: TagSet): Loaded {
  const random = createRandom(request.seed).fork("transfer");
  const parameters = expandTags(source, tags, random, request.model.newTags);
  return systemOf(source.system).transferred({ ...source, parameters, tags }, request);
}
