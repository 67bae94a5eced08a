/** The part of a network that a kernel belongs to, told by its operator and its shapes. */
import type { BertConfig } from "../../model/bert/bert_config.ts";
import type { Kernel } from "./kernel_events.ts";

/** The name of the part whose operations are counted apart. */
export const LINEAR_LAYERS = "encoder: linear layers";

/** The parts of the network's graph. */
export const GRAPH_PARTS = [
  LINEAR_LAYERS,
  "encoder: products of attention",
  "encoder: softmax, masks and order of attention",
  "encoder: GELU",
  "encoder: layer norms, dropout, biases, sums",
  "head and loss",
] as const;

/** A part of the network's graph. */
export type GraphPart = typeof GRAPH_PARTS[number];

const PRODUCTS = ["Gemm", "MatMul", "FusedMatMul"];

/**
 * Tells the part of a kernel of the network's graph, forward or backward.
 *
 * @param config The encoder's sizes, by which its layers are known. Kernels of the head that are as wide as the encoder
 * count as its layer norms and the like; they are few and small.
 */
export function partOf({ op, inputs, outputs }: Kernel, config: BertConfig): GraphPart {
  const { hiddenWidth: H, feedForwardWidth: F, nHeads } = config;
  const shapes = [...inputs, ...outputs];
  const last = (shape: number[]) => shape.at(-1);
  const ofHeads = (shape: number[]) =>
    (shape.length === 4 && shape[1] === nHeads) ||
    (shape.length === 3 && shape[1] === nHeads && shape[2] === H / nHeads) ||
    (shape.length === 2 && shape[1] === H / nHeads && H / nHeads !== H);
  if (PRODUCTS.includes(op)) {
    if (shapes.some(ofHeads)) return "encoder: products of attention";
    return isEncoderProduct(inputs, outputs, [H, F]) ? LINEAR_LAYERS : "head and loss";
  }
  if (shapes.some(ofHeads)) return "encoder: softmax, masks and order of attention";
  if (shapes.some((shape) => last(shape) === F)) return "encoder: GELU";
  if (shapes.some((shape) => shape.length <= 2 && last(shape) === H)) {
    return "encoder: layer norms, dropout, biases, sums";
  }
  return "head and loss";
}

/** Tells whether a product is one of a linear layer with a weight of these widths, or the gradient of such a weight. */
function isEncoderProduct(inputs: number[][], outputs: number[][], widths: readonly number[]): boolean {
  const isWeight = (shape: number[] | undefined) =>
    shape?.length === 2 && shape.every((size) => widths.includes(size));
  return isWeight(inputs[1]) || isWeight(outputs[0]);
}
