/** BERT-CRF: a linear-chain CRF on the word states of the BERT tagger. */
import { type Batch, type EncodedSentence, packBatch } from "../../../data/batches/batch.ts";
import { legalTags } from "../../../data/tags/legal_tags.ts";
import type { BertConfig } from "../../bert/bert_config.ts";
import { createDropout } from "../../bert/dropout_masks.ts";
import { EMBEDDING_TABLES } from "../../bert/embeddings.ts";
import { createPieceEmbedder } from "../../bert/piece_embedder.ts";
import {
  encodeWords,
  wordEncoderArrays,
  wordEncoderAxes,
  type WordEncoderInputs,
} from "../../bert/word_encoder.ts";
import { withSomeShapes } from "../../bert/word_shapes.ts";
import { createBuffers } from "../../engine/buffers.ts";
import type { Arrays, Axes, Engine } from "../../engine/engine.ts";
import { releaseHeld } from "../../engine/held_array.ts";
import type { NdArray } from "../../engine/nd_array.ts";
import { readArrays } from "../../engine/read_arrays.ts";
import type { Tensors } from "../../engine/tf.ts";
import { crfLoss } from "../../nn/crf.ts";
import { CRF_TAG_AXES, crfParameters, crfShapes } from "../../nn/crf_parameters.ts";
import { createDropoutGraph, type DropoutGraph } from "../../nn/dropout_graph.ts";
import { vectorJacobian } from "../../nn/graph_block.ts";
import { oneAtATime } from "../../nn/one_at_a_time.ts";
import { linear } from "../../nn/ops.ts";
import { viterbi } from "../../nn/viterbi.ts";
import { type System, SYSTEM_CALLS } from "../../training/system.ts";
import { type BertSystem, bertSystem, type SystemOptions } from "../bert_system.ts";
import { predictByLength } from "../predict_by_length.ts";

/** BERT-CRF as a line of the table of systems: the tagger's output layer, which makes the emissions, and the CRF. */
export const BERT_CRF: BertSystem = bertSystem({
  headShapes: (H, _D, K) => ({ "out.weight": [K, H], "out.bias": [K], ...crfShapes(K) }),
  tagAxes: { "out.weight": [0], "out.bias": [0], ...CRF_TAG_AXES },
  create: createBertCrf,
});

/**
 * Assembles a BERT-CRF, whose loss is the mean negative log likelihood of sentences.
 *
 * A recorded graph cannot loop over words, so a training step is three calls: emissions by one graph; the CRF's loss
 * and gradients on the host (model/nn/crf.ts); and the gradients of Σ emissions · d.emissions, which by the chain rule are
 * the loss's, by a second graph. That one computes the encoder anew with the same dropout masks, so that a step costs
 * a second forward pass of the encoder. Unrolled into ops, the forward algorithm would be a chain of small kernels for
 * each word, none of which can run beside another, and a graph of its own for each length of sentence.
 *
 * @param options `labelWidth` is not read.
 *
 * @example
 * ```ts
 * import { createBertCrf, createEngine, createRandom, createTagSet, encoderShapes, initialBert } from "@laner/laner";
 * import { initialParameters, SYSTEMS, train } from "@laner/laner";
 *
 * const config = {
 *   vocabularySize: 20, maxPositions: 16, nTokenTypes: 2, hiddenWidth: 8, nLayers: 1, nHeads: 2,
 *   feedForwardWidth: 16, layerNormEpsilon: 1e-12, dropout: 0.1, attentionDropout: 0.1,
 * };
 * const tags = createTagSet(["task"]), random = createRandom(1);
 * const head = initialParameters(SYSTEMS["bert-crf"].headShapes(config.hiddenWidth, 0, tags.nTags), random);
 * const parameters = { ...initialBert(encoderShapes(config), random), ...head };
 * const tagger = createBertCrf({ engine: await createEngine("onnx"), config, tags, parameters });
 *
 * const sentence = { ids: [2, 7, 8, 9, 3], firstPieces: [1, 2, 3], tagIds: [1, 2, 0] };
 * await train(tagger, [sentence], { epochs: 60, learningRate: 0.01, random });
 * console.log((await tagger.predict([sentence])).tagIds[0]); // 1, 2, 0
 * tagger.dispose();
 * ```
 */
