/** Masked language modelling on the encoder: BERT's head with the word embeddings as its decoder. */
import { type Batch, BATCH_AXES, packBatch } from "../../data/batches/batch.ts";
import type { MaskedPieces } from "../../data/batches/mask_pieces.ts";
import type { Arrays, Engine } from "../engine/engine.ts";
import { releaseHeld } from "../engine/held_array.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { type Tensor, type Tensors, tf } from "../engine/tf.ts";
import { createGradientGraph } from "../nn/gradient_graph.ts";
import { oneAtATime } from "../nn/one_at_a_time.ts";
import { crossEntropy, gatherRows, gelu, layerNorm, linear } from "../nn/ops.ts";
import { denseGradient } from "../training/adam.ts";
import type { Gradient } from "../training/optimizer.ts";
import type { Denoiser } from "../training/train_denoising.ts";
import { type Parameters, pickParameters } from "../weights/parameters.ts";
import type { BertConfig } from "./bert_config.ts";
import { createDropout } from "./dropout_masks.ts";
import { EMBEDDING_TABLES, WORD } from "./embeddings.ts";
import { encode, type EncoderLayout } from "./encoder.ts";
import { createPieceEmbedder } from "./piece_embedder.ts";
import { addShapes, SHAPE_AXES, shapeArrays } from "./word_shapes.ts";

/** A network that predicts masked pieces. */
export interface MaskedLm extends Denoiser<MaskedPieces> {
  /** Computes the mean loss over the masked pieces of some sequences. */
  loss(sequences: readonly MaskedPieces[]): Promise<number>;
  /** Frees what the engine holds for it. */
  dispose(): void;
}

type Inputs = Tensors & EncoderLayout & { wordShapes?: Tensor };

/** The table that is looked up before the encoder, and decodes after it. */
const DECODER = WORD;

/**
 * Scores all pieces at masked places.
 *
 * @param parameters The head's `cls.predictions.…` under Hugging Face's names, and the word embeddings.
 * @param states float32 [M, H]: encoder states at the masked places.
 * @returns float32 [M, vocabulary].
 */
export function predictPieces(parameters: Tensors, states: Tensor, epsilon: number): Tensor {
  const part = (name: string) => parameters[`cls.predictions.${name}`]!;
  const hidden = gelu(linear(states, part("transform.dense.weight"), part("transform.dense.bias")));
  const normal = layerNorm(
    hidden,
    part("transform.LayerNorm.weight"),
    part("transform.LayerNorm.bias"),
    epsilon,
  );
  return linear(normal, parameters[DECODER]!, part("bias"));
}

/**
 * Assembles a masked language model.
 *
 * @param parameters The encoder's and the head's (`mlmHeadShapes`), and a table of word shapes if they are to be read;
 * used as they are, not copied.
 */
export function createMaskedLm(engine: Engine, config: BertConfig, parameters: Parameters): MaskedLm {
  const graphNames = Object.keys(parameters).filter((name) =>
    name === DECODER || !EMBEDDING_TABLES.includes(name)
  );
  const embedder = createPieceEmbedder(engine, config.hiddenWidth);
  const dropout = createDropout(engine, config);
  const axes = {
    ...BATCH_AXES(config.nHeads),
    ...SHAPE_AXES,
    embedded: ["T", config.hiddenWidth],
    maskedPieces: ["M"],
    pieceTargets: ["T"],
    pieceIsMasked: ["T", 1],
    targets: ["M"],
  };
  const loss = (p: Tensors, x: Inputs, masks?: Tensors) => {
    const states = encode(config, p, addShapes(p, x), x, masks);
    const masked = gatherRows(states, x.maskedPieces!, x.pieceTargets!, x.pieceIsMasked);
    const logits = predictPieces(p, masked, config.layerNormEpsilon);
    return crossEntropy(
      logits,
      tf.oneHot(x.targets as tf.Tensor1D, config.vocabularySize),
      x.perTarget!,
    );
  };
  const step = createGradientGraph({
    engine,
    label: "masked language model step",
    loss,
    parameterNames: graphNames,
    inputNames: ["embedded"],
    axes,
    dropoutAxes: dropout.axes,
    holds: true,
  });
  const forward = engine.compile(
    "masked language model",
    (x: Inputs) => ({ loss: loss(x, x) }),
    axes,
  );

  const sum = engine.compile(
    "sum of gradients",
    ({ asDecoder, asTable }) => ({ sum: tf.add(asDecoder!, asTable!) }),
    {},
    { held: ["sum"] },
  );
  let last: Record<string, NdArray> = {};

  async function inputsOf(sequences: readonly MaskedPieces[]): Promise<{ batch: Batch; inputs: Arrays }> {
    const batch = packBatch(
      sequences.map(({ inputIds, pieceShapes }) => ({
        ids: inputIds,
        firstPieces: [],
        ...(pieceShapes ? { pieceShapes } : {}),
      })),
      config.nHeads,
    );
    const T = batch.pieceIds.length;
    const M = sequences.reduce((sum, s) => sum + s.positions.length, 0);
    const maskedPieces = new Int32Array(M);
    const targets = new Int32Array(M);
    const pieceTargets = new Int32Array(T);
    const pieceIsMasked = new Float32Array(T);
    let start = 0;
    let m = 0;
    for (const sequence of sequences) {
      for (let i = 0; i < sequence.positions.length; i++, m++) {
        const piece = start + sequence.positions[i]!;
        maskedPieces[m] = piece;
        targets[m] = sequence.targets[i]!;
        pieceTargets[piece] = m;
        pieceIsMasked[piece] = 1;
      }
      start += sequence.inputIds.length;
    }
    const inputs: Arrays = {
      ...pickParameters(parameters, graphNames),
      ...batch.encoder,
      ...shapeArrays(parameters, batch),
      embedded: await embedder.embed(parameters, batch),
      maskedPieces: { shape: [M], data: maskedPieces },
      pieceTargets: { shape: [T], data: pieceTargets },
      pieceIsMasked: { shape: [T, 1], data: pieceIsMasked },
      targets: { shape: [M], data: targets },
      perTarget: { shape: [], data: Float32Array.of(1 / M) },
    };
    return { batch, inputs };
  }

  /** Adds the gradients of both uses of the word embeddings. */
  async function sumOfBoth(asDecoder: NdArray, asTable: Gradient): Promise<NdArray> {
    if (!("rows" in asTable)) {
      releaseHeld(last);
      last = await sum.run({ asDecoder, asTable });
      return last.sum!;
    }
    const dense = denseGradient(asTable);
    for (let i = 0; i < dense.length; i++) asDecoder.data[i]! += dense[i]!;
    return asDecoder;
  }

  return oneAtATime<MaskedLm>({
    parameters,
    holder: engine,
    async lossAndGradients(sequences, random) {
      const { batch, inputs } = await inputsOf(sequences);
      const masks = random && await dropout.draw(batch, random);
      const { loss, gradients, byInput } = await step.run(inputs, masks);
      const { [DECODER]: lookedUp, ...others } = await embedder.gradients(
        parameters,
        batch,
        byInput.embedded,
      );
      const decoder = await sumOfBoth(gradients[DECODER]!, lookedUp!);
      return { loss, gradients: { ...gradients, ...others, [DECODER]: decoder } };
    },
    loss: async (sequences) => (await forward.run((await inputsOf(sequences)).inputs)).loss.data[0]!,
    dispose() {
      step.dispose();
      forward.dispose();
      sum.dispose();
      releaseHeld(last);
      embedder.dispose();
      dropout.dispose();
    },
  }, ["lossAndGradients", "loss"]);
}
