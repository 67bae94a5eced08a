/** Runtimes, which run recorded graphs: a library that loads ONNX models, on a processor or a GPU. */
import type { Arrays, EngineName } from "./engine.ts";
import type { NdArray } from "./nd_array.ts";
import type { Rules } from "./onnx_rules.ts";

/** Settings of a runtime; the defaults are right for one program on the machine. */
export interface RuntimeOptions {
  /** Threads of one operator; 0 for all cores. */
  nThreads?: number;
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
   */
  run(inputs: Arrays, outputs: Record<string, NdArray>): Promise<void>;
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
  /**
   * Loads a model.
   *
   * @param model The bytes of an ONNX model.
   */
  load(model: Uint8Array): Promise<Session>;
}
