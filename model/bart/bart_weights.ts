import { describeMisfits } from "../bert/bert_weights.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { checkLayers, collectWeights, weightsAsFloat32 } from "../weights/checkpoint_weights.ts";
import type { SafeTensor } from "../weights/safetensors.ts";
import type { BartConfig } from "./bart_config.ts";
import { bartShapes } from "./bart_shapes.ts";

const SHARED = "shared.weight";
const BIAS = "final_logits_bias";
/** Other names of the shared embeddings: a file may hold them under any of these, or under several. */
const TIED = ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"];
const IGNORED = /^(en|de)coder\.version$/;

/** BART as read from a checkpoint. */
export interface BartWeights {
  /** Weights by the names of `bartShapes(config)`. */
  parameters: Record<string, NdArray>;
  /** The language model's bias, float32 [1, vocabulary]; of zeros if the file has none, as is usual. */
  finalLogitsBias: NdArray;
}

/**
 * Picks encoder and decoder out of the tensors of a BART checkpoint, that of a `BartModel` or of a
 * `BartForConditionalGeneration`, whose names begin with `model.`.
 *
 * @param tensors What the safetensors file holds.
 * @param config Sizes that its shapes must fit.
 * @param source Where it came from, for messages.
 * @returns Weights as float32 by the names of `BartModel`.
 * @throws {Error} Naming every tensor that is missing, not known, given twice, of another shape or no float, and
 * copies of the shared embeddings that are no copies; or one that has a value that is not finite.
 *
 * @example
 * ```ts
 * import { bartShapes, createRandom, initialBart, pickBartWeights, readSafetensors } from "@laner/laner";
 * import { type BartConfig, writeSafetensors } from "@laner/laner";
 *
 * const config: BartConfig = {
 *   vocabularySize: 300, maxPositions: 64, hiddenWidth: 16, nEncoderLayers: 2, nDecoderLayers: 2, nHeads: 2,
 *   encoderFeedForwardWidth: 32, decoderFeedForwardWidth: 32, scaleEmbedding: false,
 *   dropout: 0.1, attentionDropout: 0.1, activationDropout: 0,
 *   bosId: 0, padId: 1, eosId: 2, decoderStartId: 2,
 * };
 * const parameters = initialBart(bartShapes(config), createRandom(1));
 * const { tensors } = readSafetensors(writeSafetensors(new Map(Object.entries(parameters))));
 * console.log(pickBartWeights(tensors, config, "model.safetensors").parameters["shared.weight"].shape); // [300, 16]
 * ```
 */
export function pickBartWeights(
  tensors: ReadonlyMap<string, SafeTensor>,
  config: BartConfig,
  source: string,
): BartWeights {
  const { nEncoderLayers: encoder_layers, nDecoderLayers: decoder_layers } = config;
  checkLayers({ encoder_layers, decoder_layers }, tensors, source);
  const { found, misfits } = collectWeights(tensors, (given) => {
    const name = given.replace(/^model\./, "");
    return IGNORED.test(name) ? null : name;
  });
  for (const name of TIED) {
    if (!(name in found)) continue;
    found[SHARED] ??= found[name]!;
    if (!isSame(found[name]!, found[SHARED])) misfits.push(`"${name}" must equal the shared embeddings`);
    delete found[name];
  }
  const shapes = bartShapes(config);
  const biasShape = [1, config.vocabularySize];
  misfits.push(...describeMisfits(found, BIAS in found ? { ...shapes, [BIAS]: biasShape } : shapes));
  if (misfits.length > 0) {
    throw new Error(`Cannot use weights "${source}": they do not fit config.json: ${misfits.join("; ")}`);
  }
  return {
    parameters: weightsAsFloat32(found, Object.keys(shapes), source),
    finalLogitsBias: BIAS in found
      ? weightsAsFloat32(found, [BIAS], source)[BIAS]!
      : { shape: biasShape, data: new Float32Array(config.vocabularySize) },
  };
}

function isSame(a: SafeTensor, b: SafeTensor): boolean {
  return a === b || a.dtype === b.dtype && a.data.length === b.data.length &&
      a.data.every((value: number | bigint, i: number) => value === b.data[i]);
}
