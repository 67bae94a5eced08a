/** BARTNER (Yan et al. 2021): entities as a sequence of pointers to words and of types, which BART writes. */
import type { EncodedSentence } from "../../../data/batches/batch.ts";
import type { Random } from "../../../data/random.ts";
import type { BartConfig } from "../../bart/bart_config.ts";
import { bartDropoutSites } from "../../bart/bart_dropout.ts";
import {
  BART_TABLES,
  embeddingTableGradients,
  embedPlaced,
  lookUp,
  SHARED,
} from "../../bart/bart_embeddings.ts";
import type { Engine } from "../../engine/engine.ts";
import { oneAtATime } from "../../nn/one_at_a_time.ts";
import { createPlainDropout } from "../../nn/site_dropout.ts";
import type { Gradient } from "../../training/optimizer.ts";
import type { Parameters } from "../../weights/parameters.ts";
import { packSequences, type PointerSentence } from "./bartner_batch.ts";
import { type DecodeOptions, decodeSequences } from "./bartner_decoding.ts";
import { compileBartner } from "./bartner_graphs.ts";
import { headDropoutSites, TYPES } from "./bartner_head.ts";

/** The parts from which BARTNER is assembled. */
export interface BartnerOptions {
  engine: Engine;
  config: BartConfig;
  /** BART's parameters by the names of `bartShapes`, and the head's (`bartnerShapes`); used as they are, not copied. */
  parameters: Parameters;
  /** Dropout in the pointer's MLP, of candidates' embeddings and of the decoder's states; 0.3 by default. */
  headDropout?: number;
}

/** A network that writes the entities of sentences. */
export interface Bartner {
  /** All of its parameters; training changes the values in place. */
  readonly parameters: Parameters;
  /**
   * Computes the mean loss over the numbers of all sequences, and its gradients, which the next call may overwrite.
   *
   * @param random Draws the dropout; without it there is none.
   */
  lossAndGradients(
    sentences: readonly PointerSentence[],
    random?: Random,
  ): Promise<{ loss: number; gradients: Record<string, Gradient> }>;
  /**
   * Writes the sequence of each sentence (see data/tags/span_sequences.ts), in the order given.
   *
   * @param onProgress Told how many sentences are done.
   */
  decode(
    sentences: readonly EncodedSentence[],
    options: DecodeOptions,
    onProgress?: (done: number) => void,
  ): Promise<number[][]>;
  /** Frees the engine's memory for it. */
  dispose(): void;
}

/**
 * Assembles BARTNER.
 *
 * The encoder reads a sentence; the decoder reads the numbers written so far, the start first, types by embeddings of
 * their own and words by their first pieces; the next number is a softmax over the end, the types and the sentence's
 * words (`candidateVectors`). The loss is the mean cross-entropy of all numbers, the gold ones before each being given.
 *
 * Three things differ from the paper's code. Only words can be pointed at, by their first pieces: there, softmax and
 * decoder also know all other pieces, which are never right. Types' embeddings are a table of their own. And dropout
 * of the candidates is drawn for each sentence: there, one draw for the types serves the batch.
 *
 * @example
 * ```ts
 * import { bartnerShapes, bartShapes, createBartner, createEngine, createRandom, initialBart } from "@laner/laner";
 * import { type BartConfig, createAdam, initialParameters, sequenceToSpans, spansToSequence } from "@laner/laner";
 *
 * const config: BartConfig = {
 *   vocabularySize: 20, maxPositions: 16, hiddenWidth: 8, nEncoderLayers: 1, nDecoderLayers: 1, nHeads: 2,
 *   encoderFeedForwardWidth: 16, decoderFeedForwardWidth: 16, scaleEmbedding: false,
 *   dropout: 0, attentionDropout: 0, activationDropout: 0, bosId: 0, padId: 1, eosId: 2, decoderStartId: 2,
 * };
 * const types = ["person"], random = createRandom(1), head = initialParameters(bartnerShapes(8, 1), random);
 * const parameters = { ...initialBart(bartShapes(config), random), ...head };
 * const bartner = createBartner({ engine: await createEngine("onnx"), config, parameters });
 *
 * const spans = [{ start: 0, end: 2, entityType: "person" }];
 * const sentence = { ids: [0, 7, 8, 9, 2], firstPieces: [1, 2, 3], sequence: spansToSequence(spans, 3, types) };
 * const adam = createAdam({ learningRate: 0.01 });
 * for (let step = 0; step < 60; step++) {
 *   adam.step(parameters, (await bartner.lossAndGradients([sentence])).gradients);
 * }
 * const sequences = await bartner.decode([sentence], { lengthRatio: 0 });
 * console.log(sequences.map((sequence) => sequenceToSpans(sequence, 3, types))); // the span again
 * bartner.dispose();
 * ```
 */
export function createBartner({ engine, config, parameters, headDropout = 0.3 }: BartnerOptions): Bartner {
  const nTypes = parameters[TYPES]!.shape[0]!;
  const tables = [SHARED, TYPES];
  const parameterNames = Object.keys(parameters).filter((name) => ![...BART_TABLES, TYPES].includes(name));
  const graphParameters = Object.fromEntries(parameterNames.map((name) => [name, parameters[name]!]));
  const dropout = createPlainDropout({
    ...bartDropoutSites(config),
    ...headDropoutSites(config.hiddenWidth, headDropout),
  });
  const graphs = compileBartner({ engine, config, parameterNames, dropoutAxes: dropout.axes });

  return oneAtATime<Bartner>({
    parameters,

    async lossAndGradients(sentences, random) {
      const { pair, candidates, arrays } = packSequences(config, nTypes, sentences);
      const sizes = { ...pair.sizes, W: arrays.wordPieces!.shape[0]!, V: candidates.ids.length };
      const inputs = {
        ...graphParameters,
        ...arrays,
        embeddedSource: embedPlaced(config, parameters, "encoder", pair.source),
        embeddedTarget: embedPlaced(config, parameters, "decoder", pair.target, tables),
        embeddedCandidates: lookUp(parameters, tables, candidates.ids),
      };
      const masks = random && await dropout.draw(sizes, random);
      const { loss, gradients, byInput } = await graphs.step.run(inputs, masks);
      const sides = {
        encoder: { placed: pair.source, d: byInput.embeddedSource },
        decoder: { placed: pair.target, d: byInput.embeddedTarget },
      };
      const others = [{ ids: candidates.ids, d: byInput.embeddedCandidates }];
      return {
        loss,
        gradients: {
          ...gradients,
          ...embeddingTableGradients(config, parameters, sides, { tables, others }),
        },
      };
    },

    decode: (sentences, options, onProgress) =>
      decodeSequences(
        { config, parameters, tables, graphParameters, graphs },
        sentences,
        options,
        onProgress,
      ),

    dispose() {
      for (const graph of Object.values(graphs)) graph.dispose();
    },
  }, ["lossAndGradients", "decode"]);
}
