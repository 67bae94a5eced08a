/** What a training begins with: a new model, or the source's with other tags. */
import { type Corpus, corpusTags } from "../data/corpus/corpus.ts";
import { createRandom } from "../data/random.ts";
import type { TagSet } from "../data/tags/tag_set.ts";
import type { Loaded, Materials, SystemSettings } from "./systems/definition.ts";
import { systemOf } from "./systems/systems.ts";
import { expandTags } from "./transfer.ts";

/** Which model is trained, by the keys of the configuration. */
export interface ModelRequest extends SystemSettings {
  /** Name of the system. */
  system: string;
  seed: number;
}

/** What a new model is for. */
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

/** Makes the target's model of the source's: its tags are expanded to the target's. */
export function transferredModel(request: ModelRequest, source: Loaded, tags: TagSet): Loaded {
  const parameters = expandTags(source, tags, createRandom(request.seed).fork("transfer"));
  return systemOf(source.system).transferred({ ...source, parameters, tags }, request);
}
