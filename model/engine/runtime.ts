/** Runtimes, which run recorded graphs: a library that loads ONNX models, on a processor or a GPU. */
import type { Arrays, EngineName } from "./engine.ts";
import type { HeldArray } from "./held_array.ts";
import type { NdArray } from "./nd_array.ts";
import type { Rules } from "./onnx_rules.ts";
import type { Precision } from "./precision.ts";

/** Settings of a runtime; the defaults are right for one program on the machine. */
export interface RuntimeOptions {
  /** Threads of one operator; 0 for all cores. */
  nThreads?: number;
  /**
   * Beginning of file names: the runtime of `onnx` times every kernel of its models in a file of this name and a date,
   * written when the model is released, and writes the graph as it is run, after optimisations, to this name and ".onnx".
   */
  profile?: string;
}

/** A loaded model. */
export interface Session {
  /** Names of the inputs that the model reads. */
  readonly inputNames: readonly string[];
  /**
   * Runs the model. Runs may overlap.
   *
   * @param inputs Every input by name, int32 or float32.
   * @param outputs Arrays of the right shapes, in which the outputs are written.
   * @param held Shapes of the outputs that the runtime holds: those that the model was loaded with.
   * @returns The held outputs.
   */
  run(
    inputs: Arrays,
    outputs: Record<string, NdArray>,
    held: Record<string, readonly number[]>,
  ): Promise<Record<string, HeldArray>>;
  /** Frees the model, which is not running. */
  release(): Promise<void>;
}

/** A library that runs ONNX models. */
export interface Runtime {
  /** The engine that it makes. */
  readonly engine: EngineName;
  /** The library and threads, as far as they may change a bit of the result: "onnxruntime-node 1.30.0 with 2 threads". */
  readonly version: string;
  /** Recordings of kernels for what the library lacks, in place of the common ones. */
  readonly rules?: Rules;
  /** The types of 16 bits in which it multiplies matrices; none unless told. */
  readonly precisions?: readonly Precision[];
  /** True if it only rounds to these types, and computes in float32 (see `NarrowProducts`). */
  readonly roundsProducts?: boolean;
  /** True if it can hold arrays. */
  readonly holds: boolean;
  /** True if the library has the products of int8.ts. Default: false. */
  readonly hasInt8?: boolean;
  /** The most bytes of constants in one model; as many as a model can have unless told. */
  readonly mostConstantBytes?: number;
  /**
   * Loads a model.
   *
   * @param model The bytes of an ONNX model.
   * @param held Names of the outputs that it will hold; none if it cannot.
   */
  load(model: Uint8Array, held: readonly string[]): Promise<Session>;
}
