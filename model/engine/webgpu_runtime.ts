/** ONNX Runtime on a GPU, by WebGPU: for Deno and browsers. */
import { findGpu } from "./gpu.ts";
import type { Runtime } from "./runtime.ts";
import { loadWebSession } from "./web_session.ts";
import { webgpuRules } from "./webgpu_rules.ts";

/**
 * Loads the runtime of the engine `webgpu`.
 *
 * @throws If there is no GPU that WebGPU can use.
 */
export async function loadWebgpuRuntime(): Promise<Runtime> {
  const gpu = await findGpu();
  if (!gpu) throw new Error("WebGPU finds no GPU: install its driver (Vulkan, Metal or Direct3D)");
  const ort = await import("npm:onnxruntime-web@1.30.0/webgpu");
  // The processor only hands work to the GPU; and Deno cannot start the threads of this build.
  ort.env.wasm.numThreads = 1;
  return {
    engine: "webgpu",
    version: `onnxruntime-web ${ort.env.versions.web} on ${gpu.name}`,
    rules: webgpuRules,
    precisions: gpu.hasFloat16 ? ["float16"] : [],
    holds: true,
    // The model passes through the memory of WebAssembly, which is 4 GiB, and is held there twice for a moment.
    mostConstantBytes: 2 ** 30,
    load: (model, held) => loadWebSession(ort, model, "webgpu", held),
  };
}
