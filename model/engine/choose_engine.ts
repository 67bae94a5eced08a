/** Chooses an engine for the machine. */
import type { EngineName } from "./engine.ts";
import { findGpu, type Gpu } from "./gpu.ts";
import { tensorflowHasGpu } from "./tensorflow_engine.ts";

/** An engine and why it was chosen. */
export interface EngineChoice {
  name: EngineName;
  /** A few words: "runs on NVIDIA H200". */
  reason: string;
}

/** Engines for a GPU, in the order in which they are tried; each says why it is chosen, or that it is not (null). */
const ON_GPU: readonly [name: EngineName, reason: (gpu: Gpu | null) => Promise<string | null>][] = [
  ["tensorflow", async () => await tensorflowHasGpu() ? "its binding is built and finds a GPU" : null],
  ["webgpu", (gpu) => Promise.resolve(gpu && !gpu.isSoftware ? `runs on ${gpu.name}` : null)],
];

/**
 * Chooses the first engine that runs on a GPU, else the one for the processor.
 *
 * @param find Finds the GPU that WebGPU can use.
 */
export async function chooseEngine(find: () => Promise<Gpu | null> = findGpu): Promise<EngineChoice> {
  const gpu = await find();
  for (const [name, reasonOf] of ON_GPU) {
    const reason = await reasonOf(gpu);
    if (reason !== null) return { name, reason };
  }
  return { name: isBrowser() ? "wasm" : "onnx", reason: gpu ? `${gpu.name} is no GPU` : "no GPU was found" };
}

/** Tells whether the program runs in a browser, which loads no native library. */
function isBrowser(): boolean {
  // Node had no navigator before version 21.
  return globalThis.navigator !== undefined && !/^(Deno|Node\.js)\//.test(globalThis.navigator.userAgent);
}
