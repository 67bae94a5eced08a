import type { Random } from "../random.ts";
import { MASKED } from "./batch.ts";

/** Classes drawn by {@link sampleLogUniform}. */
export interface SampledClasses {
  ids: Int32Array;
  /** True if no class occurs twice, because repetitions were drawn again. */
  unique: boolean;
  /** The number of draws, repetitions counted. */
  nTries: number;
}

/**
 * Computes the probability of a class under the log-uniform (Zipfian) distribution, P(k) = log((k + 2) / (k + 1)) /
 * log(n + 1): TensorFlow's `log_uniform_candidate_sampler`. Classes must be ordered by falling frequency: for a
 * `Vocabulary` take id - 1, which leaves PAD out and begins with UNK.
 *
 * @param id The class, from 0.
 * @param nClasses The number of classes.
 *
 * @example
 * ```ts
 * import { logUniformProbability } from "@laner/laner";
 *
 * console.log(logUniformProbability(0, 3), logUniformProbability(2, 3)); // 0.5 and 0.2075
 * ```
 */
export function logUniformProbability(id: number, nClasses: number): number {
  return Math.log1p(1 / (id + 1)) / Math.log1p(nClasses);
}

/**
 * Draws classes from the log-uniform distribution.
 *
 * @param nClasses The number of classes; ids are below it.
 * @param nSampled The number of classes to draw.
 * @param random Draws them.
 * @param options `unique`: whether each class is taken at most once; default true.
 * @throws {Error} If there are not that many classes to draw without repetition.
 *
 * @example
 * ```ts
 * import { createRandom, sampleLogUniform } from "@laner/laner";
 *
 * const { ids, nTries } = sampleLogUniform(10_000, 50, createRandom(1));
 * console.log(ids, nTries); // 50 different classes, most of them small
 * ```
 */
export function sampleLogUniform(
  nClasses: number,
  nSampled: number,
  random: Random,
  { unique = true }: { unique?: boolean } = {},
): SampledClasses {
  if (!Number.isInteger(nClasses) || nClasses < 1 || (unique && !(nSampled <= nClasses))) {
    throw new Error(
      `Cannot sample "${nSampled}" classes: there must be as many or more, current value is ${nClasses}`,
    );
  }
  const ids = new Int32Array(nSampled);
  const seen = new Set<number>();
  const logRange = Math.log1p(nClasses);
  let count = 0;
  let nTries = 0;
  while (count < nSampled) {
    nTries++;
    // By the inverse distribution function; rounding may reach the end of the range.
    const id = Math.min(nClasses - 1, Math.floor(Math.exp(random.uniform() * logRange)) - 1);
    if (unique && seen.has(id)) continue;
    seen.add(id);
    ids[count++] = id;
  }
  return { ids, unique, nTries };
}

/**
 * Computes how often a class of probability p is expected among the drawn ones: p for each draw where classes may
 * repeat, else the probability that it occurs within the tries, 1 - (1 - p)^nTries.
 *
 * TensorFlow also uses the first formula where no repetition happened to be drawn, and so expects frequent classes more
 * than once, which is impossible. Here the second formula holds for all drawings without repetition.
 */
export function expectedCount(probability: number, { unique, nTries }: Omit<SampledClasses, "ids">): number {
  return unique ? -Math.expm1(nTries * Math.log1p(-probability)) : probability * nTries;
}

/** The inputs of a sampled softmax over one drawing of classes, besides weights and states. */
export interface SampledSoftmaxBatch {
  /** The classes drawn for all targets, int32 [S]. */
  sampledIds: Int32Array;
  /** Added to the logits of the targets, [T]: -log of the expected count. */
  targetBias: Float32Array;
  /**
   * Added to the logits of the sampled classes, [T, S]: likewise, and a large negative number where the class is the
   * target itself.
   */
  sampledBias: Float32Array;
}

/**
 * Draws the classes of a sampled softmax (Jean et al. 2015; TensorFlow's `sampled_softmax_loss`): the loss of a target
 * is the cross-entropy of its logit + `targetBias` against the sampled logits + `sampledBias`.
 *
 * @param targets Class of each of T predictions, in an order of falling frequency.
 * @param options The number of classes, the number to draw (once for all targets), and the generator.
 * @throws {Error} If a target is not a class, or there are fewer classes than are to be drawn.
 *
 * @example
 * ```ts
 * import { createRandom, sampleSoftmax } from "@laner/laner";
 *
 * const batch = sampleSoftmax([0, 7], { nClasses: 1000, nSampled: 50, random: createRandom(1) });
 * console.log(batch.sampledIds.length, batch.sampledBias.length); // 50 100
 * ```
 */
export function sampleSoftmax(
  targets: ArrayLike<number>,
  { nClasses, nSampled, random, unique = true }: {
    nClasses: number;
    nSampled: number;
    random: Random;
    unique?: boolean;
  },
): SampledSoftmaxBatch {
  const drawn = sampleLogUniform(nClasses, nSampled, random, { unique });
  const { ids } = drawn;
  const biasOf = (id: number) => -Math.log(expectedCount(logUniformProbability(id, nClasses), drawn));
  const targetBias = Float32Array.from(targets, (id) => {
    if (Number.isInteger(id) && id >= 0 && id < nClasses) return biasOf(id);
    throw new Error(
      `Cannot sample classes for "${id}": a target must be below ${nClasses}, current value is ${id}`,
    );
  });
  const bias = Float32Array.from(ids, biasOf);
  const sampledBias = new Float32Array(targets.length * nSampled);
  for (let t = 0; t < targets.length; t++) {
    for (let s = 0; s < nSampled; s++) {
      sampledBias[t * nSampled + s] = ids[s]! === targets[t]! ? MASKED : bias[s]!;
    }
  }
  return { sampledIds: ids, targetBias, sampledBias };
}
