/** Holding sentences out of train, where a corpus has no dev. */
import { createRandom } from "../random.ts";
import type { Sentence } from "../text/conll.ts";
import type { Corpus } from "./corpus.ts";

/** The part of train that becomes dev where there is none. */
export const HELD_OUT = { devFraction: 0.1, devSeed: 13 } as const;

/** Options of {@link holdOut}. */
export interface HoldOutOptions {
  /** The share that becomes dev. */
  fraction: number;
  seed: number;
  /** The name of the training sentences in errors. */
  source: string;
}

/**
 * Splits training sentences in two, each part in the order of the whole.
 *
 * @throws If one of the parts would be empty.
 */
export function holdOut(
  sentences: readonly Sentence[],
  { fraction, seed, source }: HoldOutOptions,
): Pick<Corpus, "train" | "dev"> {
  const nDev = Math.round(sentences.length * fraction);
  if (nDev < 1 || nDev >= sentences.length) {
    throw new Error(
      `Cannot split "${source}": must have enough sentences to hold ${fraction} of them out as dev, ` +
        `or a dev.txt beside it, current value is ${sentences.length}`,
    );
  }
  const order = createRandom(seed).shuffle(sentences.map((_, i) => i));
  const chosen = new Set(order.slice(0, nDev));
  return {
    train: sentences.filter((_, i) => !chosen.has(i)),
    dev: sentences.filter((_, i) => chosen.has(i)),
  };
}
