/** ONNX Runtime's native library through its C API, on the processor's cores or on an NVIDIA GPU: for Deno. */
import type { Runtime, RuntimeOptions } from "../runtime.ts";
import { nativeText } from "./foreign.ts";
import { createHolder, type Holder } from "./holder.ts";
import { openOnnxRuntime, type Provider } from "./library.ts";
import { withGpu } from "./nvidia_libraries.ts";
import { createSession, type FfiSession, type Surroundings } from "./session.ts";
import { createSessionOptions, LOGGED } from "./session_options.ts";
import { memoryOf } from "./values.ts";

/** A runtime that can keep values on its device. */
export interface FfiRuntime extends Runtime, Holder {
  load(model: Uint8Array): Promise<FfiSession>;
}

/**
 * Loads the runtime.
 *
 * @param provider What computes. With `cpu` it is the engine `onnx-ffi`, by which tests go through this code.
 * @throws If a library is missing or does not load, or there is no GPU for CUDA; the message says what is missing.
 */
export async function loadFfiRuntime(
  provider: Provider,
  { nThreads = 0 }: RuntimeOptions = {},
): Promise<FfiRuntime> {
  const library = await openOnnxRuntime(provider);
  const { api } = library;
  const surroundings: Surroundings = {
    api,
    // A process has one: when there is one already, from the npm package too, this is that.
    environment: api.make("CreateEnv", LOGGED, nativeText("laner")),
    options: await createSessionOptions(library, provider, nThreads),
    memory: memoryOf(api, "cpu"),
  };
  const threads = nThreads || (globalThis.navigator?.hardwareConcurrency ?? "all");
  const { hold, read, snapshot } = withGpu(() => createHolder(surroundings, provider));
  return {
    engine: provider === "cuda" ? "cuda" : "onnx-ffi",
    version: `onnxruntime ${api.version} with ${provider === "cuda" ? "CUDA" : `${threads} threads`}`,
    load: (model) => Promise.resolve(createSession(surroundings, Uint8Array.from(model))),
    hold,
    read,
    snapshot,
  };
}
