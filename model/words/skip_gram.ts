import type { Random } from "../../data/random.ts";
import type { WordVectors } from "../../data/words/word_vectors.ts";
import { createVocabulary } from "../../data/words/word_vocabulary.ts";
import { defaultsOf } from "../settings/defaults.ts";
import type { WordVectorSettings } from "../settings/settings.ts";
import { WORD_VECTORS } from "../settings/word_keys.ts";
import type { Progress } from "../training/progress.ts";
import { skipGramStep } from "./skip_gram_step.ts";

/**
 * Settings and context of a training; the defaults are those of `words.standIn` in an experiment. The words to each
 * side are `window` at most: how many it is is drawn for each word, so that near ones count more. Of a word with the
 * relative frequency f about √(sample / f) of the places stay.
 */
export interface TrainSkipGramOptions extends Partial<Omit<WordVectorSettings, "lowercase" | "seed">> {
  random: Random;
  stage?: string;
  onProgress?: Progress;
  /** Stops the training, which then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** The result of {@link trainSkipGram}. */
export interface SkipGramResult {
  /** The input vectors, most frequent word first. */
  vectors: WordVectors;
  /** The number of times that each word occurs in the sentences. */
  counts: readonly number[];
  /** Mean loss of a pair and its negatives in each epoch. */
  losses: number[];
}

/** Words between two looks at the signal, and two reports. */
const WORDS_A_ROUND = 5000;

/**
 * Trains word vectors: skip-gram with negative sampling (Mikolov et al. 2013), as word2vec does it on one thread.
 *
 * For each word and each word near it the loss is -log σ(u·v) - Σ log σ(-u'·v), where v is the input vector of the
 * neighbour, u the output vector of the word, and u' those of negatives drawn from the words' frequencies to the
 * power of 3/4; see `skipGramStep`. Sentences are windows' limits, and are read in order.
 *
 * @param sentences Words of each sentence.
 * @returns Vectors of all words that are frequent enough. The same seed gives the same numbers.
 * @throws {Error} If fewer than two words are frequent enough, an epoch has no two of them in a sentence, or `sample`
 * is not above 0; the signal's reason when it says stop.
 *
 * @example
 * ```ts
 * import { createRandom, trainSkipGram } from "@laner/laner";
 *
 * const sentences = Array.from({ length: 50 }, (_, i) => ["the", i % 2 ? "cat" : "dog", "sleeps"]);
 * const { vectors } = await trainSkipGram(sentences, { width: 8, sample: 1, random: createRandom(1) });
 * console.log(vectors.words); // ["sleeps", "the", "cat", "dog"]
 * ```
 */
export async function trainSkipGram(
  sentences: readonly (readonly string[])[],
  options: TrainSkipGramOptions,
): Promise<SkipGramResult> {
  const settings = { ...defaultsOf(WORD_VECTORS), ...options };
  const { width, window, negatives, epochs, minCount, sample, learningRate } = settings;
  const { random, stage = "word vectors", onProgress, signal } = options;
  const vocabulary = createVocabulary(sentences.flat(), { minCount });
  const { words, counts } = vocabulary;
  if (words.length < 2) {
    throw new Error(
      `Cannot train "word vectors": at least 2 words must occur ${minCount} times, current value is ${words.length}`,
    );
  }
  if (!(sample > 0)) {
    throw new Error(`Cannot train "word vectors": sample must be above 0, current value is ${sample}`);
  }
  const rows = new Map(words.map((word, row) => [word, row]));
  const texts = sentences.map((sentence) =>
    sentence.map((word) => rows.get(word) ?? -1).filter((row) => row >= 0)
  );
  const nWords = counts.reduce((total, count) => total + count, 0);
  const kept = counts.map((count) =>
    Math.min(1, Math.sqrt((sample * nWords) / count) + (sample * nWords) / count)
  );

  const [start, thin, near, draw] = ["start", "sample", "window", "negatives"].map((label) =>
    random.fork(label)
  );
  const input = new Float32Array(words.length * width);
  const output = new Float32Array(words.length * width);
  for (let i = 0; i < input.length; i++) input[i] = (start!.uniform() - 0.5) / width;
  const drawNegative = cumulativeSampler(counts.map((count) => count ** 0.75), draw!);
  const targets = new Int32Array(1 + negatives);
  const tables = { input, output, width, gradient: new Float64Array(width) };

  const losses: number[] = [];
  const total = epochs * nWords;
  let done = 0;
  let sinceRound = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    let lossSum = 0;
    let nPairs = 0;
    for (const text of texts) {
      if (sinceRound >= WORDS_A_ROUND) {
        sinceRound = 0;
        // A signal only comes while nothing is being computed.
        await new Promise((resolve) => setTimeout(resolve));
        signal?.throwIfAborted();
        onProgress?.({
          stage,
          done,
          total,
          epoch,
          epochs,
          metrics: nPairs > 0 ? { loss: lossSum / nPairs } : {},
        });
      }
      const rate = learningRate * Math.max(1e-4, 1 - done / total);
      const left = text.filter((row) => kept[row]! >= 1 || thin!.uniform() < kept[row]!);
      for (let i = 0; i < left.length; i++) {
        const reach = 1 + near!.integer(window);
        for (let j = Math.max(0, i - reach); j < Math.min(left.length, i + reach + 1); j++) {
          if (j === i) continue;
          targets[0] = left[i]!;
          let nTargets = 1;
          for (let n = 0; n < negatives; n++) {
            const negative = drawNegative();
            if (negative !== left[i]) targets[nTargets++] = negative;
          }
          lossSum += skipGramStep(tables, left[j]!, targets, nTargets, rate);
          nPairs++;
        }
      }
      done += text.length;
      sinceRound += text.length;
    }
    if (nPairs === 0) {
      throw new Error(
        'Cannot train "word vectors": a sentence must have two words left after sampling frequent ones, none has, ' +
          `current value of sample is ${sample}`,
      );
    }
    losses.push(lossSum / nPairs);
    onProgress?.({ stage, done, total, epoch, epochs, metrics: { loss: losses[epoch - 1]! } });
  }
  return { vectors: { words: [...words], width, data: input }, counts, losses };
}

/** Draws indices in proportion to their weights. */
function cumulativeSampler(weights: readonly number[], random: Random): () => number {
  const sums = new Float64Array(weights.length);
  let sum = 0;
  weights.forEach((weight, i) => sums[i] = sum += weight);
  return () => {
    const place = random.uniform() * sum;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > place) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
