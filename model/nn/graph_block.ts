/** Differentiable functions of plain arrays, from which networks that are more than one graph are chained. */
import { createBuffers } from "../engine/buffers.ts";
import type { Arrays, Axes, Engine } from "../engine/engine.ts";
import { valueAndGradients } from "../engine/gradients.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { type Tensor, type Tensors, tf } from "../engine/tf.ts";
import { oneAtATime } from "./one_at_a_time.ts";

/**
 * A function of arrays by name with its backward pass. Calls that overlap wait for each other.
 *
 * `By` names the inputs that are differentiated by, `Fixed` the others.
 */
export interface GraphBlock<
  By extends string = string,
  Fixed extends string = string,
  Output extends string = string,
> {
  /** Computes the outputs, which the next call overwrites; the inputs are remembered for `backward`. */
  forward(inputs: Record<By | Fixed, Arrays[string]>): Promise<Record<Output, NdArray>>;
  /**
   * Computes the gradients of a loss from its gradients by the outputs, at the inputs of the last `forward`.
   *
   * @param d The gradient by each output, under the output's name.
   * @returns The gradient by each input that is differentiated by; the next call overwrites them.
   */
  backward(d: Record<Output, NdArray>): Promise<Record<By, NdArray>>;
  dispose(): void;
}

/** A block to be compiled. */
export interface GraphBlockOptions<By extends string, Fixed extends string, Output extends string> {
  /** Names it in errors. */
  label: string;
  /** Computes the outputs, in TensorFlow.js ops. */
  compute: (inputs: Record<By | Fixed, Tensor>) => Record<NoInfer<Output>, Tensor>;
  /** Axes of inputs (see `Axes`): of those that vary, and of those that are not differentiated by. */
  axes: Record<Fixed, Dims>;
  /** Axes of the outputs by name, all of them. */
  outputs: Record<Output, Dims>;
  /** Names of the inputs to differentiate by. */
  by: readonly By[];
}

/** The axes of an array. */
type Dims = Axes[string];

/**
 * Compiles a block. The way back computes the function anew, by the gradients of Σ outputs · d, which by the chain rule
 * are the loss's.
 */
export function createGraphBlock<By extends string, Fixed extends string, Output extends string>(
  engine: Engine,
  options: GraphBlockOptions<By, Fixed, Output>,
): GraphBlock<By, Fixed, Output> {
  const { label, compute, axes, outputs, by } = options;
  const forward = engine.compile(label, compute, axes);
  const dAxes = Object.fromEntries(
    Object.entries<Dims>(outputs).map(([name, dims]) => [`d.${name}`, dims]),
  );
  const backward = engine.compile(
    `gradients of ${label}`,
    (inputs: Record<By | Fixed, Tensor>) => vectorJacobian(compute, inputs, by, Object.keys(outputs)),
    { ...axes, ...dAxes },
  );
  const values = createBuffers();
  const gradients = createBuffers();
  let last: Arrays = {};
  const block: GraphBlock<By, Fixed, Output> = {
    forward: (inputs) => forward.run(last = inputs, values),
    backward: (d) => backward.run({ ...last, ...withD(d) }, gradients),
    dispose() {
      forward.dispose();
      backward.dispose();
    },
  };
  return oneAtATime(block, ["forward", "backward"]);
}

/** Puts gradients under the names by which a graph reads them. */
export function withD(gradients: Record<string, NdArray>): Record<string, NdArray> {
  return Object.fromEntries(Object.entries(gradients).map(([name, array]) => [`d.${name}`, array]));
}

/**
 * Computes the gradients of Σ outputs · d by some inputs, in a graph.
 *
 * @param inputs The function's inputs, and `d.NAME` for each of `outputs`.
 */
export function vectorJacobian<I extends Tensors, By extends keyof I & string>(
  compute: (inputs: I) => Tensors,
  inputs: I,
  by: readonly By[],
  outputs: readonly string[],
): Record<By, Tensor> {
  const x: Tensors = Object.fromEntries(by.map((name) => [name, inputs[name]!]));
  const d: Tensors = inputs;
  const { gradients } = valueAndGradients((x) => {
    const values = compute({ ...inputs, ...x });
    const products = outputs.map((name) => tf.sum(tf.mul(values[name]!, d[`d.${name}`]!)));
    return products.reduce((sum: Tensor, product) => tf.add(sum, product));
  }, x);
  return gradients as Record<By, Tensor>;
}
