/** Features of words in their sentences that are computed by a network which is not trained any more. */
import type { EncodedSentence } from "../../data/batches/batch.ts";
import { lengthBatches } from "../../data/batches/length_batches.ts";
import type { NdArray } from "../engine/nd_array.ts";

/** Computes features. */
export interface WordFeatures {
  /** Numbers of a word. */
  width: number;
  /** Computes the features of the words of sentences, packed: float32 [W, width]. */
  of(sentences: readonly EncodedSentence[]): Promise<NdArray>;
  dispose(): void;
}

/** Numbers that are remembered at most: 256 MB. */
const MOST = 1 << 26;

/** Features that are remembered. */
export interface RememberedFeatures extends WordFeatures {
  /** Computes those of some sentences; in the same order they are the same to the bit. */
  prepare(sentences: readonly EncodedSentence[]): Promise<void>;
}

/** Sentences whose features are computed together when they are prepared. */
const PREPARED = 32;

/**
 * Computes features once for each sentence, as they do not change: the epochs of a training after the first
 * look them up. What is over 256 MB is computed anew.
 */
export function remembered(features: WordFeatures): RememberedFeatures {
  const { width } = features;
  const known = new Map<string, Float32Array>();
  let size = 0;
  const all: RememberedFeatures = {
    width,
    async prepare(sentences) {
      // Those of like length together, so that few wait for the longest.
      const batches = lengthBatches(sentences, { lengthOf: ({ words }) => words!.length, limit: PREPARED });
      for (const batch of batches) await all.of(batch.map((i) => sentences[i]!));
    },
    async of(sentences) {
      const keys = sentences.map(({ words }) => words!.join(" "));
      const found = keys.map((key) => known.get(key));
      const missing = sentences.filter((_, i) => !found[i]);
      if (missing.length > 0) {
        const { data } = await features.of(missing);
        let start = 0;
        sentences.forEach(({ words }, i) => {
          if (found[i]) return;
          const end = start + words!.length * width;
          const own = found[i] = data.slice(start, end);
          start = end;
          if (known.has(keys[i]!) || size + own.length > MOST) return;
          known.set(keys[i]!, own);
          size += own.length;
        });
      }
      const data = new Float32Array(found.reduce((sum, one) => sum + one!.length, 0));
      let start = 0;
      for (const one of found) {
        data.set(one!, start);
        start += one!.length;
      }
      return { shape: [data.length / width, width], data };
    },
    dispose() {
      known.clear();
      features.dispose();
    },
  };
  return all;
}
