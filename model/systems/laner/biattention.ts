/** The two attentions of LANER: over the sentence's words and over the tags of the words before. */
import { type Tensor, tf } from "../../engine/tf.ts";
import { gatherRows, maskGradient } from "../../nn/ops.ts";

/** The places of words in the padded form (see data/batches/batch.ts): all words, and those whose tags are asked for. */
export interface WordPadding {
  /** int32 [B, N]: the packed word at each padded place; any at padding. */
  paddedFromWords: Tensor;
  /** int32 [V]: the padded place (row of B·N) of each packed word. */
  wordsFromPadded: Tensor;
  /** float32 [B, 1, N]: 0 at words, a large negative number at padding. */
  wordBias: Tensor;
  /** int32 [B, N]: the packed query at each padded place; any where there is none. */
  paddedFromQueries: Tensor;
  /** int32 [W]: the padded place of each packed query. */
  queriesFromPadded: Tensor;
  /** float32 [B, N, 1]: 1 at queries, else 0. */
  queryMask: Tensor;
}

/**
 * Computes the label background, Eq. 5-6: hb_i = Σ_k softmax_k(q_i · h_k) h_k over the words k of i's sentence.
 *
 * @param queries float32 [W, H]: q of the words that are asked for, packed.
 * @param words float32 [V, H]: h of all words of their sentences, packed.
 * @returns float32 [W, H]: hb, packed.
 */
export function labelBackground(queries: Tensor, words: Tensor, padding: WordPadding): Tensor {
  const keys = paddedWords(words, padding); // [B, N, H]
  const weights = weighWords(queries, keys, padding); // [B, N, N]
  // Places without a query have a background too, which nobody reads.
  const background = maskGradient(tf.matMul(weights, keys), padding.queryMask); // [B, N, H]
  const flat = tf.reshape(background, [-1, words.shape[1]!]);
  return gatherRows(flat, padding.queriesFromPadded, padding.paddedFromQueries);
}

/**
 * Computes the weights in the label background, Eq. 5: softmax_k(q_i · h_k) over the words k of i's sentence.
 *
 * @param queries float32 [W, H]: q of the words that are asked for, packed.
 * @param words float32 [V, H]: h of all words of their sentences, packed.
 * @returns float32 [B, N, N]: 0 at padded k; the rows of places without a query mean nothing.
 */
export function backgroundWeights(queries: Tensor, words: Tensor, padding: WordPadding): Tensor {
  return weighWords(queries, paddedWords(words, padding), padding);
}

function paddedWords(words: Tensor, { paddedFromWords, wordsFromPadded }: WordPadding): Tensor {
  return gatherRows(words, paddedFromWords, wordsFromPadded);
}

/** Computes the weights [B, N, N] of padded words, `keys` [B, N, H]. */
function weighWords(queries: Tensor, keys: Tensor, padding: WordPadding): Tensor {
  const asked = gatherRows(queries, padding.paddedFromQueries, padding.queriesFromPadded); // [B, N, H]
  return tf.softmax(tf.add(tf.matMul(asked, keys, false, true), padding.wordBias));
}

/** The tag histories of the words of a batch, R (word, earlier tag) pairs, packed (see data/tags/tag_history.ts). */
export interface HistoryLayout {
  /** int32 [W, M]: the pair of each word and place in its history, M places in the longest; any at padding. */
  paddedFromPairs: Tensor;
  /** int32 [R]: the place (row of W·M) of each pair. */
  pairsFromPadded: Tensor;
  /** int32 [R]: the word of each pair. */
  pairWords: Tensor;
  /** float32 [W, M]: 0 at real places, a large negative number at padding. */
  historyBias: Tensor;
}

/**
 * Computes the label context, Eq. 8: ec_i = Σ_k softmax_k(h'_i · e^(i)_k) e^(i)_k over the places k < i of i's history.
 *
 * @param queries float32 [W, 2D]: h', packed.
 * @param history float32 [R, 2D]: e^(i)_k for all pairs (i, k), packed.
 * @returns float32 [W, 2D]: ec, packed.
 */
export function labelContext(queries: Tensor, history: Tensor, layout: HistoryLayout): Tensor {
  const { paddedFromPairs, pairsFromPadded, pairWords, historyBias } = layout;
  const [W, width] = queries.shape as [number, number];
  const attend = tf.customGrad((queries, history, save) => {
    const states = tf.gather(history as Tensor, paddedFromPairs as tf.Tensor1D); // [W, M, 2D]
    const weights = weighStates(queries as Tensor, states, historyBias); // [W, 1, M]
    (save as tf.GradSaveFunc)([queries as Tensor, states, weights]);
    return {
      value: tf.reshape(tf.matMul(weights, states), [W, width]),
      // By itself TensorFlow.js would spread the gradient over all padded places: M is often twice the mean history.
      gradFunc: (d: Tensor, [queries, states, weights]: Tensor[]) => {
        const dWeights = tf.matMul(tf.reshape(d, [W, 1, width]), states!, false, true);
        // Exactly dWeights where a history has one place, so that its gradient is exactly 0.
        const mean = tf.sum(tf.mul(weights!, dWeights), 2, true);
        const dScores = tf.mul(weights!, tf.sub(dWeights, mean));
        const ofPair = (x: Tensor) =>
          tf.expandDims(tf.gather(tf.reshape(x, [-1]), pairsFromPadded as tf.Tensor1D), 1); // [R, 1]
        const ofWord = (x: Tensor) => tf.gather(x, pairWords as tf.Tensor1D); // [R, 2D]
        const dHistory = tf.add(
          tf.mul(ofPair(weights!), ofWord(d)),
          tf.mul(ofPair(dScores), ofWord(queries!)),
        );
        return [tf.reshape(tf.matMul(dScores, states!), [W, width]), dHistory];
      },
    };
  });
  return attend(queries, history);
}

/**
 * Computes the weights in the label context, Eq. 8: softmax_k(h'_i · e^(i)_k) over the places k < i of i's history.
 *
 * @param queries float32 [W, 2D]: h', packed.
 * @param history float32 [R, 2D]: e^(i)_k for all pairs (i, k), packed.
 * @returns float32 [W, M]: 0 at padding.
 */
export function contextWeights(queries: Tensor, history: Tensor, layout: HistoryLayout): Tensor {
  const states = tf.gather(history, layout.paddedFromPairs as tf.Tensor1D); // [W, M, 2D]
  return tf.squeeze(weighStates(queries, states, layout.historyBias), [1]);
}

/** Weights [W, 1, M] of padded states [W, M, 2D]. */
function weighStates(queries: Tensor, states: Tensor, historyBias: Tensor): Tensor {
  const [W, width] = queries.shape as [number, number];
  const scores = tf.matMul(tf.reshape(queries, [W, 1, width]), states, false, true); // [W, 1, M]
  return tf.softmax(tf.add(scores, tf.expandDims(historyBias, 1)));
}
