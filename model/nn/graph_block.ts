/** Differentiable functions of plain arrays, from which networks that are more than one graph are chained. */
import { createBuffers } from "../engine/buffers.ts";
import type { Arrays, Axes, Engine } from "../engine/engine.ts";
import { valueAndGradients } from "../engine/gradients.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { type Tensor, type Tensors, tf } from "../engine/tf.ts";
import { oneAtATime } from "./one_at_a_time.ts";

/** A function of arrays by name and the way back through it. Calls that overlap wait for each other. */
export interface GraphBlock {
  /** Computes the outputs, which the next call overwrites; the inputs are remembered for `backward`. */
  forward(inputs: Arrays): Promise<Record<string, NdArray>>;
  /**
   * Gradients of a loss from its gradients by the outputs, at the inputs of the last `forward`.
   *
   * @param d The gradient by each output, under the output's name.
   * @returns The gradient by each input that is differentiated by; the next call overwrites them.
   */
  backward(d: Record<string, NdArray>): Promise<Record<string, NdArray>>;
  dispose(): void;
}

/** What a block computes. */
export interface GraphBlockOptions {
  /** Names it in errors. */
  label: string;
  /** The function, in TensorFlow.js ops. */
  compute: (inputs: Tensors) => Tensors;
  /** Axes that vary, of inputs (see `Axes`). */
  axes: Axes;
  /** Axes of the outputs by name, all of them. */
  outputs: Axes;
  /** Names of the inputs to differentiate by. */
  by: readonly string[];
}

/**
 * Compiles a block. The way back computes the function anew, by the gradients of Σ outputs · d, which by the chain rule
 * are the loss's.
 */
export function createGraphBlock(engine: Engine, options: GraphBlockOptions): GraphBlock {
  const { label, compute, axes, outputs, by } = options;
  const forward = engine.compile(label, compute, axes);
  const dAxes = Object.fromEntries(Object.entries(outputs).map(([name, dims]) => [`d.${name}`, dims]));
  const backward = engine.compile(
    `gradients of ${label}`,
    (inputs) => vectorJacobian(compute, inputs, by, Object.keys(outputs)),
    { ...axes, ...dAxes },
  );
  const values = createBuffers();
  const gradients = createBuffers();
  let last: Arrays = {};
  const block: GraphBlock = {
    forward: (inputs) => forward.run(last = inputs, values),
    backward: (d) => backward.run({ ...last, ...withD(d) }, gradients),
    dispose() {
      forward.dispose();
      backward.dispose();
    },
  };
  return oneAtATime(block, ["forward", "backward"]);
}

/** Names of gradients as a graph reads them. */
export function withD(gradients: Record<string, NdArray>): Record<string, NdArray> {
  return Object.fromEntries(Object.entries(gradients).map(([name, array]) => [`d.${name}`, array]));
}

/**
 * Gradients of Σ outputs · d by some inputs, in a graph.
 *
 * @param inputs The function's inputs, and `d.NAME` for each of `outputs`.
 */
export function vectorJacobian<I extends Tensors>(
  compute: (inputs: I) => Tensors,
  inputs: I,
  by: readonly string[],
  outputs: readonly string[],
): Tensors {
  const x = Object.fromEntries(by.map((name) => [name, inputs[name]!]));
  return valueAndGradients((x) => {
    const values = compute({ ...inputs, ...x });
    const products = outputs.map((name) => tf.sum(tf.mul(values[name]!, inputs[`d.${name}`]!)));
    return products.reduce((sum: Tensor, product) => tf.add(sum, product));
  }, x).gradients;
}
