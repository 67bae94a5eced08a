/** The BERT tagger: a softmax over tags for the encoder state of each word's first piece. */
import { packBatch } from "../../../data/batches/batch.ts";
import type { BertConfig } from "../../bert/bert_config.ts";
import { createDropout } from "../../bert/dropout_masks.ts";
import { EMBEDDING_TABLES, embeddingGradients } from "../../bert/embeddings.ts";
import {
  encodeWords,
  wordEncoderArrays,
  wordEncoderAxes,
  type WordEncoderInputs,
} from "../../bert/word_encoder.ts";
import { createBuffers } from "../../engine/buffers.ts";
import type { Axes, Compiled, Engine } from "../../engine/engine.ts";
import { valueAndGradients } from "../../engine/gradients.ts";
import type { Tensor, Tensors } from "../../engine/tf.ts";
import { greatestOfRows } from "../../nn/cross_entropy.ts";
import { oneAtATime } from "../../nn/one_at_a_time.ts";
import { oneHotTargets } from "../../nn/one_hot_targets.ts";
import { crossEntropy, linear } from "../../nn/ops.ts";
import { type System, SYSTEM_CALLS, type UntaggedSentence } from "../../training/system.ts";
import { type BertSystem, bertSystem, type SystemOptions } from "../bert_system.ts";
import { predictByLength } from "../predict_by_length.ts";
import { splitBySentence } from "../split_by_sentence.ts";

/** The BERT tagger as a line of the table of systems. */
export const BERT_TAGGER: BertSystem = bertSystem({
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
  { engine, config, tags, parameters }: Omit<SystemOptions, "labelWidth">,
): System {
  const K = tags.nTags;
  const graphNames = Object.keys(parameters).filter((name) => !EMBEDDING_TABLES.includes(name));
  const graphParameters = Object.fromEntries(graphNames.map((name) => [name, parameters[name]!]));
  const dropout = createDropout(config);
  const outputs = createBuffers();
  const graphs = {
    plain: compileStep(engine, config, K, graphNames, null),
    dropout: compileStep(engine, config, K, graphNames, dropout.axes),
    prediction: compilePrediction(engine, config),
  };

  async function predictBatch(sentences: readonly UntaggedSentence[]): Promise<Int32Array[]> {
    const batch = packBatch(sentences, config.nHeads);
    const inputs = { ...graphParameters, ...wordEncoderArrays(parameters, batch) };
    const { logits } = await graphs.prediction.run(inputs);
    return splitBySentence(greatestOfRows(logits!, "scores of tags"), batch.nWords);
  }

  return oneAtATime<System>({
    tags,
    parameters,

    async lossAndGradients(sentences, random) {
      const batch = packBatch(sentences, config.nHeads);
      const inputs = {
        ...graphParameters,
        ...wordEncoderArrays(parameters, batch),
        ...oneHotTargets(sentences.map(({ tagIds }) => tagIds), K),
        ...(random ? dropout.draw(batch, random) : {}),
      };
      const step = random ? graphs.dropout : graphs.plain;
      const { loss, embedded, ...gradients } = await step.run(inputs, outputs);
      return {
        loss: loss!.data[0]!,
        gradients: { ...gradients, ...embeddingGradients(parameters, batch, embedded!) },
      };
    },

    predict: async (sentences, onProgress) => ({
      tagIds: await predictByLength(sentences, predictBatch, onProgress),
    }),

    dispose() {
      for (const compiled of Object.values(graphs)) compiled.dispose();
    },
  }, SYSTEM_CALLS);
}

/** Compiles the `loss` of a batch and its gradients, by parameters and by `embedded`. */
function compileStep(
  engine: Engine,
  config: BertConfig,
  nTags: number,
  parameterNames: readonly string[],
  dropoutAxes: Axes | null,
): Compiled {
  return engine.compile<WordEncoderInputs>(
    dropoutAxes ? "training step" : "training step without dropout",
    (x) => {
      const by = Object.fromEntries([...parameterNames, "embedded"].map((name) => [name, x[name]!]));
      const { value, gradients } = valueAndGradients((p) => {
        const h = encodeWords(config, p, x, dropoutAxes ? x : undefined);
        return crossEntropy(scoreTags(p, h), x.targets!, x.perWord!);
      }, by);
      return { loss: value, ...gradients };
    },
    { ...wordEncoderAxes(config), targets: ["W", nTags], ...dropoutAxes },
  );
}

/** Compiles the `logits` of the words of a batch. */
function compilePrediction(engine: Engine, config: BertConfig): Compiled {
  return engine.compile<WordEncoderInputs>(
    "prediction",
    (x) => ({ logits: scoreTags(x, encodeWords(config, x, x)) }),
    wordEncoderAxes(config),
  );
}

/** Scores the tags of words from their states: float32 [W, H] to [W, K]. */
function scoreTags(parameters: Tensors, h: Tensor): Tensor {
  return linear(h, parameters["out.weight"]!, parameters["out.bias"]!);
}
