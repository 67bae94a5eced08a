/** ONNX Runtime as WebAssembly, on the processor's cores: for Deno, Node and browsers. */
import type { Runtime, RuntimeOptions } from "./runtime.ts";
import { loadWebSession } from "./web_session.ts";

/** Loads the runtime of the engine `wasm`; the threads that the program's first one has are those of all others. */
export async function loadWasmRuntime({ nThreads = 0 }: RuntimeOptions = {}): Promise<Runtime> {
  const ort = await import("npm:onnxruntime-web@1.30.0");
  const { wasm } = ort.env;
  wasm.numThreads ??= canShareMemory() ? nThreads || (globalThis.navigator?.hardwareConcurrency ?? 1) : 1;
  return {
    engine: "wasm",
    version: `onnxruntime-web ${ort.env.versions.web} with ${wasm.numThreads} threads`,
    holds: false,
    hasInt8: true,
    // The memory of WebAssembly is 4 GiB, in which a model is held twice while it is loaded.
    mostConstantBytes: 2 ** 30,
    load: (model) => loadWebSession(ort, model, "wasm", []),
  };
}

/** Tells whether threads may share memory, which browsers allow to pages that isolate themselves from others. */
function canShareMemory(): boolean {
  return globalThis.crossOriginIsolated ?? typeof SharedArrayBuffer !== "undefined";
}
