/** ONNX Runtime's native library through its C API, on the processor's cores or on an NVIDIA GPU: for Deno. */
import { createGraph } from "../onnx_graph.ts";
import type { Runtime, RuntimeOptions } from "../runtime.ts";
import { nativeText } from "./foreign.ts";
import { openOnnxRuntime, type Provider } from "./library.ts";
import { withGpu } from "./nvidia_libraries.ts";
import { createSession, loadModel, type Surroundings } from "./session.ts";
import { createSessionOptions, LOGGED } from "./session_options.ts";
import { memoryOf } from "./values.ts";

/**
 * Loads the runtime, which holds arrays in the memory of what computes.
 *
 * @param provider What computes. With `cpu` it is the engine `onnx-ffi`, by which tests go through this code.
 * @throws If a library is missing or does not load, or there is no GPU for CUDA; the message says what is missing.
 */
export async function loadFfiRuntime(
  provider: Provider,
  { nThreads = 0 }: RuntimeOptions = {},
): Promise<Runtime> {
  const library = await openOnnxRuntime(provider);
  const { api } = library;
  const made = {
    api,
    // A process has one: when there is one already, from the npm package too, this is that.
    environment: api.make("CreateEnv", LOGGED, nativeText("laner")),
    options: await createSessionOptions(library, provider, nThreads),
    memory: memoryOf(api, "cpu"),
  };
  const allocator = withGpu(() =>
    api.make("CreateAllocator", loadModel(made, emptyModel()), memoryOf(api, provider))
  );
  const surroundings: Surroundings = { ...made, allocator };
  const threads = nThreads || (globalThis.navigator?.hardwareConcurrency ?? "all");
  return {
    engine: provider === "cuda" ? "cuda" : "onnx-ffi",
    version: `onnxruntime ${api.version} with ${provider === "cuda" ? "CUDA" : `${threads} threads`}`,
    precisions: ["bfloat16", "float16"],
    // The processor has no such products, and would leave out the rounding, too.
    roundsProducts: provider === "cpu",
    holds: true,
    hasInt8: provider === "cpu",
    load: (model) => Promise.resolve(createSession(surroundings, Uint8Array.from(model))),
  };
}

/** Makes a model that computes nothing. To load it fails where there is no GPU; its session owns all held arrays. */
function emptyModel(): Uint8Array<ArrayBuffer> {
  const graph = createGraph("nothing");
  graph.output("out", graph.input("in", [1], [1], "float32"));
  return Uint8Array.from(graph.toBytes());
}
