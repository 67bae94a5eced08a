/** The parts that the layers of BART's encoder and decoder have in common. */
import { type Tensor, type Tensors, tf } from "../engine/tf.ts";
import { gelu, layerNorm, linear } from "../nn/ops.ts";

/** PyTorch's default, which BART keeps. */
const LAYER_NORM_EPSILON = 1e-5;

/** The parts of layers, over the parameters and dropout masks of one graph. */
export interface BartBlocks {
  /** Applies the linear map of this name. */
  dense(x: Tensor, name: string): Tensor;
  /** Computes queries, keys or values: a linear map of the attention of this name. */
  project(x: Tensor, attention: string, part: "q" | "k" | "v"): Tensor;
  /** Drops values at the site of this name, if it has a mask. */
  drop(x: Tensor, site: string): Tensor;
  /** Computes the input of the first layer. */
  embed(embedded: Tensor, side: "encoder" | "decoder"): Tensor;
  /** Computes the rest of an attention sublayer: output map, dropout, residual and norm. */
  afterAttention(x: Tensor, context: Tensor, attention: string): Tensor;
  /** Computes a whole feed-forward sublayer. */
  feedForward(x: Tensor, layer: string): Tensor;
}

/** Creates dropout by masks `dropout.SITE`; a site without a mask, or no masks at all, leaves everything as it is. */
export function dropoutBy(masks?: Tensors): (x: Tensor, site: string) => Tensor {
  return (x, site) => {
    const mask = masks?.[`dropout.${site}`];
    return mask ? tf.mul(x, mask) : x;
  };
}

/**
 * Makes the parts.
 *
 * @param parameters Weights by the names of `bartShapes`.
 * @param dropout Masks by the names of `bartDropoutSites`; none when predicting.
 */
export function bartBlocks(parameters: Tensors, dropout?: Tensors): BartBlocks {
  const dense = (x: Tensor, name: string) =>
    linear(x, parameters[`${name}.weight`]!, parameters[`${name}.bias`]!);
  const norm = (x: Tensor, name: string) =>
    layerNorm(x, parameters[`${name}.weight`]!, parameters[`${name}.bias`]!, LAYER_NORM_EPSILON);
  const drop = dropoutBy(dropout);
  return {
    dense,
    drop,
    project: (x, attention, part) => dense(x, `${attention}.${part}_proj`),
    embed: (embedded, side) => drop(norm(embedded, `${side}.layernorm_embedding`), side),
    afterAttention: (x, context, attention) =>
      norm(
        tf.add(x, drop(dense(context, `${attention}.out_proj`), attention)),
        `${attention}_layer_norm`,
      ),
    feedForward(x, layer) {
      const inner = drop(gelu(dense(x, `${layer}.fc1`)), `${layer}.fc1`);
      return norm(tf.add(x, drop(dense(inner, `${layer}.fc2`), `${layer}.fc2`)), `${layer}.final_layer_norm`);
    },
  };
}
