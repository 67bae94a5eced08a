import { showValue } from "../../data/show_value.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { checkLayers, collectWeights, weightsAsFloat32 } from "../weights/checkpoint_weights.ts";
import type { SafeTensor } from "../weights/safetensors.ts";
import type { BertConfig } from "./bert_config.ts";
import { encoderShapes, mlmHeadShapes } from "./bert_shapes.ts";
import { SHAPE_TABLE, shapeTableShapes } from "./word_shapes.ts";

/** Tensors of BERT checkpoints that a word encoder has no use for. */
const IGNORED =
  /^(pooler\.dense\.(weight|bias)|embeddings\.position_ids|cls\.seq_relationship\.(weight|bias))$/;
/** The head's last linear map: its weight is the piece embeddings again, its bias `cls.predictions.bias`. */
const TIED = /^cls\.predictions\.decoder\.(weight|bias)$/;

/** Today's name of a tensor: without the `bert.` prefix, LayerNorm's gamma and beta as weight and bias. */
function modernName(name: string): string {
  return name.replace(/^bert\./, "").replace(/LayerNorm\.gamma$/, "LayerNorm.weight")
    .replace(/LayerNorm\.beta$/, "LayerNorm.bias");
}

/** Misfits that are named one by one. */
const NAMED = 20;

/**
 * Says what keeps weights from fitting the shapes that a config asks for.
 *
 * @param weights Anything with a shape, by name.
 * @param shapes Expected shape by name.
 * @returns One phrase for each tensor that is missing, of another shape or not known, the last for all after the
 * twentieth; none if all fit.
 */
export function describeMisfits(
  weights: Record<string, { shape: number[] }>,
  shapes: Record<string, number[]>,
): string[] {
  const misfits: string[] = [];
  for (const [name, shape] of Object.entries(shapes)) {
    if (!Object.hasOwn(weights, name)) misfits.push(`"${name}" [${shape}] is missing`);
    else if (weights[name]!.shape.join() !== shape.join()) {
      misfits.push(`"${name}" must have shape [${shape}], current value is [${weights[name]!.shape}]`);
    }
  }
  for (const name of Object.keys(weights)) {
    if (!Object.hasOwn(shapes, name)) misfits.push(`${showValue(name)} is not known`);
  }
  const more = misfits.splice(NAMED).length;
  return more > 0 ? [...misfits, `and so on, ${more} more`] : misfits;
}

/** The weights of a checkpoint. */
export interface PickedWeights {
  parameters: Record<string, NdArray>;
  mlmHead?: Record<string, NdArray>;
  /** The table of word shapes by its name; empty if there is none. */
  shapeTable: Record<string, NdArray>;
}

/**
 * Picks encoder, masked language model head and table of word shapes out of the tensors of a BERT checkpoint.
 *
 * @param tensors What the safetensors file holds.
 * @param config Sizes that its shapes must fit.
 * @param source Where it came from, for messages.
 * @returns Weights as float32 by today's names; head and table only if the file has them.
 * @throws {Error} Naming every tensor that is missing, not known, given twice, of another shape or no float; or one that has a value that is not finite.
 */
export function pickBertWeights(
  tensors: ReadonlyMap<string, SafeTensor>,
  config: BertConfig,
  source: string,
): PickedWeights {
  checkLayers({ num_hidden_layers: config.nLayers }, tensors, source);
  const { found, misfits } = collectWeights(tensors, (given) => {
    const name = modernName(given);
    return IGNORED.test(name) || TIED.test(name) ? null : name;
  });
  const headShapes = mlmHeadShapes(config);
  const hasHead = Object.keys(found).some((name) => name.startsWith("cls.predictions."));
  const decoderBias = tensors.get("cls.predictions.decoder.bias");
  if (hasHead && decoderBias !== undefined) found["cls.predictions.bias"] ??= decoderBias;
  const tableShapes = SHAPE_TABLE in found ? shapeTableShapes(config.hiddenWidth) : {};
  const shapes = { ...encoderShapes(config), ...(hasHead ? headShapes : {}), ...tableShapes };
  misfits.push(...describeMisfits(found, shapes));
  if (misfits.length > 0) {
    throw new Error(`Cannot use weights "${source}": they do not fit config.json: ${misfits.join("; ")}`);
  }
  return {
    parameters: weightsAsFloat32(found, Object.keys(encoderShapes(config)), source),
    shapeTable: weightsAsFloat32(found, Object.keys(tableShapes), source),
    ...(hasHead ? { mlmHead: weightsAsFloat32(found, Object.keys(headShapes), source) } : {}),
  };
}
