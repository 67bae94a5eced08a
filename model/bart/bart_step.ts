/** One step of BART's decoder: the next piece of each target, on what the layers kept of the pieces before. */
import type { Axes } from "../engine/engine.ts";
import { type Tensor, type Tensors, tf } from "../engine/tf.ts";
import type { BartConfig } from "./bart_config.ts";
import { decoderLayers } from "./bart_decoder.ts";

/**
 * The inputs of a step, besides parameters. Letters: B sources, each with K targets that are written side by side; S
 * places that targets may have; T pieces of all sources, P of the longest.
 *
 * `past.keys.LAYER` and `past.values.LAYER`, float32 [B, K, S, H], hold what self-attention has seen, and zeros from
 * this step's place on; `source.keys.LAYER` and `source.values.LAYER`, float32 [T, H], are `crossKeysAndValues`.
 */
export interface StepInputs {
  /** float32 [B, K, H]: piece and position embedding of each target's piece, added up. */
  embeddedStep: Tensor;
  /** float32 [S, 1]: 1 at this step's place, else 0. */
  place: Tensor;
  /** float32 [S]: 0 up to this step's place, a large negative number after it. */
  placeBias: Tensor;
  /** int32 [B, heads, P]: row of each padded place of the sources in the packed heads [T·heads]. */
  paddedFromPieces: Tensor;
  /** float32 [B, 1, 1, P]: 0 at real pieces, a large negative number at padding. */
  pieceBias: Tensor;
}

/** Lists a name for each decoder layer, with the layer's number at the end. */
export const layerNames = (config: BartConfig, prefix: string): string[] =>
  Array.from({ length: config.nDecoderLayers }, (_, layer) => `${prefix}.${layer}`);

/** Returns the axes of those inputs. */
export const stepAxes = (config: BartConfig): Axes => {
  const { hiddenWidth: H, nHeads } = config;
  const all = (prefixes: string[], axes: (string | number)[]) =>
    Object.fromEntries(
      prefixes.flatMap((prefix) => layerNames(config, prefix).map((name) => [name, axes] as const)),
    );
  return {
    embeddedStep: ["B", "K", H],
    place: ["S", 1],
    placeBias: ["S"],
    paddedFromPieces: ["B", nHeads, "P"],
    pieceBias: ["B", 1, 1, "P"],
    ...all(["past.keys", "past.values"], ["B", "K", "S", H]),
    ...all(["source.keys", "source.values"], ["T", H]),
  };
};

/**
 * Computes the decoder's last states at one place of each target; equal to those of `decodeTarget` there.
 *
 * @returns `hidden`, float32 [B, K, H]; and `keys.LAYER` and `values.LAYER`, float32 [B, K, H], which belong to this
 * step's place in what the next step reads.
 */
export function decodeStep(config: BartConfig, parameters: Tensors, x: Tensors & StepInputs): Tensors {
  const { hiddenWidth: H, nHeads } = config;
  const width = H / nHeads;
  const [B, K] = x.embeddedStep.shape as [number, number, number];
  const [S] = x.placeBias.shape as [number];
  const scale = (q: Tensor) => tf.mul(q, 1 / Math.sqrt(width));
  const made: Tensors = {};
  const keep = (name: string, rows: Tensor) => made[name] = tf.reshape(rows, [B, K, H]);
  // A target is one row here, so that its heads need no packing: [B·K, H] → [B·K, heads, 1, H/heads].
  const rowHeads = (rows: Tensor) => tf.reshape(rows, [B * K, nHeads, 1, width]);
  const pastHeads = (past: Tensor, now: Tensor) => {
    const heads = tf.transpose(tf.reshape(past, [B * K, S, nHeads, width]), [0, 2, 1, 3]);
    return tf.add(heads, tf.mul(rowHeads(now), x.place)); // [B·K, heads, S, H/heads]
  };
  const sourceHeads = (rows: Tensor) =>
    tf.gather(tf.reshape(rows, [rows.shape[0] * nHeads, width]), x.paddedFromPieces as tf.Tensor3D);
  const targetHeads = (rows: Tensor) => tf.transpose(tf.reshape(rows, [B, K, nHeads, width]), [0, 2, 1, 3]);

  const hidden = decoderLayers(config, parameters, tf.reshape(x.embeddedStep, [B * K, H]), {
    self(layer, q, k, v) {
      keep(`keys.${layer}`, k);
      keep(`values.${layer}`, v);
      const keys = pastHeads(x[`past.keys.${layer}`]!, k);
      const scores = tf.matMul(rowHeads(scale(q)), keys, false, true); // [B·K, heads, 1, S]
      const values = pastHeads(x[`past.values.${layer}`]!, v);
      return tf.reshape(tf.matMul(tf.softmax(tf.add(scores, x.placeBias)), values), [B * K, H]);
    },
    cross(layer, q) {
      const keys = sourceHeads(x[`source.keys.${layer}`]!);
      const scores = tf.matMul(targetHeads(scale(q)), keys, false, true); // [B, heads, K, P]
      const values = sourceHeads(x[`source.values.${layer}`]!);
      const context = tf.matMul(tf.softmax(tf.add(scores, x.pieceBias)), values);
      return tf.reshape(tf.transpose(context, [0, 2, 1, 3]), [B * K, H]);
    },
  });
  keep("hidden", hidden);
  return made;
}
