/** LANER's prediction as the paper writes it: word by word, on plain lists in float64, no state shared. */
import { matrixShape, type NdArray } from "../../../../model/engine/nd_array.ts";
import type { Parts } from "../../../../model/systems/laner/predictor.ts";
import type { Parameters } from "../../../../model/weights/parameters.ts";

type Vector = number[];

const dot = (a: Vector, b: Vector) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

function matrix(array: NdArray): Vector[] {
  const [rows, width] = matrixShape(array);
  return Array.from({ length: rows }, (_, i) => [...array.data.subarray(i * width, (i + 1) * width)]);
}

/** softmax_k(query · x_k). */
function weigh(query: Vector, xs: Vector[]): Vector {
  const scores = xs.map((x) => Math.exp(dot(query, x)));
  const total = scores.reduce((sum, s) => sum + s, 0);
  return scores.map((score) => score / total);
}

/** Σ_k weight_k x_k. */
function mix(weights: Vector, xs: Vector[]): Vector {
  return xs[0]!.map((_, j) => xs.reduce((sum, x, k) => sum + weights[k]! * x[j]!, 0));
}

/** Tells whether a tag may come next. */
type IsLegal = (tag: number, before: readonly number[], isLast: boolean) => boolean;

/** Greedy tags of a sentence, and the attention weights that each was predicted with; none of parts that lack. */
export interface NaiveDecoding {
  tags: number[];
  context: Vector[];
  background: Vector[];
}

/** Greedy tags of a sentence; see `naiveDecoding`. */
export function naiveGreedy(
  parts: Parts,
  parameters: Parameters,
  h: Vector[],
  nTags: number,
  isLegal?: IsLegal,
): number[] {
  return naiveDecoding(parts, parameters, h, nTags, undefined, isLegal).tags;
}

/**
 * Decodes a sentence.
 *
 * @param h Encoder states of its words.
 * @param given Tags to make the histories of, instead of those that are predicted.
 * @param isLegal The tags among which to choose; all by default.
 */
export function naiveDecoding(
  parts: Parts,
  parameters: Parameters,
  h: Vector[],
  nTags: number,
  given?: readonly number[],
  isLegal: IsLegal = () => true,
): NaiveDecoding {
  const linear = (name: string, x: Vector) =>
    matrix(parameters[`${name}.weight`]!).map((row, i) => dot(row, x) + parameters[`${name}.bias`]!.data[i]!);
  const embeddings = matrix(parameters["label_embedding.weight"]!);

  function lstm(inputs: Vector[], suffix: string): Vector[] {
    const ih = matrix(parameters[`lstm.weight_ih_l0${suffix}`]!);
    const hh = matrix(parameters[`lstm.weight_hh_l0${suffix}`]!);
    const bi = parameters[`lstm.bias_ih_l0${suffix}`]!.data;
    const bh = parameters[`lstm.bias_hh_l0${suffix}`]!.data;
    const D = hh[0]!.length;
    let state: Vector = new Array(D).fill(0);
    let cell = state;
    return inputs.map((input) => {
      const gates = ih.map((row, j) => dot(row, input) + bi[j]! + dot(hh[j]!, state) + bh[j]!);
      const [i, f, g, o] = [0, 1, 2, 3].map((gate) => gates.slice(gate * D, (gate + 1) * D));
      cell = cell.map((c, j) => sigmoid(f![j]!) * c + sigmoid(i![j]!) * Math.tanh(g![j]!));
      return state = cell.map((c, j) => sigmoid(o![j]!) * Math.tanh(c));
    });
  }

  const tags: number[] = [];
  const context: Vector[] = [];
  const background: Vector[] = [];
  for (const [i, word] of h.entries()) {
    const history = [nTags, ...(given ?? tags).slice(0, i)].map((tag) => embeddings[tag]!);
    const forward = lstm(history, "");
    const backward = lstm(history.toReversed(), "_reverse").reverse();
    const e = forward.map((state, k) => [...state, ...backward[k]!]);
    let evidence = word;
    if (parts.labelBackground) {
      background.push(weigh(linear("background_query", e.at(-1)!), h));
      evidence = [...evidence, ...mix(background[i]!, h)];
    }
    if (parts.labelContext) {
      context.push(weigh(linear("context_query", evidence), e));
      evidence = [...evidence, ...mix(context[i]!, e)];
    }
    const logits = linear("out", evidence)
      .map((score, tag) => (isLegal(tag, given ?? tags, i === h.length - 1) ? score : -Infinity));
    tags.push(logits.indexOf(Math.max(...logits)));
  }
  return { tags, context, background };
}
