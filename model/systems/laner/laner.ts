/**
 * LANER (Hu et al. 2022), assembled from its bricks: encoder, words, label encoder, biattention, predictor. With one
 * of its two parts left out it is the paper's ablation, with neither it is the BERT tagger.
 */
import { packBatch, padWords } from "../../../data/batches/batch.ts";
import { historyLayout } from "../../../data/tags/history_layout.ts";
import { createTagStrings, tagHistories } from "../../../data/tags/tag_history.ts";
import { createDropout } from "../../bert/dropout_masks.ts";
import { EMBEDDING_TABLES, embeddingGradients } from "../../bert/embeddings.ts";
import { wordEncoderArrays } from "../../bert/word_encoder.ts";
import type { Arrays } from "../../engine/engine.ts";
import type { NdArray } from "../../engine/nd_array.ts";
import { oneAtATime } from "../../nn/one_at_a_time.ts";
import { type System, SYSTEM_CALLS, type TaggedSentence } from "../../training/system.ts";
import { type BertSystem, bertSystem, type SystemOptions } from "../bert_system.ts";
import { isLabelParameter, labelEncoderShapes } from "./label_encoder.ts";
import { createLabelStates } from "./label_states.ts";
import { compileLaner } from "./laner_graphs.ts";
import { createLanerPrediction } from "./laner_prediction.ts";
import { type Parts, predictorShapes } from "./predictor.ts";

/** What a LANER is made of; the head's parameters are those of `lanerShapes`. */
export interface LanerOptions extends SystemOptions {
  parts: Parts;
  /** How many tag strings prediction keeps the states of (see `LanerPredictionOptions`). */
  maxStrings?: number;
}

/** Names and shapes of the parameters on top of the encoder: H encoder width, D label width, K tags. */
export function lanerShapes(parts: Parts, H: number, D: number, K: number): Record<string, number[]> {
  return { ...(readsTags(parts) ? labelEncoderShapes(D, K) : {}), ...predictorShapes(parts, H, D, K) };
}

/** Defines LANER with some of its parts. */
export function lanerDefinition(parts: Parts): BertSystem {
  return bertSystem({
    can: parts,
    headShapes: (H, D, K) => lanerShapes(parts, H, D, K),
    tagAxes: {
      ...(readsTags(parts) ? { "label_embedding.weight": [0] } : {}),
      "out.weight": [0],
      "out.bias": [0],
    },
    create: (options) => createLaner({ ...options, parts }),
  });
}

function readsTags({ labelBackground, labelContext }: Parts): boolean {
  return labelBackground || labelContext;
}

/**
 * Assembles a LANER.
 *
 * @example
 * ```ts
 * import { createEngine, createLaner, createRandom, createTagSet, initialBert, encoderShapes } from "@laner/laner";
 * import { initialParameters, lanerShapes, train } from "@laner/laner";
 *
 * const config = {
 *   vocabularySize: 20, maxPositions: 16, nTokenTypes: 2, hiddenWidth: 8, nLayers: 1, nHeads: 2,
 *   feedForwardWidth: 16, layerNormEpsilon: 1e-12, dropout: 0.1, attentionDropout: 0.1,
 * };
 * const tags = createTagSet(["task"]), labelWidth = 4, random = createRandom(1);
 * const parts = { labelBackground: true, labelContext: true };
 * const head = initialParameters(lanerShapes(parts, config.hiddenWidth, labelWidth, tags.nTags), random);
 * const parameters = { ...initialBert(encoderShapes(config), random), ...head };
 * const laner = createLaner({ engine: await createEngine("onnx"), config, tags, parts, labelWidth, parameters });
 *
 * const sentence = { ids: [2, 7, 8, 9, 3], firstPieces: [1, 2, 3], tagIds: tags.idsOf({ words: [], tags: ["B-task", "I-task", "O"] }) };
 * await train(laner, [sentence], { epochs: 60, learningRate: 0.01, random });
 * console.log((await laner.predict([sentence])).tagIds[0].map((id) => id)); // 1, 2, 0
 * laner.dispose();
 * ```
 */
export function createLaner(
  { engine, config, tags, parts, labelWidth: D, parameters, maxStrings }: LanerOptions,
): System {
  const usesTags = readsTags(parts);
  const H = config.hiddenWidth;
  const K = tags.nTags;
  const START = K;
  const labelStates = usesTags ? createLabelStates(engine, D, K) : null;
  const graphNames = Object.keys(parameters).filter((n) =>
    !EMBEDDING_TABLES.includes(n) && !isLabelParameter(n)
  );
  const graphParameters = Object.fromEntries(graphNames.map((name) => [name, parameters[name]!]));
  const headNames = Object.keys(lanerShapes(parts, H, D, K)).filter((name) => graphNames.includes(name));
  const headParameters = Object.fromEntries(headNames.map((name) => [name, parameters[name]!]));
  const dropout = createDropout(config);

  const graphs = compileLaner({
    engine,
    config,
    parts,
    labelWidth: D,
    nTags: K,
    parameterNames: graphNames,
    dropoutAxes: dropout.axes,
  });

  const predict = createLanerPrediction({
    graphs,
    parameters,
    graphParameters,
    headParameters,
    labelStates,
    nHeads: config.nHeads,
    nTags: K,
    maxStrings,
  });

  return oneAtATime<System>({
    tags,
    parameters,

    async lossAndGradients(sentences, random) {
      const batch = packBatch(sentences, config.nHeads);
      const inputs: Arrays = {
        ...graphParameters,
        ...wordEncoderArrays(parameters, batch),
        ...padWords(batch.nWords),
        ...oneHotTargets(sentences, K),
      };
      const strings = createTagStrings(K);
      const histories = labelStates ? tagHistories(strings, sentences.map((s) => s.tagIds), START) : null;
      if (labelStates && histories) {
        await labelStates.reset(parameters, true);
        await labelStates.compute(strings, histories.levels);
        Object.assign(inputs, historyLayout(batch.nWords), labelStates.lookUp(histories));
      }
      const masks = random && dropout.draw(batch, random);
      const { loss, gradients, byInput } = await graphs.step.run(inputs, masks);
      if (labelStates && histories) {
        Object.assign(gradients, await labelStates.gradients(strings, histories, byInput));
      }
      return {
        loss,
        gradients: { ...gradients, ...embeddingGradients(parameters, batch, byInput.embedded!) },
      };
    },

    predict,

    dispose() {
      for (const graph of Object.values(graphs)) graph.dispose();
      labelStates?.dispose();
    },
  }, SYSTEM_CALLS);
}

function oneHotTargets(
  sentences: readonly TaggedSentence[],
  K: number,
): Record<"targets" | "perWord", NdArray> {
  const W = sentences.reduce((sum, s) => sum + s.tagIds.length, 0);
  const data = new Float32Array(W * K);
  let w = 0;
  for (const { tagIds } of sentences) {
    for (let i = 0; i < tagIds.length; i++, w++) data[w * K + tagIds[i]!] = 1;
  }
  return { targets: { shape: [W, K], data }, perWord: { shape: [], data: Float32Array.of(1 / W) } };
}
