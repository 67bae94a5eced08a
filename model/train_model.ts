/** Training one model on tagged sentences, with the best epoch on dev. */
import type { Domain } from "../data/batches/domain_batches.ts";
import { encodeCorpus, type WordEncoder } from "../data/pieces/encode_corpus.ts";
import { createRandom } from "../data/random.ts";
import { placeOf, type Sentence } from "../data/text/conll.ts";
import type { Engine } from "./engine/engine.ts";
import { mixedEngine } from "./engine/mixed_precision.ts";
import type { TrainSettings } from "./settings/settings.ts";
import { checkPrecision } from "./systems/check_precision.ts";
import { createSystem } from "./systems/create_system.ts";
import type { Loaded } from "./systems/definition.ts";
import { systemOf } from "./systems/systems.ts";
import { createTagger, type Tagger } from "./tagger.ts";
import { factoredTags } from "./training/factored_tags.ts";
import { createLossScaler } from "./training/loss_scaler.ts";
import { NotFiniteError } from "./training/not_finite_error.ts";
import type { TaggedSentence } from "./training/system.ts";
import { train, type TrainRecord } from "./training/train.ts";
import type { TrainingContext } from "./training/training_context.ts";

/** The sentences that a model is trained on. */
export interface TrainingData {
  train: Partial<Record<Domain, readonly Sentence[]>>;
  /** Sentences that choose the best epoch; without them the last epoch is kept. */
  dev?: readonly Sentence[];
}

/** Options of `trainModel`. */
export interface TrainModelOptions extends Omit<TrainingContext, "random"> {
  engine: Engine;
  seed: number;
  settings: TrainSettings;
  /** True to train the rows of tags as sums (see model/training/factored_tags.ts). Default: false. */
  factoredTags?: boolean;
}

/** A model that has been trained. */
export interface TrainedModel {
  model: Loaded;
  /** The course of its training. */
  training: TrainRecord;
  /** The trained model as a tagger, which the caller disposes. */
  tagger: Tagger;
}

/**
 * Trains a model in place. If the signal stops the training, the best epoch so far is kept.
 *
 * @throws Error if the engine or the system does not train in the precision of the settings; if a loss is not finite,
 * naming the sentences of its batch; the cause is a `NotFiniteError`.
 */
export async function trainModel(
  model: Loaded,
  data: TrainingData,
  { engine, seed, settings: { precision, ...settings }, factoredTags: isFactored = false, ...context }:
    TrainModelOptions,
): Promise<TrainedModel> {
  const { tokenizer } = model;
  const { batching, isOfMaterial } = systemOf(model.system);
  checkPrecision("precision", precision, model.system, engine);
  const lossScaler = precision === "float16" ? createLossScaler() : undefined;
  const mixed = precision ? mixedEngine(engine, { precision, lossScale: lossScaler }) : engine;
  const plain = createSystem(mixed, model);
  const factored = isFactored ? factoredTags(plain, tagTables(model)) : null;
  const system = factored ?? plain;
  const tagger = createTagger(system, tokenizer, model);
  const sentences = DOMAINS.flatMap((domain) =>
    encodeTagged(data.train[domain] ?? [], model, tokenizer).map((sentence) => ({ ...sentence, domain }))
  );
  try {
    const training = await train(system, sentences, {
      ...settings,
      ...context,
      lossScaler,
      batching,
      isOfEncoder: isOfMaterial,
      random: createRandom(seed).fork("train"),
      evaluate: data.dev && devScore(tagger, data.dev, context.signal),
    });
    await factored?.fold();
    return { model, training, tagger };
  } catch (error) {
    tagger.dispose();
    throw error instanceof NotFiniteError ? named(error, model, data) : error;
  }
}

const DOMAINS = ["source", "target"] as const;

/** Lists the tables of a model that have a row for each tag: its output layer, and its label embeddings. */
function tagTables({ system, parameters }: Loaded): string[] {
  return Object.entries(systemOf(system).tagAxes)
    .filter(([name, axes]) => axes.join() === "0" && parameters[name]!.shape.length === 2)
    .map(([name]) => name);
}

/** Returns a function that scores dev; the tags of one epoch serve as guesses for the next, as few of them change. */
function devScore(tagger: Tagger, dev: readonly Sentence[], signal?: AbortSignal): () => Promise<number> {
  let guesses: readonly (readonly string[])[] | undefined;
  return async () => {
    const { scores, predicted } = await tagger.evaluate(dev, { signal, guesses });
    guesses = predicted;
    return scores.f1;
  };
}

/** Returns an error that names the sentences of the batch that failed; a part of an over-long one has its name. */
function named(error: NotFiniteError, { tokenizer, maxPieces }: Loaded, data: TrainingData): Error {
  const all = DOMAINS.flatMap((domain) => data.train[domain] ?? []);
  const { places } = encodeCorpus(all.map(({ words }) => words), tokenizer, maxPieces);
  const members = error.members.map((part) => placeOf(all[places[part]!.sentence]!, 0));
  return new Error(`${error.message}, in the batch of ${members.join(", ")}`, { cause: error });
}

/** Encodes training sentences with their tag ids; each part of an over-long sentence becomes a sentence of its own. */
export function encodeTagged(
  sentences: readonly Sentence[],
  model: Pick<Loaded, "tags" | "maxPieces">,
  tokenizer: WordEncoder,
): TaggedSentence[] {
  const ids = sentences.map((sentence) => model.tags.idsOf(sentence));
  const { parts, places } = encodeCorpus(sentences.map(({ words }) => words), tokenizer, model.maxPieces);
  return parts.map((part, i) => {
    const { sentence, start, end } = places[i]!;
    return { ...part, tagIds: ids[sentence]!.slice(start, end) };
  });
}
