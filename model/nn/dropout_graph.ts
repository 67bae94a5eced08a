/** A function of tensors that is compiled twice: with dropout, for steps of a training, and without. */
import type { Buffers } from "../engine/buffers.ts";
import type { Arrays, Axes, CompileOptions, Engine } from "../engine/engine.ts";
import type { NdArray } from "../engine/nd_array.ts";
import type { Tensor, Tensors } from "../engine/tf.ts";

/** A compiled function with dropout masks, or without. */
export interface DropoutGraph<Output extends string = string> {
  /**
   * Runs the function.
   *
   * @param masks Dropout masks by name; without them there is no dropout.
   * @param buffers Where outputs may be written (see `Compiled`).
   */
  run(inputs: Arrays, masks?: Arrays, buffers?: Buffers): Promise<Record<Output, NdArray>>;
  /** Frees what the engine holds for it. */
  dispose(): void;
}

/** A function to be compiled. */
export interface DropoutGraphOptions<I extends Tensors, Output extends string>
  extends CompileOptions<NoInfer<Output>> {
  engine: Engine;
  /** Names it in errors. */
  label: string;
  /** Computes the outputs in TensorFlow.js ops; `masks` are undefined where there is no dropout. */
  compute: (inputs: I, masks: Tensors | undefined) => Record<Output, Tensor>;
  /** Axes that vary, of inputs (see `Axes`). */
  axes: Axes;
  /** Axes of the dropout masks. */
  dropoutAxes: Axes;
}

/** Compiles a function with dropout and without. */
export function createDropoutGraph<I extends Tensors, Output extends string>(
  options: DropoutGraphOptions<I, Output>,
): DropoutGraph<Output> {
  const { engine, label, compute, axes, dropoutAxes, held = [], precision } = options;
  const how = { held, precision };
  const dropped = engine.compile(label, (x: I) => compute(x, x), { ...axes, ...dropoutAxes }, how);
  const plain = engine.compile(`${label} without dropout`, (x: I) => compute(x, undefined), axes, how);
  return {
    run: (inputs, masks, buffers) =>
      masks ? dropped.run({ ...inputs, ...masks }, buffers) : plain.run(inputs, buffers),
    dispose() {
      dropped.dispose();
      plain.dispose();
    },
  };
}
