/** Chooses an engine for the machine. */
import type { EngineName } from "./engine.ts";
import { findGpu } from "./gpu.ts";
import { tensorflowHasGpu } from "./tensorflow_engine.ts";

/** An engine and why it was chosen. */
export interface EngineChoice {
  name: EngineName;
  /** A few words: "runs on NVIDIA H200". */
  reason: string;
}

/** Engines for a GPU, in the order in which they are tried; each says why it is chosen, or that it is not (null). */
const ON_GPU: readonly [name: EngineName, reason: () => Promise<string | null>][] = [
  ["tensorflow", async () => await tensorflowHasGpu() ? "its binding is built and finds a GPU" : null],
  ["webgpu", async () => {
    const gpu = await findGpu();
    return gpu && !gpu.isSoftware ? `runs on ${gpu.name}` : null;
  }],
];

/** Chooses the first engine that runs on a GPU, else the one for the processor. */
export async function chooseEngine(): Promise<EngineChoice> {
  for (const [name, reasonOf] of ON_GPU) {
    const reason = await reasonOf();
    if (reason !== null) return { name, reason };
  }
  return { name: isBrowser() ? "wasm" : "onnx", reason: "no GPU was found" };
}

/** Tells whether the program runs in a browser, which loads no native library. */
function isBrowser(): boolean {
  // Node had no navigator before version 21.
  return globalThis.navigator !== undefined && !/^(Deno|Node\.js)\//.test(globalThis.navigator.userAgent);
}
