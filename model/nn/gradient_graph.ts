/** The loss of a network in one graph with its gradients: one training step. */
import { createBuffers } from "../engine/buffers.ts";
import type { Arrays } from "../engine/engine.ts";
import { valueAndGradients } from "../engine/gradients.ts";
import { releaseHeld } from "../engine/held_array.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { type Tensor, type Tensors, tf } from "../engine/tf.ts";
import { createDropoutGraph, type DropoutGraphOptions } from "./dropout_graph.ts";

/** A compiled loss with its gradients. */
export interface GradientGraph<Input extends string> {
  /**
   * Computes the loss and its gradients, which the next call overwrites, or releases.
   *
   * @param masks Dropout masks by name; without them there is no dropout.
   */
  run(inputs: Arrays, masks?: Arrays): Promise<LossAndGradients<Input>>;
  /** Frees what the engine holds for it. */
  dispose(): void;
}

/** A loss and its gradients. */
export interface LossAndGradients<Input extends string> {
  loss: number;
  /** By each parameter. */
  gradients: Record<string, NdArray>;
  /** By each of the inputs that were asked for. */
  byInput: Record<Input, NdArray>;
}

/** A loss to be compiled. */
export interface GradientGraphOptions<I extends Tensors, Input extends string>
  extends Omit<DropoutGraphOptions<I, string>, "compute" | "held" | "precision"> {
  /**
   * Computes the loss, a scalar, in TensorFlow.js ops.
   *
   * @param p The tensors that are differentiated by: parameters, and what `inputNames` says.
   * @param inputs All inputs.
   */
  loss: (p: Tensors, inputs: I, masks: Tensors | undefined) => Tensor;
  /** Names of the parameters to differentiate by. */
  parameterNames: readonly string[];
  /** Names of the other inputs to differentiate by. */
  inputNames: readonly Input[];
  /** True if gradients stay with an engine that holds arrays. */
  holds?: boolean;
}

/**
 * Compiles a loss and its gradients, with dropout and without, in the engine's mixed precision if it has one (see
 * `mixedEngine`).
 */
export function createGradientGraph<I extends Tensors, Input extends string>(
  options: GradientGraphOptions<I, Input>,
): GradientGraph<Input> {
  const { loss, parameterNames, inputNames, holds = false } = options;
  const { precision, lossScale } = options.engine.mixed ?? {};
  const graph = createDropoutGraph<I, string>({
    ...options,
    held: holds ? [...parameterNames, ...inputNames] : [],
    precision,
    compute(x: I, masks) {
      const by = Object.fromEntries([...parameterNames, ...inputNames].map((name) => [name, x[name]!]));
      const scale = lossScale && x[LOSS_SCALE]!;
      const { value, gradients } = valueAndGradients((p) => loss(p, x, masks), by, scale);
      return { loss: value, ...(scale ? divided(gradients, scale) : gradients) };
    },
  });
  const buffers = createBuffers();
  let found: Record<string, NdArray> = {};
  return {
    async run(inputs, masks) {
      releaseHeld(found);
      const scale = lossScale && { [LOSS_SCALE]: numberArray(lossScale.scale) };
      found = await graph.run({ ...inputs, ...scale }, masks, buffers);
      return {
        loss: found.loss!.data[0]!,
        gradients: take(found, parameterNames),
        byInput: take(found, inputNames),
      };
    },
    dispose() {
      graph.dispose();
      releaseHeld(found);
    },
  };
}

/** The name of the input that the loss is multiplied by. */
const LOSS_SCALE = "lossScale";

function numberArray(value: number): NdArray {
  return { shape: [], data: Float32Array.of(value) };
}

/** Divides gradients by the factor of their loss; one that has overflowed stays infinite. */
function divided(gradients: Tensors, scale: Tensor): Tensors {
  const inverse = tf.div(1, scale);
  return Object.fromEntries(
    Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, inverse)]),
  );
}

function take<Name extends string>(
  arrays: Record<string, NdArray>,
  names: readonly Name[],
): Record<Name, NdArray> {
  return Object.fromEntries(names.map((name) => [name, arrays[name]!])) as Record<Name, NdArray>;
}
