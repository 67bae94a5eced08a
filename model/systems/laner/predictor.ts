/** The predictor of LANER: from word states and label states to logits, Eq. 4-10, whole or with a part left out. */
import { type Tensor, type Tensors, tf } from "../../engine/tf.ts";
import { linear } from "../../nn/ops.ts";
import { type HistoryLayout, labelBackground, labelContext, type WordPadding } from "./biattention.ts";

/** The summaries of the tag history that a model has: both, or one in an ablation. */
export interface Parts {
  labelBackground: boolean;
  labelContext: boolean;
}

/** Label states of a batch (see model/systems/laner/label_states.ts): those that the model's parts use. */
export interface LabelStates {
  /** float32 [W, 2D]: e^(i)_{i-1}, the last state of each word's history; for the label background. */
  lastStates?: Tensor | undefined;
  /** float32 [R, 2D]: e^(i)_k for all (word, place) pairs; for the label context. */
  history?: Tensor;
}

/** The predictor's logits and the values that lead to them; those of a part that is left out are absent. */
export interface Prediction {
  /** float32 [W, K]. */
  logits: Tensor;
  /** q, Eq. 4: float32 [W, H]. */
  queries?: Tensor;
  /** hb, Eq. 6: float32 [W, H]. */
  background?: Tensor;
  /** h', Eq. 7: float32 [W, 2D]. */
  contextQueries?: Tensor;
  /** ec, Eq. 8: float32 [W, 2D]. */
  context?: Tensor;
}

/** Lists names and shapes of the predictor's parameters: H encoder width, D label width, K tags. */
export function predictorShapes(parts: Parts, H: number, D: number, K: number): Record<string, number[]> {
  const shapes: Record<string, number[]> = {};
  const layer = (name: string, out: number, input: number) => {
    shapes[`${name}.weight`] = [out, input];
    shapes[`${name}.bias`] = [out];
  };
  const background = parts.labelBackground ? H : 0;
  if (parts.labelBackground) layer("background_query", H, 2 * D);
  if (parts.labelContext) layer("context_query", 2 * D, H + background);
  layer("out", K, H + background + (parts.labelContext ? 2 * D : 0));
  return shapes;
}

/**
 * Predicts the tags of all words of a batch from given histories.
 *
 * q_i = W2 e^(i)_{i-1} + b2 (Eq. 4), hb_i by `labelBackground`, h'_i = W3 [h_i; hb_i] + b3 (Eq. 7), ec_i by
 * `labelContext`, logits Wo [h_i; hb_i; ec_i] + bo (Eq. 9-10). Without label background h'_i = W3 h_i + b3.
 *
 * @param parts Which parts the model has.
 * @param parameters Tensors by the names of `predictorShapes`.
 * @param h float32 [W, H]: states of the words to predict.
 * @param states Label states.
 * @param layout Padding of words and histories.
 * @param words float32 [V, H]: states of all words of their sentences, when those are more.
 */
export function predict(
  parts: Parts,
  parameters: Tensors,
  h: Tensor,
  states: LabelStates,
  layout: WordPadding & HistoryLayout,
  words = h,
): Prediction {
  const layer = (x: Tensor, name: string) =>
    linear(x, parameters[`${name}.weight`]!, parameters[`${name}.bias`]!);
  const result: Omit<Prediction, "logits"> = {};
  let evidence = h;
  if (parts.labelBackground) {
    result.queries = layer(states.lastStates!, "background_query");
    result.background = labelBackground(result.queries, words, layout);
    evidence = tf.concat([h, result.background], 1);
  }
  if (parts.labelContext) {
    result.contextQueries = layer(evidence, "context_query");
    result.context = labelContext(result.contextQueries, states.history!, layout);
    evidence = tf.concat([evidence, result.context], 1);
  }
  return { ...result, logits: layer(evidence, "out") };
}
