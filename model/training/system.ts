/** Systems as training, scoring and checkpoints know them: any network that tags words. */
import type { EncodedSentence } from "../../data/batches/batch.ts";
import type { Domain } from "../../data/batches/domain_batches.ts";
import type { Random } from "../../data/random.ts";
import type { TagSet } from "../../data/tags/tag_set.ts";
import type { Engine } from "../engine/engine.ts";
import type { Parameters } from "../weights/parameters.ts";
import type { Gradient } from "./optimizer.ts";

/** An encoded sentence with the id of each word's tag. */
export interface TaggedSentence extends EncodedSentence {
  tagIds: ArrayLike<number>;
  /** The data set that it is from; the target unless told. */
  domain?: Domain;
}

/** An encoded sentence that is to be tagged. */
export interface UntaggedSentence extends EncodedSentence {
  /** Tag ids that its words probably get: they may save time, and change no prediction. */
  guess?: ArrayLike<number> | undefined;
}

/** Predicted tags. */
export interface TagPrediction {
  /** Tag ids of the words of each sentence. */
  tagIds: Int32Array[];
}

/**
 * A network that tags words. Calls that overlap wait for each other, so that each gives what it gives alone; where
 * predictions come between the steps of a training, each is made with the parameters of one step.
 */
export interface System {
  readonly tags: TagSet;
  /** All of its parameters that are trained; training changes the values in place. */
  readonly parameters: Parameters;
  /** The engine, if it may hold the parameters while they are trained; without it they are plain arrays. */
  readonly holder?: Engine | undefined;
  /**
   * Prepares for all sentences before they are trained on. Their order is always the same, so that what is computed
   * once for them is the same in every run of the training.
   */
  prepare?: ((sentences: readonly EncodedSentence[]) => Promise<void>) | undefined;
  /** True if `lossAndGradients` compares two passes where it is told to. */
  readonly comparesPasses?: true | undefined;
  /** Counts the terms that a batch's loss is the mean of; its words unless told. */
  lossTerms?: ((sentences: readonly TaggedSentence[]) => number) | undefined;
  /**
   * Computes the mean loss of a batch, over its words or other terms, and its gradients. The gradients may be
   * overwritten by the next call.
   *
   * @param random Draws the dropout; without it there is none.
   * @param rDrop Weight of the divergence between two passes, which is added to the mean of their losses (see
   * model/nn/r_drop.ts); without it there is one pass. Only for a system that compares passes.
   */
  lossAndGradients(
    sentences: readonly TaggedSentence[],
    random?: Random,
    rDrop?: number,
  ): Promise<{ loss: number; gradients: Record<string, Gradient> }>;
  /**
   * Predicts the tags of words, sentence by sentence in the order given, whatever batches are made of them.
   *
   * @param onProgress Told how many sentences are done.
   */
  predict(
    sentences: readonly UntaggedSentence[],
    onProgress?: (done: number) => void,
  ): Promise<TagPrediction>;
  /** Does other work between two calls, as a step that changes what the engine holds takes its time. */
  inTurn?<T>(work: () => Promise<T>): Promise<T>;
  /** Frees what the engine holds for it. */
  dispose(): void;
}

/** The methods of a system that run one at a time, whoever calls them (see `oneAtATime`). */
export const SYSTEM_CALLS = ["prepare", "lossAndGradients", "predict"] as const satisfies (keyof System)[];