export function createBertCrf(
  { engine, config, tags, parameters, legalTags: isLegal = false }: Omit<SystemOptions, "labelWidth">,
): System {
  const graphNames = Object.keys(parameters).filter((name) =>
    !EMBEDDING_TABLES.includes(name) && !Object.hasOwn(CRF_TAG_AXES, name)
  );
  const embedder = createPieceEmbedder(engine, config.hiddenWidth);
  const dropout = createDropout(engine, config);
  const legal = isLegal ? legalTags(tags) : undefined;
  const outputs = createBuffers();
  let last: Record<string, NdArray> = {};
  const graphs = compileEmissions(engine, config, tags.nTags, graphNames, dropout.axes);

  const inputsOf = (batch: Batch) => wordEncoderArrays(embedder, parameters, graphNames, batch);

  const prediction = {
    async pack(sentences: readonly EncodedSentence[]) {
      const batch = packBatch(sentences, config.nHeads);
      return { nWords: batch.nWords, inputs: await inputsOf(batch) };
    },
    async run({ nWords, inputs }: { nWords: number[]; inputs: Arrays }): Promise<Int32Array[]> {
      const { emissions } = await graphs.emissions.run(inputs);
      return viterbi(emissions, nWords, await readArrays(engine, crfParameters(parameters)), legal);
    },
  };

  return oneAtATime<System>({
    tags,
    parameters,
    holder: engine,
    lossTerms: ({ length }) => length,

    async lossAndGradients(sentences, random) {
      const batch = packBatch(withSomeShapes(parameters, sentences, random), config.nHeads);
      const inputs = await inputsOf(batch);
      const masks = random && await dropout.draw(batch, random);
      const { emissions } = await graphs.emissions.run(inputs, masks);
      const { loss, emissions: dEmissions, transitions, start, end } = crfLoss(
        emissions,
        sentences.map(({ tagIds }) => tagIds),
        await readArrays(engine, crfParameters(parameters)),
      );
      releaseHeld(last);
      const { embedded, ...gradients } = last = await graphs.gradients.run(
        { ...inputs, "d.emissions": dEmissions },
        masks,
        outputs,
      );
      return {
        loss,
        gradients: {
          ...gradients,
          ...await embedder.gradients(parameters, batch, embedded!),
          "crf.transitions": transitions,
          "crf.start": start,
          "crf.end": end,
        },
      };
    },

    predict: async (sentences, onProgress) => ({
      tagIds: await predictByLength(sentences, prediction, onProgress),
    }),

    dispose() {
      for (const graph of Object.values(graphs)) graph.dispose();
      embedder.dispose();
      dropout.dispose();
      releaseHeld(last);
    },
  }, SYSTEM_CALLS);
}

/** The graphs of a BERT-CRF: `emissions`, and their `gradients` by parameters and by `embedded` from `d.emissions`. */
function compileEmissions(
  engine: Engine,
  config: BertConfig,
  nTags: number,
  parameterNames: readonly string[],
  dropoutAxes: Axes,
): { emissions: DropoutGraph<"emissions">; gradients: DropoutGraph } {
  const axes = wordEncoderAxes(config);
  const emissionsOf = (x: WordEncoderInputs, masks?: Tensors) => ({
    emissions: linear(encodeWords(config, x, x, masks), x["out.weight"]!, x["out.bias"]!),
  });
  return {
    emissions: createDropoutGraph({ engine, label: "emissions", compute: emissionsOf, axes, dropoutAxes }),
    gradients: createDropoutGraph({
      engine,
      label: "gradients of emissions",
      compute: (x: WordEncoderInputs, masks) =>
        vectorJacobian((x) => emissionsOf(x, masks), x, [...parameterNames, "embedded"], ["emissions"]),
      axes: { ...axes, "d.emissions": ["W", nTags] },
      dropoutAxes,
      held: [...parameterNames, "embedded"],
    }),
  };
}
