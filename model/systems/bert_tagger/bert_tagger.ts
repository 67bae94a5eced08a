/** The BERT tagger: a softmax over tags for the encoder state of each word's first piece. */
import { type Batch, packBatch } from "../../../data/batches/batch.ts";
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
import type { Arrays, Compiled, Engine } from "../../engine/engine.ts";
import type { Tensor, Tensors } from "../../engine/tf.ts";
import { createGradientGraph } from "../../nn/gradient_graph.ts";
import { oneAtATime } from "../../nn/one_at_a_time.ts";
import { oneHotTargets } from "../../nn/one_hot_targets.ts";
import { crossEntropy, linear } from "../../nn/ops.ts";
import { R_DROP_AXES, rDropArrays, rDropLoss, twice } from "../../nn/r_drop.ts";
import { type System, SYSTEM_CALLS, type UntaggedSentence } from "../../training/system.ts";
import { type BertSystem, bertSystem, type SystemOptions } from "../bert_system.ts";
import { createTagChoice } from "../choose_tags.ts";
import { predictByLength } from "../predict_by_length.ts";

/** The BERT tagger as a line of the table of systems. */
export const BERT_TAGGER: BertSystem = bertSystem({
  can: { mixedPrecision: true, comparePasses: true },
  headShapes: (H, _D, K) => ({ "out.weight": [K, H], "out.bias": [K] }),
  tagAxes: { "out.weight": [0], "out.bias": [0] },
  create: createBertTagger,
});

/**
 * Assembles a BERT tagger, whose loss is the mean cross-entropy over words.
 *
 * @example
 * ```ts
 * import { createBertTagger, createEngine, createRandom, createTagSet, encoderShapes, initialBert } from "@laner/laner";
 * import { type BertConfig, initialParameters, SYSTEMS, train } from "@laner/laner";
 *
 * const config: BertConfig = {
 *   vocabularySize: 20,
 *   maxPositions: 16,
 *   nTokenTypes: 2,
 *   hiddenWidth: 8,
 *   nLayers: 1,
 *   nHeads: 2,
 *   feedForwardWidth: 16,
 *   layerNormEpsilon: 1e-12,
 *   dropout: 0.1,
 *   attentionDropout: 0.1,
 * };
 * const tags = createTagSet(["task"]), random = createRandom(1);
 * const head = initialParameters(SYSTEMS["bert-tagger"].headShapes(config.hiddenWidth, 0, tags.nTags), random);
 * const parameters = { ...initialBert(encoderShapes(config), random), ...head };
 * const tagger = createBertTagger({ engine: await createEngine("onnx"), config, tags, parameters });
 *
 * const sentence = { ids: [2, 7, 8, 9, 3], firstPieces: [1, 2, 3], tagIds: [1, 2, 0] };
 * await train(tagger, [sentence], { epochs: 60, learningRate: 0.01, random });
 * console.log((await tagger.predict([sentence])).tagIds[0]); // 1, 2, 0
 * tagger.dispose();
 * ```
 */
export function createBertTagger(
  { engine, config, tags, parameters, legalTags = false }: Omit<SystemOptions, "labelWidth">,
): System {
  const K = tags.nTags;
  const graphNames = Object.keys(parameters).filter((name) => !EMBEDDING_TABLES.includes(name));
  const embedder = createPieceEmbedder(engine, config.hiddenWidth);
  const dropout = createDropout(engine, config);
  const chooseTags = createTagChoice(tags, legalTags);
  /** Compiles a training step with a loss of the scores of tags. */
  const stepWith = (label: string, loss: (logits: Tensor, x: Tensors) => Tensor) =>
    createGradientGraph({
      engine,
      label,
      loss: (p, x: WordEncoderInputs, masks) => loss(scoreTags(p, encodeWords(config, p, x, masks)), x),
      parameterNames: graphNames,
      inputNames: ["embedded"],
      axes: { ...wordEncoderAxes(config), ...R_DROP_AXES, targets: ["W", K] },
      dropoutAxes: dropout.axes,
      holds: true,
    });
  const graphs = {
    step: stepWith("training step", (logits, x) => crossEntropy(logits, x.targets!, x.perWord!)),
    rDropStep: stepWith("training step with R-Drop", rDropLoss),
    prediction: compilePrediction(engine, config),
  };

  const inputsOf = (batch: Batch) => wordEncoderArrays(embedder, parameters, graphNames, batch);

  const prediction = {
    async pack(sentences: readonly UntaggedSentence[]) {
      const batch = packBatch(sentences, config.nHeads);
      return { nWords: batch.nWords, inputs: await inputsOf(batch) };
    },
    async run({ nWords, inputs }: { nWords: number[]; inputs: Arrays }): Promise<Int32Array[]> {
      const { logits } = await graphs.prediction.run(inputs);
      return chooseTags(logits, nWords);
    },
  };

  return oneAtATime<System>({
    tags,
    parameters,
    holder: engine,
    comparesPasses: true,

    async lossAndGradients(sentences, random, rDrop) {
      const shaped = withSomeShapes(parameters, sentences, random);
      const passes = rDrop === undefined ? shaped : twice(shaped);
      const batch = packBatch(passes, config.nHeads);
      const targets = oneHotTargets(passes.map(({ tagIds }) => tagIds), K);
      const inputs = {
        ...await inputsOf(batch),
        ...targets,
        ...(rDrop === undefined ? {} : rDropArrays(targets.targets.shape[0]!, rDrop)),
      };
      const masks = random && await dropout.draw(batch, random);
      const step = rDrop === undefined ? graphs.step : graphs.rDropStep;
      const { loss, gradients, byInput } = await step.run(inputs, masks);
      return {
        loss,
        gradients: { ...gradients, ...await embedder.gradients(parameters, batch, byInput.embedded) },
      };
    },

    predict: async (sentences, onProgress) => ({
      tagIds: await predictByLength(sentences, prediction, onProgress),
    }),

    dispose() {
      for (const compiled of Object.values(graphs)) compiled.dispose();
      embedder.dispose();
      dropout.dispose();
    },
  }, SYSTEM_CALLS);
}

/** Compiles the `logits` of the words of a batch. */
function compilePrediction(engine: Engine, config: BertConfig): Compiled<"logits"> {
  return engine.compile(
    "prediction",
    (x: WordEncoderInputs) => ({ logits: scoreTags(x, encodeWords(config, x, x)) }),
    wordEncoderAxes(config),
  );
}

/** Scores the tags of words from their states: float32 [W, H] to [W, K]. */
function scoreTags(parameters: Tensors, h: Tensor): Tensor {
  return linear(h, parameters["out.weight"]!, parameters["out.bias"]!);
}
