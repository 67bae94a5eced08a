/** LANER's prediction as the paper writes it: word by word, on plain lists in float64, no state shared. */
import type { Parameters } from "../../model/parameters.ts";
import type { Parts } from "../../model/predictor.ts";

type Vector = number[];

const dot = (a: Vector, b: Vector) => a.reduce((sum, x, i) => sum + x * b[i], 0);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

function matrix({ shape: [rows, width], data }: Parameters[string]): Vector[] {
  return Array.from({ length: rows }, (_, i) => [...data.subarray(i * width, (i + 1) * width)]);
}

/** Σ_k softmax_k(query · x_k) x_k. */
function attend(query: Vector, xs: Vector[]): Vector {
  const scores = xs.map((x) => Math.exp(dot(query, x))), total = scores.reduce((sum, s) => sum + s, 0);
  return xs[0].map((_, j) => xs.reduce((sum, x, k) => sum + scores[k] / total * x[j], 0));
}

/**
 * Greedy tags of a sentence.
 *
 * @param h Encoder states of its words.
 */
export function naiveGreedy(parts: Parts, parameters: Parameters, h: Vector[], nTags: number): number[] {
  const linear = (name: string, x: Vector) =>
    matrix(parameters[`${name}.weight`]).map((row, i) => dot(row, x) + parameters[`${name}.bias`].data[i]);
  const embeddings = matrix(parameters["label_embedding.weight"]);

  function lstm(inputs: Vector[], suffix: string): Vector[] {
    const [ih, hh] = ["ih", "hh"].map((kind) => matrix(parameters[`lstm.weight_${kind}_l0${suffix}`]));
    const [bi, bh] = ["ih", "hh"].map((kind) => parameters[`lstm.bias_${kind}_l0${suffix}`].data);
    const D = hh[0].length;
    let state: Vector = new Array(D).fill(0), cell = state;
    return inputs.map((input) => {
      const gates = ih.map((row, j) => dot(row, input) + bi[j] + dot(hh[j], state) + bh[j]);
      const [i, f, g, o] = [0, 1, 2, 3].map((gate) => gates.slice(gate * D, (gate + 1) * D));
      cell = cell.map((c, j) => sigmoid(f[j]) * c + sigmoid(i[j]) * Math.tanh(g[j]));
      return state = cell.map((c, j) => sigmoid(o[j]) * Math.tanh(c));
    });
  }

  const tags: number[] = [];
  for (const word of h) {
    const history = [nTags, ...tags].map((tag) => embeddings[tag]);
    const forward = lstm(history, ""), backward = lstm(history.toReversed(), "_reverse").reverse();
    const e = forward.map((state, k) => [...state, ...backward[k]]);
    let evidence = word;
    if (parts.labelBackground) {
      evidence = [...evidence, ...attend(linear("background_query", e.at(-1)!), h)];
    }
    if (parts.labelContext) evidence = [...evidence, ...attend(linear("context_query", evidence), e)];
    const logits = linear("out", evidence);
    tags.push(logits.indexOf(Math.max(...logits)));
  }
  return tags;
}
