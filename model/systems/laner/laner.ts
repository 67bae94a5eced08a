/**
 * LANER (Hu et al. 2022), assembled from its bricks: encoder, words, label encoder, biattention, predictor. With one
 * of its two parts left out it is an ablation of the paper's.
 */
import { packBatch, padWords } from "../../../data/batches/batch.ts";
import { historyLayout } from "../../../data/tags/history_layout.ts";
import { createTagStrings, tagHistories } from "../../../data/tags/tag_history.ts";
import { createDropout } from "../../bert/dropout_masks.ts";
import { EMBEDDING_TABLES } from "../../bert/embeddings.ts";
import { createPieceEmbedder } from "../../bert/piece_embedder.ts";
import { wordEncoderArrays } from "../../bert/word_encoder.ts";
import { withSomeShapes } from "../../bert/word_shapes.ts";
import type { Arrays } from "../../engine/engine.ts";
import { oneAtATime } from "../../nn/one_at_a_time.ts";
import { oneHotTargets } from "../../nn/one_hot_targets.ts";
import { rDropArrays, twice } from "../../nn/r_drop.ts";
import { type System, SYSTEM_CALLS } from "../../training/system.ts";
import { type BertSystem, bertSystem, type SystemOptions } from "../bert_system.ts";
import { createTagChoice } from "../choose_tags.ts";
import { createHistoryEncoder } from "./history_encoder.ts";
import { isLabelParameter, labelEncoderShapes } from "./label_encoder.ts";
import { compileLaner } from "./laner_graphs.ts";
import { createLanerPrediction, type LanerPredict } from "./laner_prediction.ts";
import { type Parts, predictorShapes } from "./predictor.ts";

/** A LANER: a system that also tells how many passes its decoding took. */
export interface Laner extends System {
  predict: LanerPredict;
}

/** The parts from which a LANER is assembled; the head's parameters are those of `lanerShapes`. */
export interface LanerOptions extends SystemOptions {
  parts: Parts;
  /**
   * To bound memory: the number of tag strings beyond which prediction forgets their states, and the most places of the
   * histories of sentences that are decoded together. Default: 100,000.
   */
  maxStrings?: number | undefined;
}

/** Lists names and shapes of the parameters on top of the encoder: H encoder width, D label width, K tags. */
export function lanerShapes(parts: Parts, H: number, D: number, K: number): Record<string, number[]> {
  return { ...labelEncoderShapes(D, K), ...predictorShapes(parts, H, D, K) };
}

/**
 * LANER as two lines of the table of systems: `laner`, and `laner-plus`, a name of its own for the settings of the parts
 * that the toolkit adds to it (docs/systems.md).
 */
export const LANER: BertSystem = lanerWith({ labelBackground: true, labelContext: true });
/** The paper's ablation that does not attend to earlier tags. */
export const LANER_WITHOUT_LABEL_CONTEXT: BertSystem = lanerWith({
  labelBackground: true,
  labelContext: false,
});
/** The paper's ablation that does not attend to the words that labels suggest. */
export const LANER_WITHOUT_LABEL_BACKGROUND: BertSystem = lanerWith({
  labelBackground: false,
  labelContext: true,
});

/** Defines LANER with some of its parts. */
function lanerWith(parts: Parts): BertSystem {
  return bertSystem({
    can: { ...parts, mixedPrecision: true, comparePasses: true },
    headShapes: (H, D, K) => lanerShapes(parts, H, D, K),
    tagAxes: { "label_embedding.weight": [0], "out.weight": [0], "out.bias": [0] },
    create: (options) => createLaner({ ...options, parts }),
  });
}

/**
 * Assembles a LANER.
 *
 * @throws If it has neither part.
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
 * console.log((await laner.predict([sentence])).tagIds); // [[1, 2, 0]]
 * laner.dispose();
 * ```
 */
export function createLaner(
  { engine, config, tags, parts, labelWidth: D, parameters, legalTags = false, maxStrings = 100_000 }:
    LanerOptions,
): Laner {
  if (!parts.labelBackground && !parts.labelContext) {
    throw new Error(
      "Cannot assemble a LANER: its parts must be a label background, a label context or both, " +
        "current value is neither",
    );
  }
  const H = config.hiddenWidth;
  const K = tags.nTags;
  const START = K;
  const histories = createHistoryEncoder(engine, D, K, maxStrings);
  const graphNames = Object.keys(parameters).filter((n) =>
    !EMBEDDING_TABLES.includes(n) && !isLabelParameter(n)
  );
  const headNames = Object.keys(lanerShapes(parts, H, D, K)).filter((name) => graphNames.includes(name));
  const embedder = createPieceEmbedder(engine, H);
  const dropout = createDropout(engine, config);

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
    graphNames,
    headNames,
    embedder,
    histories: histories.predicted,
    chooseTags: createTagChoice(tags, legalTags),
    nHeads: config.nHeads,
    maxPlaces: maxStrings,
  });

  return oneAtATime<Laner>({
    tags,
    parameters,
    holder: engine,
    comparesPasses: true,

    async lossAndGradients(sentences, random, rDrop) {
      const shaped = withSomeShapes(parameters, sentences, random);
      const passes = rDrop === undefined ? shaped : twice(shaped);
      const batch = packBatch(passes, config.nHeads);
      const tagIds = passes.map((sentence) => sentence.tagIds);
      const targets = oneHotTargets(tagIds, K);
      const inputs: Arrays = {
        ...await wordEncoderArrays(embedder, parameters, graphNames, batch),
        ...padWords(batch.nWords),
        ...historyLayout(batch.nWords),
        ...targets,
        ...(rDrop === undefined ? {} : rDropArrays(targets.targets.shape[0]!, rDrop)),
      };
      const strings = createTagStrings(K);
      const given = tagHistories(strings, tagIds, START);
      Object.assign(inputs, await histories.step.forward(parameters, strings, given));
      const masks = random && await dropout.draw(batch, random);
      const step = rDrop === undefined ? graphs.step : graphs.rDropStep;
      const { loss, gradients, byInput } = await step.run(inputs, masks);
      const ofLabels = await histories.step.backward(byInput);
      return {
        loss,
        gradients: {
          ...gradients,
          ...ofLabels,
          ...await embedder.gradients(parameters, batch, byInput.embedded!),
        },
      };
    },

    predict,

    dispose() {
      for (const graph of Object.values(graphs)) graph.dispose();
      histories.dispose();
      embedder.dispose();
      dropout.dispose();
    },
  }, SYSTEM_CALLS);
}
