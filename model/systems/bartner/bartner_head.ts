/** The pointer head of BARTNER (Yan et al. 2021): candidates for the next number, and their scores. */
import { dropoutBy } from "../../bart/bart_blocks.ts";
import { type Tensor, type Tensors, tf } from "../../engine/tf.ts";
import { gatherRows, linear } from "../../nn/ops.ts";
import type { DropoutSites } from "../../nn/site_dropout.ts";

/** The embeddings of entity types, which stand below those of pieces. */
export const TYPES = "types.weight";

/**
 * Lists names and shapes of the parameters on top of BART: an embedding for each type and the MLP of pointers.
 *
 * (The paper's code has five rows more than types, which nothing reads.)
 *
 * @param H BART's width.
 * @param nTypes Number of entity types.
 *
 * @example
 * ```ts
 * import { bartnerShapes } from "@laner/laner";
 *
 * console.log(bartnerShapes(768, 14)["types.weight"]); // [14, 768]
 * ```
 */
export function bartnerShapes(H: number, nTypes: number): Record<string, number[]> {
  return {
    [TYPES]: [nTypes, H],
    "pointer.inner.weight": [H, H],
    "pointer.inner.bias": [H],
    "pointer.outer.weight": [H, H],
    "pointer.outer.bias": [H],
  };
}

/** Lists the head's dropout masks: in the MLP, of candidates' embeddings, and of what they are scored by. */
export function headDropoutSites(H: number, rate: number): DropoutSites {
  const sites = { pointer: ["W", H], candidates: ["V", H], hidden: ["U", H] };
  return Object.fromEntries(Object.entries(sites).map(([site, axes]) => [`dropout.${site}`, { axes, rate }]));
}

/**
 * Where the candidates of each sentence come from and stand. Letters: V candidates of all sentences, C of the
 * sentence with most: the end, the types and the words, in the order of their numbers (data/tags/span_sequences.ts) from 1.
 */
export interface CandidateLayout {
  /** int32 [V]: the word that each candidate is; any for others. */
  candidateWords: Tensor;
  /** int32 [W]: the candidate of each word. */
  wordCandidates: Tensor;
  /** float32 [V, 1]: ½ for words, 0 for others: the part that the encoder has in a candidate. */
  encoderShare: Tensor;
  /** int32 [B, C]: the candidate at each padded place. */
  paddedFromCandidates: Tensor;
  /** int32 [V]: the padded place of each candidate. */
  candidatesFromPadded: Tensor;
  /** float32 [B, 1, C]: 0 at candidates, a large negative number at padding. */
  candidateBias: Tensor;
}

/**
 * Vectors of candidates: the embedding e of the end, of a type; of a word, whose first piece has embedding e and
 * encoder state h, ½ (MLP(h) + e) with MLP = linear, dropout, ReLU, linear.
 *
 * @param words float32 [W, H]: encoder states of the words' first pieces.
 * @param embedded float32 [V, H]: e of each candidate.
 * @param dropout Masks `dropout.pointer` [W, H] and `dropout.candidates` [V, H]; none when predicting.
 * @returns float32 [V, H].
 */
export function candidateVectors(
  parameters: Tensors,
  words: Tensor,
  embedded: Tensor,
  { candidateWords, wordCandidates, encoderShare }: CandidateLayout,
  dropout?: Tensors,
): Tensor {
  const drop = dropoutBy(dropout);
  const dense = (x: Tensor, name: string) =>
    linear(x, parameters[`pointer.${name}.weight`]!, parameters[`pointer.${name}.bias`]!);
  const pointers = dense(tf.relu(drop(dense(words, "inner"), "pointer")), "outer"); // [W, H]
  const e = drop(embedded, "candidates");
  const difference = tf.sub(gatherRows(pointers, candidateWords, wordCandidates), e);
  return tf.add(e, tf.mul(difference, encoderShare));
}

/** The padded layout of targets, [B, L]. */
export interface TargetLayout {
  /** int32 [B, L]: the place of a target at each padded place. */
  paddedFromPlaces: Tensor;
  /** int32 [U]: the padded place of each. */
  placesFromPadded: Tensor;
  /** float32 [B, L, 1]: 1 at real places, 0 at padding. */
  placeMask: Tensor;
}

/**
 * Scores of all candidates at each place of the targets: the product of decoder state and candidate.
 *
 * @param hidden float32 [U, H]: the decoder's last states.
 * @param candidates float32 [V, H]: from `candidateVectors`.
 * @param dropout Mask `dropout.hidden` [U, H]; none when predicting.
 * @returns float32 [U, C].
 */
export function scoreCandidates(
  hidden: Tensor,
  candidates: Tensor,
  layout: TargetLayout & CandidateLayout,
  dropout?: Tensors,
): Tensor {
  const { paddedFromPlaces, placesFromPadded, paddedFromCandidates, candidatesFromPadded } = layout;
  const queries = gatherRows(dropoutBy(dropout)(hidden, "hidden"), paddedFromPlaces, placesFromPadded); // [B, L, H]
  const keys = gatherRows(candidates, paddedFromCandidates, candidatesFromPadded); // [B, C, H]
  const scores = tf.add(tf.matMul(queries, keys, false, true), layout.candidateBias); // [B, L, C]
  // The mask keeps gradients out of padded places.
  const flat = tf.reshape(tf.mul(scores, layout.placeMask), [-1, scores.shape[2]!]);
  return gatherRows(flat, placesFromPadded, paddedFromPlaces);
}
