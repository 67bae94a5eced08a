/** Chooses and loads an engine by name. */
import { startBackend, useBackend } from "./backends.ts";
import { createEagerEngine, type ToTensor } from "./eager_engine.ts";
import { type Engine, ENGINE_NAMES, type EngineName } from "./engine.ts";
import type { Runtime, RuntimeOptions } from "./runtime.ts";
import { tf } from "./tf.ts";
import { webgpuTensor } from "./webgpu_tensor.ts";

/**
 * Loads an engine.
 *
 * @param name One of `ENGINE_NAMES`, or `auto`: tensorflow if it loads and has a GPU, else onnx.
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
  options: RuntimeOptions = {},
): Promise<Engine> {
  switch (name) {
    case "auto":
      return await tensorflowWithGpu() ?? await loadRecording("onnx", options);
    case "onnx":
    case "cuda":
    case "onnx-ffi":
      return await loadRecording(name, options);
    case "cpu":
      await startBackend("cpu");
      useBackend("cpu");
      // Otherwise its first use prints an advertisement for tfjs-node to standard error.
      (tf.findBackend("cpu") as unknown as { firstUse: boolean }).firstUse = false;
      return createEagerEngine("cpu", "cpu");
    case "wasm":
      return await load(name, backendPackage(name), name);
    case "webgpu":
      return await load(name, backendPackage(name), name, webgpuTensor);
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
} satisfies Partial<Record<EngineName, (options: RuntimeOptions) => Promise<Runtime>>>;

async function loadRecording(name: keyof typeof RUNTIMES, options: RuntimeOptions): Promise<Engine> {
  try {
    const runtime = await RUNTIMES[name](options);
    const { createOnnxEngine } = await import("./onnx_engine.ts");
    return createOnnxEngine(runtime);
  } catch (error) {
    throw new Error(`Cannot load the ${name} engine: ${(error as Error).message}`, { cause: error });
  }
}

const backendPackage = (name: "wasm" | "webgpu") => `@tensorflow/tfjs-backend-${name}`;

async function load(
  name: EngineName,
  packageName: string,
  backend: string,
  toTensor?: ToTensor,
): Promise<Engine> {
  const specifier = `npm:${packageName}@4.22.0`;
  try {
    await importPackage(specifier, packageName);
    await startBackend(backend);
    useBackend(backend);
    return createEagerEngine(name, backend, toTensor);
  } catch (error) {
    throw new Error(`Cannot load the ${name} engine (${specifier}): ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Imports an engine's package: Deno fetches it by its version, Node finds what is installed of that name. */
async function importPackage(specifier: string, name: string): Promise<void> {
  try {
    await import(specifier);
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_UNSUPPORTED_ESM_URL_SCHEME") throw error;
    await import(name);
  }
}

/** The packages that bind libtensorflow, the one for GPUs first. */
const TENSORFLOW = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"];

/**
 * Finds the first of the packages whose binding was built. Their install scripts download libtensorflow, which happens
 * in a node_modules folder only; without one there is nothing to load, and the packages are not fetched to find out.
 */
async function builtTensorflow(): Promise<string | null> {
  const { existsSync } = await import("node:fs");
  return TENSORFLOW.find((name) => existsSync(`node_modules/${name}/lib/napi-v8/tfjs_binding.node`)) ?? null;
}

async function loadTensorflow(): Promise<Engine> {
  const name = await builtTensorflow();
  if (!name) {
    throw new Error(
      `Cannot load the tensorflow engine: there is no built binding in ` +
        `${TENSORFLOW.map((name) => `node_modules/${name}`).join(" or ")} ` +
        `(npm install ${TENSORFLOW[0]}@4.22.0, and "nodeModulesDir": "manual" in deno.json)`,
    );
  }
  // Node removed this function, which both packages call while they load.
  const { default: util } = await import("node:util") as unknown as { default: Record<string, unknown> };
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  return await load("tensorflow", name, "tensorflow");
}

/** Creates the tensorflow engine if it loads and has a GPU: `auto` asks; why it does not load is for who names it. */
async function tensorflowWithGpu(): Promise<Engine | null> {
  if (!await builtTensorflow()) return null;
  const engine = await loadTensorflow().catch(() => null);
  if (!engine) return null;
  const backend = tf.findBackend("tensorflow") as unknown as { isUsingGpuDevice?: boolean };
  return backend.isUsingGpuDevice ? engine : null;
}
