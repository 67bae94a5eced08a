/** Chooses and loads an engine by name. */
import { startBackend, useBackend } from "./backends.ts";
import { chooseEngine, type EngineWork } from "./choose_engine.ts";
import { createEagerEngine } from "./eager_engine.ts";
import { type Engine, ENGINE_NAMES, type EngineName } from "./engine.ts";
import type { Runtime, RuntimeOptions } from "./runtime.ts";
import { loadTensorflow } from "./tensorflow_engine.ts";
import { tf } from "./tf.ts";

/** Settings of an engine, and what it is chosen for where the choice is free. */
export interface EngineOptions extends RuntimeOptions, EngineWork {}

/**
 * Loads an engine.
 *
 * @param name One of `ENGINE_NAMES`, or `auto`: what `chooseEngine` chooses.
 * @throws If there is no such engine, or it does not load on this machine; the message says what is missing.
 *
 * @example
 * ```ts
 * import { createEngine } from "@laner/laner";
 *
 * const engine = await createEngine("cpu");
 * const double = engine.compile("double", ({ x }) => ({ y: x!.add(x!) }), { x: ["n"] });
 * const { y } = await double.run({ x: { shape: [2], data: Float32Array.of(1, 2) } });
 * console.log(y?.data); // 2, 4
 * ```
 */
export async function createEngine(
  name: EngineName | "auto" = "auto",
  options: EngineOptions = {},
): Promise<Engine> {
  switch (name) {
    case "auto":
      return await createEngine((await chooseEngine(options)).name, options);
    case "onnx":
    case "cuda":
    case "onnx-ffi":
    case "wasm":
    case "webgpu":
      return await loadRecording(name, options);
    case "cpu":
      await startBackend("cpu");
      useBackend("cpu");
      // Otherwise its first use prints an advertisement for tfjs-node to standard error.
      (tf.findBackend("cpu") as unknown as { firstUse: boolean }).firstUse = false;
      return createEagerEngine("cpu", "cpu", false);
    case "tensorflow":
      return await loadTensorflow();
    default: {
      const known = ["auto", ...ENGINE_NAMES].join(", ");
      throw new Error(`Cannot choose an engine: it must be one of ${known}, current value is "${name}"`);
    }
  }
}

/** Loads the runtime of each engine that records, only where it is chosen: each is large, and not for every machine. */
const RUNTIMES = {
  onnx: async (options: RuntimeOptions) => (await import("./node_runtime.ts")).loadNodeRuntime(options),
  cuda: async (options: RuntimeOptions) =>
    (await import("./ort_ffi/ffi_runtime.ts")).loadFfiRuntime("cuda", options),
  "onnx-ffi": async (options: RuntimeOptions) =>
    (await import("./ort_ffi/ffi_runtime.ts")).loadFfiRuntime("cpu", options),
  wasm: async (options: RuntimeOptions) => (await import("./wasm_runtime.ts")).loadWasmRuntime(options),
  webgpu: async () => (await import("./webgpu_runtime.ts")).loadWebgpuRuntime(),
} satisfies Partial<Record<EngineName, (options: RuntimeOptions) => Promise<Runtime>>>;

/** The engines that have been loaded: what one holds is never freed as a whole, so that there is one of each kind. */
const loaded = new Map<string, Promise<Engine>>();

function loadRecording(name: keyof typeof RUNTIMES, { nThreads = 0 }: RuntimeOptions): Promise<Engine> {
  const key = `${name} ${nThreads}`;
  const engine = loaded.get(key) ?? loadRuntime(name, { nThreads });
  loaded.set(key, engine);
  // What failed may be mended meanwhile, and is tried again.
  engine.catch(() => loaded.delete(key));
  return engine;
}

async function loadRuntime(name: keyof typeof RUNTIMES, options: RuntimeOptions): Promise<Engine> {
  try {
    const runtime = await RUNTIMES[name](options);
    const { createOnnxEngine } = await import("./onnx_engine.ts");
    return createOnnxEngine(runtime);
  } catch (error) {
    throw new Error(`Cannot load the ${name} engine: ${(error as Error).message}`, { cause: error });
  }
}
