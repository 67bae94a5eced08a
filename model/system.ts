/** What the training loop, scoring and checkpoints know about a system: any network that tags words. */
import type { EncodedSentence } from "../data/batch.ts";
import type { Random } from "../data/random.ts";
import type { TagSet } from "../data/tag_set.ts";
import type { Gradient } from "./adam.ts";
import type { Parameters } from "./parameters.ts";

/** An encoded sentence with the id of each word's tag. */
export interface TaggedSentence extends EncodedSentence {
  tagIds: ArrayLike<number>;
}

/** Predicted tags. */
export interface TagPrediction {
  /** Tag ids of the words of each sentence. */
  tagIds: Int32Array[];
  /** How many passes decoding took for each sentence (see model/greedy.ts). */
  nPasses: number[];
}

/** A network that tags words. */
export interface System {
  readonly tags: TagSet;
  /** All of its parameters; training changes the values in place. */
  readonly parameters: Parameters;
  /**
   * Mean loss over the words of a batch and its gradients. The gradients may be overwritten by the next call.
   *
   * @param random Draws the dropout; without it there is none.
   */
  lossAndGradients(
    sentences: readonly TaggedSentence[],
    random?: Random,
  ): Promise<{ loss: number; gradients: Record<string, Gradient> }>;
  /**
   * Predicts the tags of words, sentence by sentence in the order given, whatever batches are made of them.
   *
   * @param onProgress Told how many sentences are done.
   */
  predict(sentences: readonly EncodedSentence[], onProgress?: (done: number) => void): Promise<TagPrediction>;
  /** Frees what the engine holds for it. */
  dispose(): void;
}
