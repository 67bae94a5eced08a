/** Training one model: from an encoder or a source model to a model with its scores. */
import type { Domain } from "../../data/batches/domain_batches.ts";
import { encodeCorpus, type WordEncoder } from "../../data/pieces/encode_corpus.ts";
import { createRandom } from "../../data/random.ts";
import { scoreSpans, type SpanScores } from "../../data/scores/scores.ts";
import { placeOf, type Sentence } from "../../data/text/conll.ts";
import { formatConll } from "../../data/text/format_conll.ts";
import { createSystem } from "../../model/systems/create_system.ts";
import type { Loaded } from "../../model/systems/definition.ts";
import { systemOf } from "../../model/systems/systems.ts";
import { createTagger, type Tagger } from "../../model/tagger.ts";
import type { SgdSettings } from "../../model/training/learning_rate.ts";
import { NotFiniteError } from "../../model/training/not_finite_error.ts";
import type { TaggedSentence } from "../../model/training/system.ts";
import { train, type TrainRecord } from "../../model/training/train.ts";
import type { StageContext } from "./stage_context.ts";

/** What a model is trained on. */
export interface TrainingData {
  train: Partial<Record<Domain, readonly Sentence[]>>;
  /** Chooses the best epoch; without it the last is kept. */
  dev?: readonly Sentence[];
}

/**
 * Trains a model in place; the tagger is to be disposed of by the caller.
 *
 * @throws The signal's reason when it says so; if a loss is not finite, naming the sentences of its batch.
 */
export async function trainModel(
  context: StageContext,
  seed: number,
  model: Loaded,
  data: TrainingData,
  options: TrainSettings,
): Promise<{ training: TrainRecord; tagger: Tagger }> {
  const { tokenizer } = model;
  const system = createSystem(context.engine, model);
  const tagger = createTagger(system, tokenizer, model);
  const domains = ["source", "target"] as const;
  const sentences = domains.flatMap((domain) =>
    encodeTagged(data.train[domain] ?? [], model, tokenizer).map((sentence) => ({ ...sentence, domain }))
  );
  const { dev } = data;
  const { signal } = context;
  const checkpoint = await context.openCheckpoint();
  // Few tags change from one epoch to the next.
  let devTags: string[][] | undefined;
  const scoreDev = async (dev: readonly Sentence[]) => {
    const { scores, predicted } = await tagAndScore(tagger, dev, signal, devTags);
    devTags = predicted;
    return scores.f1;
  };
  try {
    const training = await train(system, sentences, {
      ...options,
      batching: systemOf(model.system).batching,
      random: createRandom(seed).fork("train"),
      evaluate: dev && (() => scoreDev(dev)),
      stage: context.label,
      onProgress: context.report,
      signal,
      checkpoint,
    });
    signal.throwIfAborted();
    return { training, tagger };
  } catch (error) {
    tagger.dispose();
    if (!(error instanceof NotFiniteError)) throw error;
    // A part of an over-long sentence is named as its sentence.
    const all = domains.flatMap((domain) => data.train[domain] ?? []);
    const { places } = encodeCorpus(all.map(({ words }) => words), tokenizer, model.maxPieces);
    const members = error.members.map((part) => placeOf(all[places[part]!.sentence]!, 0));
    throw new Error(`${error.message}, in the batch of ${members.join(", ")}; ${checkpoint.describe()}`, {
      cause: error,
    });
  }
}

/** How a model is trained: keys of the configuration. */
export interface TrainSettings {
  epochs: number;
  /** null for never. */
  patience: number | null;
  batchSize: number;
  learningRate: number;
  clipNorm: number | null;
  sgd: SgdSettings | null;
}

/** Training sentences with tag ids; a part of an over-long sentence is a sentence of its own. */
export function encodeTagged(
  sentences: readonly Sentence[],
  model: Pick<Loaded, "tags" | "maxPieces">,
  tokenizer: WordEncoder,
): TaggedSentence[] {
  const ids = sentences.map((sentence) => model.tags.idsOf(sentence));
  const { parts, places } = encodeCorpus(sentences.map(({ words }) => words), tokenizer, model.maxPieces);
  return parts.map((part, i) => ({
    ...part,
    tagIds: ids[places[i]!.sentence]!.slice(places[i]!.start, places[i]!.end),
  }));
}

/**
 * Predicted tags, also beside the gold ones, as columns, and their scores.
 *
 * @param guesses Tags that each sentence probably gets.
 * @throws The signal's reason when it says so.
 */
export async function tagAndScore(
  tagger: Tagger,
  sentences: readonly Sentence[],
  signal: AbortSignal,
  guesses?: readonly (readonly string[])[],
): Promise<{ scores: SpanScores; predicted: string[][]; conll: string }> {
  const words = sentences.map(({ words }) => words);
  const tagged = await tagger.predict(words, () => signal.throwIfAborted(), guesses);
  const gold = sentences.map(({ tags }) => tags);
  const predicted = tagged.map(({ tags }) => tags);
  return {
    scores: scoreSpans(gold, predicted, { scheme: tagger.tags.scheme }),
    predicted,
    conll: formatConll(sentences, { columns: [predicted] }),
  };
}
