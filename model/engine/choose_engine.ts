/** Chooses an engine for the machine. */
import type { EngineName } from "./engine.ts";
import { findGpu } from "./gpu.ts";
import { tensorflowHasGpu } from "./tensorflow_engine.ts";

/** An engine and why it was chosen. */
export interface EngineChoice {
  name: EngineName;
  /** A few words: "finds an NVIDIA GPU". */
  reason: string;
}

/** The work that an engine is chosen for. */
export interface EngineWork {
  /**
   * False for networks that keep their parameters in plain arrays: these would travel to a GPU at each step, which costs
   * more than a GPU gains. Default: true.
   */
  gpu?: boolean | undefined;
}

/**
 * Chooses the first of these that runs here: cuda, tensorflow with a GPU, webgpu with a GPU that is no processor, and
 * the engine for the processor.
 */
export async function chooseEngine({ gpu = true }: EngineWork = {}): Promise<EngineChoice> {
  const onProcessor = isBrowser() ? "wasm" : "onnx";
  if (!gpu) {
    return { name: onProcessor, reason: "runs on the processor, as a GPU would gain nothing here" };
  }
  if (await cudaRuns()) return { name: "cuda", reason: "finds an NVIDIA GPU" };
  if (await tensorflowHasGpu()) {
    return { name: "tensorflow", reason: "its binding is built and finds a GPU" };
  }
  const found = await findGpu();
  if (found && !found.isSoftware) return { name: "webgpu", reason: `finds ${found.name}` };
  return { name: onProcessor, reason: "finds no GPU, and runs on the processor" };
}

/** Tells whether CUDA's library is installed and finds a GPU; why not is for who names it. */
async function cudaRuns(): Promise<boolean> {
  if (isBrowser()) return false;
  const { mayCallNativeLibraries } = await import("./ort_ffi/foreign.ts");
  if (!mayCallNativeLibraries()) return false;
  const { loadFfiRuntime } = await import("./ort_ffi/ffi_runtime.ts");
  return await loadFfiRuntime("cuda").then(() => true, () => false);
}

/** Tells whether the program runs in a browser, which loads no native library. */
function isBrowser(): boolean {
  // Node had no navigator before version 21.
  return globalThis.navigator !== undefined && !/^(Deno|Node\.js)\//.test(globalThis.navigator.userAgent);
}
