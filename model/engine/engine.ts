/**
 * Engines, which run tensor code: a function of named tensors, written in TensorFlow.js ops, is compiled once and then
 * run on plain arrays. Parameters, batches and gradients live outside as typed arrays, so that training,
 * optimiser, checkpoints and tests are the same on every engine and nothing needs to be disposed by hand.
 */
import type { Buffers } from "./buffers.ts";
import type { HeldArray } from "./held_array.ts";
import type { MixedPrecision } from "./mixed_precision.ts";
import type { NdArray } from "./nd_array.ts";
import type { Precision } from "./precision.ts";
import type { Tensor, Tensors } from "./tf.ts";
import type { Weights } from "./weights.ts";

/** Arrays by name: what goes into and comes out of a compiled function. Those of float32 may be held by the engine. */
export type Arrays = Record<string, NdArray<Float32Array> | NdArray<Int32Array>>;

/**
 * A function from named tensors to named tensors, in TensorFlow.js ops, without reading values back. It may run once
 * for inputs of all sizes: a size that varies must be used as a shape only, not as a number in a computation.
 */
export type TensorFunction = (inputs: Tensors) => Tensors;

/**
 * Names of the axes that differ from run to run, by input: `{ ids: ["B", "P"] }`, a number for an axis of
 * fixed size. Inputs that are not listed keep their shape in every run. One name is one size within a run.
 */
export type Axes = Record<string, readonly (string | number)[]>;

/** A compiled function, with the names of its outputs. */
export interface Compiled<Output extends string = string> {
  /**
   * Runs the function. Runs may overlap: each gives what it gives alone, in arrays of its own.
   *
   * @param inputs Every input by name; int32 or float32 by the class of its data. They must not change meanwhile.
   * @param buffers Where an engine may write the outputs, each under its name, instead of into new arrays: for a caller
   * that has done with the outputs of one run before it starts the next, as new arrays of a model's size are dear.
   */
  run(inputs: Arrays, buffers?: Buffers): Promise<Record<Output, NdArray>>;
  /** Frees what the function holds, after the runs that have been started; no other can be started any more. */
  dispose(): void;
}

/** Options of compiling. */
export interface CompileOptions<Output extends string = string> {
  /**
   * The outputs that stay with an engine that holds arrays: each run hands out a new `HeldArray`, which its caller
   * releases. Other engines, which have no `memory`, give plain arrays all the same.
   */
  held?: readonly Output[];
  /** The type of matrix products, one of the engine's `precisions`; float32 by default, as all else is. */
  precision?: Precision | undefined;
  /** Arrays that never change, which an engine may read once (`withWeights`). */
  weights?: Weights;
}

/** The memory of an engine that computes elsewhere than in the program's own, on a GPU for instance. */
export interface EngineMemory {
  /** Copies an array into the engine's memory; the caller releases it. */
  hold(array: NdArray): Promise<HeldArray>;
  /** Copies an array out of it; a plain one is copied, too. */
  read(array: NdArray): Promise<NdArray>;
  /** Copies an array within it; the caller releases the copy. */
  snapshot(array: NdArray): Promise<HeldArray>;
}

/** Something that compiles and runs tensor functions. */
export interface Engine {
  readonly name: EngineName;
  /**
   * The software that computes, as far as it may change a bit of the result: "onnxruntime-node 1.30.0 with 2 threads".
   */
  readonly version: string;
  /** True if it computes products in int8 on request (`Weights.int8`). Default: false. */
  readonly hasInt8?: boolean;
  /** Where it keeps arrays from run to run; engines without compute on plain arrays where they lie. */
  readonly memory?: EngineMemory | undefined;
  /** The types of 16 bits in which it multiplies matrices; none unless told. */
  readonly precisions?: readonly Precision[] | undefined;
  /** The way in which it computes training steps (see `mixedEngine`); in float32 unless told. */
  readonly mixed?: MixedPrecision | undefined;
  /**
   * Compiles a function.
   *
   * @param label Names it in errors.
   * @param fn The function; the type of its parameter says which inputs it reads by name.
   * @param axes Which axes differ from run to run.
   */
  compile<I extends Tensors = Tensors, Output extends string = string>(
    label: string,
    fn: (inputs: I) => Record<Output, Tensor>,
    axes?: Axes,
    options?: CompileOptions<NoInfer<Output>>,
  ): Compiled<Output>;
}

/** The engines by name; `auto` is one of them (choose_engine.ts). */
export const ENGINE_NAMES = ["onnx", "cuda", "tensorflow", "webgpu", "wasm", "cpu"] as const;
/** `onnx-ffi` is the code of cuda on the processor, by which it is tested everywhere; no flag offers it. */
export type EngineName = typeof ENGINE_NAMES[number] | "onnx-ffi";
