/**
 * Template regularisation (Liu et al. 2020): the vector of a sentence is drawn towards that of its template, in which a
 * type stands in place of each entity, and away from those of templates with wrong types.
 */
import type { Random } from "../../../data/random.ts";
import type { TypedSpan } from "../../../data/tags/tag_ids.ts";
import type { Engine } from "../../engine/engine.ts";
import type { NdArray } from "../../engine/nd_array.ts";
import { createBiLstm } from "../../nn/bilstm.ts";
import { biLstmShapes } from "../../nn/bilstm_shapes.ts";
import type { Parameters } from "../../weights/parameters.ts";
import { attend, attendGradient } from "./attended_mean.ts";

/** A sentence with entities, as templates are made of it. */
export interface TemplateSentence {
  /** The place of its first word among those of all sentences. */
  first: number;
  /** The vectors of its words, one after another. */
  vectors: Float32Array;
  /** Its entities; `type` is a row of the type vectors. */
  spans: readonly TypedSpan[];
}

/** Computes the regularisation. */
export interface CoachTemplates {
  /**
   * Computes the squared distance between each sentence and its template, less those between it and two wrong ones;
   * means over the 2H values, summed over sentences.
   *
   * @param states float32 [W, 2H]: states of all words.
   * @param types float32 [types, width]: the vectors that stand for entities; they get no gradient, nor do words'.
   * @param scale What the sum is multiplied by.
   * @param random Draws the wrong types; without it they are the next two.
   */
  lossAndGradients(
    parameters: Parameters,
    states: NdArray,
    types: NdArray,
    sentences: readonly TemplateSentence[],
    scale: number,
    random?: Random,
  ): Promise<{ loss: number; states: NdArray; gradients: Parameters }>;
  dispose(): void;
}

const lstmOptions = (wordWidth: number, width: number, nLayers: number) => ({
  name: "template_lstm",
  inputWidth: wordWidth,
  width,
  nLayers,
});

/** Lists names and shapes of the parameters: a BiLSTM for templates, and attention to its states and the sentence's. */
export const templateShapes = (
  wordWidth: number,
  width: number,
  nLayers: number,
): Record<string, number[]> => ({
  ...biLstmShapes(lstmOptions(wordWidth, width, nLayers)),
  "template_attention.weight": [1, 2 * width],
  "utterance_attention.weight": [1, 2 * width],
});

/** Compiles the regularisation. A sentence and a template are read as the mean of their states, weighted by a softmax. */
export function createCoachTemplates(
  engine: Engine,
  wordWidth: number,
  width: number,
  nLayers: number,
): CoachTemplates {
  const lstm = createBiLstm(engine, lstmOptions(wordWidth, width, nLayers));
  const H = 2 * width;
  return {
    async lossAndGradients(parameters, states, types, sentences, scale, random) {
      const [forTemplate, forUtterance] = ["template", "utterance"].map((name) =>
        parameters[`${name}_attention.weight`]!.data
      );
      const nTypes = types.shape[0]!;
      const templates: Float32Array[] = [];
      // Of each sentence the right template, then two wrong ones.
      for (const sentence of sentences) {
        for (let wrong = 0; wrong < 3; wrong++) {
          templates.push(
            templateOf(sentence, types, wordWidth, (type) => otherType(type, wrong, nTypes, random)),
          );
        }
      }
      const lengths = templates.map(({ length }) => length / wordWidth);
      const x = { shape: [lengths.reduce((sum, n) => sum + n, 0), wordWidth], data: joined(templates) };
      const read = (await lstm.forward(parameters, x, lengths)).states;
      const dRead = { shape: read.shape, data: new Float32Array(read.data.length) };
      const dStates = { shape: states.shape, data: new Float32Array(states.data.length) };
      const dTemplate = new Float32Array(H);
      const dUtterance = new Float32Array(H);
      let loss = 0;
      let start = 0;
      let template = 0;
      for (const { first, vectors } of sentences) {
        const n = vectors.length / wordWidth;
        const dVector = new Float32Array(H);
        const utterance = attend(states.data, first, n, forUtterance!);
        for (const sign of [1, -1, -1]) {
          const length = lengths[template++]!;
          const own = attend(read.data, start, length, forTemplate!);
          const d = new Float32Array(H);
          for (let j = 0; j < H; j++) {
            const difference = own.vector[j]! - utterance.vector[j]!;
            loss += sign * scale * difference * difference / H;
            d[j] = 2 * sign * scale * difference / H;
            dVector[j]! -= d[j]!;
          }
          attendGradient(read.data, start, own, forTemplate!, d, dRead.data, dTemplate);
          start += length;
        }
        attendGradient(states.data, first, utterance, forUtterance!, dVector, dStates.data, dUtterance);
      }
      const { gradients } = await lstm.backward({ states: dRead });
      return {
        loss,
        states: dStates,
        gradients: {
          ...gradients,
          "template_attention.weight": { shape: [1, H], data: dTemplate },
          "utterance_attention.weight": { shape: [1, H], data: dUtterance },
        },
      };
    },
    dispose: () => lstm.dispose(),
  };
}

/** Returns the type in the right template (`wrong` 0), or in the first or second wrong one. */
function otherType(type: number, wrong: number, nTypes: number, random?: Random): number {
  if (wrong === 0 || nTypes < 2) return type;
  const step = random ? 1 + random.integer(nTypes - 1) : wrong;
  return (type + step) % nTypes;
}

/** Lists the vectors of a sentence's words, with a type's vector where an entity is. */
function templateOf(
  { vectors, spans }: TemplateSentence,
  types: NdArray,
  width: number,
  typeFor: (type: number) => number,
): Float32Array {
  const parts: Float32Array[] = [];
  let after = 0;
  for (const { start, end, type: gold } of spans) {
    const type = typeFor(gold);
    parts.push(
      vectors.subarray(after * width, start * width),
      types.data.subarray(type * width, (type + 1) * width),
    );
    after = end;
  }
  return joined([...parts, vectors.subarray(after * width)]);
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
