/** The steps of cross-domain training: on the source, then on the target, or on both together. */
import { type Corpus, corpusTags } from "../data/corpus/corpus.ts";
import type { Scheme } from "../data/tags/tag.ts";
import { type TagSet, unionOfTagSets } from "../data/tags/tag_set.ts";
import type { Sentence } from "../data/text/conll.ts";
import type { TrainingSettings, TrainSettings } from "./settings/settings.ts";
import { freshModel, type ModelRequest, transferredModel } from "./starting_model.ts";
import type { Loaded, Materials } from "./systems/definition.ts";
import { type TrainedModel, trainModel, type TrainModelOptions } from "./train_model.ts";

/** The choice of a model and the settings of its training, by the keys of the configuration. */
export interface TrainingRequest extends ModelRequest, Omit<TrainingSettings, "strategy"> {}

/** Further options of a step. */
export type StepOptions = Omit<TrainModelOptions, "seed" | "settings">;

/** A source and a target. */
export interface Corpora {
  source: Corpus;
  target: Corpus;
  /** The scheme of all tags. */
  scheme: Scheme;
}

/** Returns the tags that a source model is trained with: its own, or both corpora's (`labelSpace: joint`). */
export function sourceTags({ model }: TrainingRequest, { source, target, scheme }: Corpora): TagSet {
  const own = corpusTags(source, scheme);
  return model.labelSpace === "joint" ? unionOfTagSets(own, corpusTags(target, scheme)) : own;
}

/**
 * Returns the request of a source's model: without the settings of `model` that say what is done for a target, so that
 * one source model serves all of their values.
 */
export function sourceRequest<Request extends ModelRequest>(request: Request): Request {
  return { ...request, model: { ...request.model, legalTags: null, newTags: null, factoredTags: null } };
}

/** Trains a new model on the source. */
export async function trainOnSource(
  request: TrainingRequest,
  materials: Materials,
  corpora: Corpora,
  options: StepOptions,
): Promise<TrainedModel> {
  const tags = sourceTags(request, corpora);
  const model = await freshModel(sourceRequest(request), materials, { ...corpora, tags });
  const settings = { ...request.pretrain, patience: null, keep: null, rDrop: null };
  const data = { train: { source: corpora.source.train } };
  return await trainModel(model, data, { ...options, seed: request.seed, settings });
}

/**
 * Trains a model on the target.
 *
 * @param start The source's model, or the materials of a new model.
 */
export async function trainOnTarget(
  request: TrainingRequest,
  start: { sourceModel: Loaded } | { materials: Materials },
  { target, scheme }: Omit<Corpora, "source">,
  options: StepOptions,
): Promise<TrainedModel> {
  const tags = corpusTags(target, scheme);
  const model = "sourceModel" in start
    ? transferredModel(request, start.sourceModel, tags)
    : await freshModel(request, start.materials, { tags, source: null, target });
  const data = { train: { target: target.train }, dev: target.dev };
  const { seed, train: settings, model: { factoredTags } } = request;
  return await trainModel(model, data, { ...options, seed, settings, factoredTags: factoredTags ?? false });
}

/** Returns the settings of training on both corpora; keys that `joint` lacks come from `train`. */
export function jointSettings({ train, joint }: TrainingRequest): TrainSettings & TrainingSettings["joint"] {
  return { ...train, ...joint };
}

/** Trains a new model on the source and the target together, with the tags of both. */
export async function trainJointly(
  request: TrainingRequest,
  materials: Materials,
  { source, target, scheme }: Corpora,
  options: StepOptions,
): Promise<TrainedModel> {
  const tags = unionOfTagSets(corpusTags(source, scheme), corpusTags(target, scheme));
  const model = await freshModel(request, materials, { tags, source, target });
  const { upsample: times, ...settings } = jointSettings(request);
  const train = { source: source.train, target: upsample(source.train, target.train, times) };
  return await trainModel(model, { train, dev: target.dev }, { ...options, seed: request.seed, settings });
}

/**
 * Repeats the target's sentences for an epoch of joint training.
 *
 * @param times The number of times; null for the number that brings the target nearest to the source's size.
 */
export function upsample(
  source: readonly Sentence[],
  target: readonly Sentence[],
  times: number | null,
): Sentence[] {
  const n = times ?? Math.max(1, Math.round(source.length / target.length));
  return Array.from({ length: n }, () => target).flat();
}
