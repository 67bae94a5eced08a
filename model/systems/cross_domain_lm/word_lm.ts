/** Word language modelling as a second task of a tagger: each state predicts the word beside its own. */
import { type SampledSoftmaxBatch, sampleSoftmax } from "../../../data/batches/sampled_softmax.ts";
import type { Random } from "../../../data/random.ts";
import { UNK } from "../../../data/words/word_vocabulary.ts";
import type { Engine } from "../../engine/engine.ts";
import { columns, type NdArray, sideBySide, takeRows } from "../../engine/nd_array.ts";
import { tf } from "../../engine/tf.ts";
import { crossEntropyOfRows } from "../../nn/cross_entropy.ts";
import { sumRows } from "../../nn/embedding_table.ts";
import { createGraphBlock } from "../../nn/graph_block.ts";
import type { Gradient } from "../../training/optimizer.ts";
import type { Parameters } from "../../weights/parameters.ts";

/** A loss with its gradients by the states and by the parameters. */
export interface WordLmLoss {
  loss: number;
  /** float32 [W, 2H]. */
  states: NdArray;
  gradients: Record<string, Gradient>;
}

/** A language model on the states of a BiLSTM. */
export interface WordLm {
  /** The number of drawn words from which each right one is told. */
  nSampled: number;
  /**
   * Computes the loss: half of that of the forward states, which predict the word after theirs, and half of that of the
   * backward states, which predict the word before. Beyond a sentence there is UNK.
   *
   * @param states float32 [W, 2H], forward beside backward.
   * @param wordIds Ids of each sentence's words.
   * @param scale What the sum over words is multiplied by.
   * @param draw Draws the words that the right ones are told from; by `sampleSoftmax`.
   */
  lossAndGradients(
    parameters: Parameters,
    states: NdArray,
    wordIds: readonly Int32Array[],
    scale: number,
    draw: (targets: Int32Array) => SampledSoftmaxBatch,
  ): Promise<WordLmLoss>;
  dispose(): void;
}

/** Lists names and shapes of the parameters: V ids of words, all but PAD predicted; H width of a direction. */
export const wordLmShapes = (V: number, H: number): Record<string, number[]> => ({
  "lm.weight": [V - 1, H],
  "lm.bias": [V - 1],
});

/** Draws words for {@link WordLm} from a generator. */
export function drawWords(V: number, nSampled: number, random: Random) {
  return (targets: Int32Array) => sampleSoftmax(targets, { nClasses: V - 1, nSampled, random });
}

/**
 * Lists the words that the states of sentences predict, as classes, which are ids less 1: first the words after, for
 * the forward states, then the words before, for the backward states.
 */
export function neighbours(wordIds: readonly Int32Array[]): Int32Array {
  const after = wordIds.flatMap((ids) => [...ids, UNK].slice(1));
  const before = wordIds.flatMap((ids) => [UNK, ...ids].slice(0, -1));
  return Int32Array.from([...after, ...before], (id) => id - 1);
}

/**
 * Compiles the model: a softmax over sampled words (see `sampleSoftmax`), which both directions and all domains share.
 *
 * @param H Width of a direction's states.
 * @param nSampled The number of drawn words from which each right one is told.
 */
export function createWordLm(engine: Engine, H: number, nSampled: number): WordLm {
  const scores = createGraphBlock(engine, {
    label: "word language model",
    compute: (x) => {
      const right = tf.add(
        tf.sum(tf.mul(x.states, x.right), 1, true),
        tf.add(x.rightBias, x.rightOffset),
      );
      const bias = tf.add(tf.reshape(x.othersBias, [1, nSampled]), x.othersOffset);
      return { scores: tf.concat([right, tf.add(tf.matMul(x.states, x.others, false, true), bias)], 1) };
    },
    axes: {
      states: ["T", H],
      right: ["T", H],
      rightBias: ["T", 1],
      rightOffset: ["T", 1],
      othersOffset: ["T", nSampled],
    },
    outputs: { scores: ["T", 1 + nSampled] },
    by: ["states", "right", "rightBias", "others", "othersBias"],
  });
  return {
    nSampled,

    async lossAndGradients(parameters, states, wordIds, scale, draw) {
      const weight = parameters["lm.weight"]!;
      const bias = { shape: [weight.shape[0]!, 1], data: parameters["lm.bias"]!.data };
      const targets = neighbours(wordIds);
      const T = targets.length;
      const W = states.shape[0]!;
      const { sampledIds, targetBias, sampledBias } = draw(targets);
      // Both directions' states, one below the other.
      const halves = new Float32Array(T * H);
      halves.set(columns(states, 0, H).data);
      halves.set(columns(states, H, H).data, W * H);
      const { scores: logits } = await scores.forward({
        states: { shape: [T, H], data: halves },
        right: takeRows(weight, targets),
        rightBias: takeRows(bias, targets),
        others: takeRows(weight, sampledIds),
        othersBias: takeRows(bias, sampledIds),
        rightOffset: { shape: [T, 1], data: targetBias },
        othersOffset: { shape: [T, nSampled], data: sampledBias },
      });
      const { loss, scores: dScores } = crossEntropyOfRows(logits, new Int32Array(T), scale / 2);
      const d = await scores.backward({ scores: dScores });
      const half = (start: number) => ({
        shape: [W, H],
        data: d.states.data.subarray(start, start + W * H),
      });
      // A word may be the right one of some places, and drawn for others.
      const rows = Int32Array.of(...targets, ...sampledIds);
      return {
        loss,
        states: sideBySide([half(0), half(W * H)]),
        gradients: {
          "lm.weight": sumRows(weight.shape, rows, joined(d.right, d.others)),
          "lm.bias": sumRows(bias.shape, rows, joined(d.rightBias, d.othersBias)),
        },
      };
    },

    dispose: () => scores.dispose(),
  };
}

/** Joins the values of two arrays. */
function joined({ data: first }: NdArray, { data: second }: NdArray): Float32Array {
  const all = new Float32Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
