/** BART as a language model that restores text (Lewis et al. 2020): pre-training, or a stand-in for BART made here. */
import type { InfilledText } from "../../data/batches/text_infilling.ts";
import type { EncoderLayout } from "../bert/encoder.ts";
import type { Arrays, Engine } from "../engine/engine.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { type Tensors, tf } from "../engine/tf.ts";
import { createGradientGraph } from "../nn/gradient_graph.ts";
import { oneAtATime } from "../nn/one_at_a_time.ts";
import { crossEntropy, linear } from "../nn/ops.ts";
import { createPlainDropout } from "../nn/site_dropout.ts";
import { denseGradient } from "../training/adam.ts";
import type { Denoiser } from "../training/train_denoising.ts";
import type { Parameters } from "../weights/parameters.ts";
import { packPairs, pairAxes } from "./bart_batch.ts";
import type { BartConfig } from "./bart_config.ts";
import { type DecoderLayout, decodeTarget } from "./bart_decoder.ts";
import { bartDropoutSites } from "./bart_dropout.ts";
import { BART_TABLES, embeddingTableGradients, embedPlaced, SHARED } from "./bart_embeddings.ts";
import { encodeSource } from "./bart_encoder.ts";

/** A network that restores hidden text. */
export interface BartLm extends Denoiser<InfilledText> {
  /** Computes the mean loss over the pieces of some texts. */
  loss(texts: readonly InfilledText[]): Promise<number>;
  /** Frees what the engine holds for it. */
  dispose(): void;
}

type Inputs = Tensors & EncoderLayout & DecoderLayout;

/**
 * Assembles BART's language model: the scores of a piece are the decoder's state times the shared embeddings, plus a
 * bias that is not trained, as in Hugging Face's `BartForConditionalGeneration`. The decoder reads its start piece
 * and the target less its last piece.
 *
 * @param parameters By the names of `bartShapes`, used as they are, not copied.
 * @param finalLogitsBias float32 [1, vocabulary]; zeros unless told, as in every BART that was pre-trained.
 *
 * @example
 * ```ts
 * import { bartShapes, createBartLm, createEngine, createRandom, infillText, initialBart } from "@laner/laner";
 * import { type BartConfig, createAdam } from "@laner/laner";
 *
 * const config: BartConfig = {
 *   vocabularySize: 20, maxPositions: 16, hiddenWidth: 8, nEncoderLayers: 1, nDecoderLayers: 1, nHeads: 2,
 *   encoderFeedForwardWidth: 16, decoderFeedForwardWidth: 16, scaleEmbedding: false,
 *   dropout: 0.1, attentionDropout: 0, activationDropout: 0, bosId: 0, padId: 1, eosId: 2, decoderStartId: 2,
 * };
 * const random = createRandom(1), parameters = initialBart(bartShapes(config), random);
 * const lm = createBartLm(await createEngine("onnx"), config, parameters), adam = createAdam({ learningRate: 1e-3 });
 * const text = infillText([0, 11, 12, 13, 14, 15, 2], { random, maskId: 4 });
 * for (let step = 0; step < 3; step++) {
 *   const { loss, gradients } = await lm.lossAndGradients([text], random);
 *   adam.step(parameters, gradients);
 *   console.log(loss); // about log 20 = 2.996… at first, as new networks guess; then less
 * }
 * lm.dispose();
 * ```
 */
export function createBartLm(
  engine: Engine,
  config: BartConfig,
  parameters: Parameters,
  finalLogitsBias: NdArray = {
    shape: [1, config.vocabularySize],
    data: new Float32Array(config.vocabularySize),
  },
): BartLm {
  const graphNames = Object.keys(parameters).filter((name) => name === SHARED || !BART_TABLES.includes(name));
  const graphParameters = Object.fromEntries(graphNames.map((name) => [name, parameters[name]]));
  const dropout = createPlainDropout(bartDropoutSites(config));
  const axes = { ...pairAxes(config), targets: ["U"] };

  const loss = (p: Tensors, x: Inputs, masks?: Tensors) => {
    const states = encodeSource(config, p, p.embeddedSource!, x, masks);
    const hidden = decodeTarget(config, p, p.embeddedTarget!, states, x, masks);
    const logits = linear(hidden, p[SHARED]!, x.finalLogitsBias!);
    return crossEntropy(logits, tf.oneHot(x.targets as tf.Tensor1D, config.vocabularySize), x.perTarget!);
  };
  const step = createGradientGraph({
    engine,
    label: "BART language model step",
    loss,
    parameterNames: graphNames,
    inputNames: ["embeddedSource", "embeddedTarget"],
    axes,
    dropoutAxes: dropout.axes,
  });
  const forward = engine.compile("BART language model", (x: Inputs) => ({ loss: loss(x, x) }), axes);

  function inputsOf(texts: readonly InfilledText[]) {
    const decoderIds = texts.map(({ targetIds }) => [config.decoderStartId, ...targetIds.subarray(0, -1)]);
    const sources = texts.map(({ inputIds }) => ({ ids: inputIds, firstPieces: [] }));
    const { source, target, layout, sizes } = packPairs(sources, decoderIds, config.nHeads);
    const inputs: Arrays = {
      ...graphParameters,
      ...layout,
      finalLogitsBias,
      embeddedSource: embedPlaced(config, parameters, "encoder", source),
      embeddedTarget: embedPlaced(config, parameters, "decoder", target),
      targets: { shape: [sizes.U], data: Int32Array.from(texts.flatMap(({ targetIds }) => [...targetIds])) },
      perTarget: { shape: [], data: Float32Array.of(1 / sizes.U) },
    };
    return { source, target, sizes, inputs };
  }

  return oneAtATime<BartLm>({
    parameters,
    async lossAndGradients(texts, random) {
      const { source, target, sizes, inputs } = inputsOf(texts);
      const masks = random && await dropout.draw(sizes, random);
      const { loss, gradients, byInput } = await step.run(inputs, masks);
      const { [SHARED]: looked, ...positions } = embeddingTableGradients(config, parameters, {
        encoder: { placed: source, d: byInput.embeddedSource },
        decoder: { placed: target, d: byInput.embeddedTarget },
      });
      // The shared embeddings are used three times: looked up before encoder and decoder, and after the decoder.
      const table = gradients[SHARED]!.data;
      const seen = denseGradient(looked!);
      for (let i = 0; i < table.length; i++) table[i]! += seen[i]!;
      return { loss, gradients: { ...gradients, ...positions } };
    },
    loss: async (texts) => (await forward.run(inputsOf(texts).inputs)).loss.data[0]!,
    dispose() {
      step.dispose();
      forward.dispose();
    },
  }, ["lossAndGradients", "loss"]);
}
