/** The output of many taggers: a linear layer from states to emissions, and a CRF on them. */
import type { Engine } from "../engine/engine.ts";
import type { NdArray } from "../engine/nd_array.ts";
import type { Parameters } from "../weights/parameters.ts";
import { crfLoss } from "./crf.ts";
import { CRF_TAG_AXES, crfParameters, crfShapes } from "./crf_parameters.ts";
import { createGraphBlock } from "./graph_block.ts";
import { linear } from "./ops.ts";
import { viterbi } from "./viterbi.ts";

/** From the states of words to a loss, or to tags. */
export interface CrfOutput {
  /**
   * Computes the mean negative log likelihood of sentences.
   *
   * @param states float32 [W, width], one sentence after another.
   * @returns The loss, its gradient by the states, and those by the parameters.
   */
  lossAndGradients(
    parameters: Parameters,
    states: NdArray,
    tagIds: readonly ArrayLike<number>[],
  ): Promise<{ loss: number; states: NdArray; gradients: Parameters }>;
  /** Finds the most likely tags, int32 [words] of each sentence. */
  decode(parameters: Parameters, states: NdArray, nWords: readonly number[]): Promise<Int32Array[]>;
  dispose(): void;
}

/** Returns the names and shapes of the parameters: width of the states, K tags. */
export const crfOutputShapes = (width: number, K: number): Record<string, number[]> => ({
  "emissions.weight": [K, width],
  "emissions.bias": [K],
  ...crfShapes(K),
});

/** The axes of the parameters that are tags. */
export const CRF_OUTPUT_TAG_AXES: Record<string, readonly number[]> = {
  "emissions.weight": [0],
  "emissions.bias": [0],
  ...CRF_TAG_AXES,
};

/** Compiles the layer. */
export function createCrfOutput(engine: Engine, width: number, K: number): CrfOutput {
  const layer = createGraphBlock(engine, {
    label: "emissions",
    compute: ({ states, weight, bias }) => ({ emissions: linear(states, weight, bias) }),
    axes: { states: ["W", width] },
    outputs: { emissions: ["W", K] },
    by: ["states", "weight", "bias"],
  });
  const emissionsOf = async (parameters: Parameters, states: NdArray) => {
    const weight = parameters["emissions.weight"]!;
    const bias = parameters["emissions.bias"]!;
    return (await layer.forward({ states, weight, bias })).emissions;
  };
  return {
    async lossAndGradients(parameters, states, tagIds) {
      const emissions = await emissionsOf(parameters, states);
      const crf = crfLoss(emissions, tagIds, crfParameters(parameters));
      const d = await layer.backward({ emissions: crf.emissions });
      const gradients = {
        "emissions.weight": d.weight,
        "emissions.bias": d.bias,
        "crf.transitions": crf.transitions,
        "crf.start": crf.start,
        "crf.end": crf.end,
      };
      return { loss: crf.loss, states: d.states, gradients };
    },
    async decode(parameters, states, nWords) {
      return viterbi(await emissionsOf(parameters, states), nWords, crfParameters(parameters));
    },
    dispose: () => layer.dispose(),
  };
}
