/** Chooses an engine for the machine. */
import type { EngineName } from "./engine.ts";
import { tensorflowHasGpu } from "./tensorflow_engine.ts";

/** An engine and why it was chosen. */
export interface EngineChoice {
  name: EngineName;
  /** A few words: "its binding is built and finds a GPU". */
  reason: string;
}

/**
 * Chooses TensorFlow where it has a GPU, else the engine for the processor. The engines cuda and webgpu are for those
 * who name them: parameters still travel to the GPU at each step, which often costs more than the GPU gains.
 */
export async function chooseEngine(): Promise<EngineChoice> {
  if (await tensorflowHasGpu()) {
    return { name: "tensorflow", reason: "its binding is built and finds a GPU" };
  }
  return { name: isBrowser() ? "wasm" : "onnx", reason: "runs on the processor" };
}

/** Tells whether the program runs in a browser, which loads no native library. */
function isBrowser(): boolean {
  // Node had no navigator before version 21.
  return globalThis.navigator !== undefined && !/^(Deno|Node\.js)\//.test(globalThis.navigator.userAgent);
}
