/** Chooses and loads an engine by name. */
import { createEagerEngine } from "./eager_engine.ts";
import { type Engine, ENGINE_NAMES, type EngineName } from "./engine.ts";
import { createOnnxEngine, type OnnxOptions } from "./onnx_engine.ts";
import { tf } from "./tf.ts";

/**
 * Loads an engine.
 *
 * @param name One of `ENGINE_NAMES`, or `auto`: tensorflow if it loads and has a GPU, else onnx.
 * @throws If there is no such engine, or it does not load on this machine; the message says what is missing.
 */
export async function createEngine(
  name: EngineName | "auto" = "auto",
  options: OnnxOptions = {},
): Promise<Engine> {
  switch (name) {
    case "auto":
      return await tensorflowWithGpu() ?? createOnnxEngine(options);
    case "onnx":
      return createOnnxEngine(options);
    case "cpu":
      await tf.setBackend("cpu");
      // Otherwise its first use prints an advertisement for tfjs-node to standard error.
      (tf.findBackend("cpu") as unknown as { firstUse: boolean }).firstUse = false;
      return createEagerEngine("cpu", "cpu");
    case "wasm":
    case "webgpu":
      return await load(name, `npm:@tensorflow/tfjs-backend-${name}@4.22.0`, name);
    case "tensorflow":
      return await loadTensorflow();
    default: {
      const known = ["auto", ...ENGINE_NAMES].join(", ");
      throw new Error(`Cannot choose an engine: it must be one of ${known}, current value is "${name}"`);
    }
  }
}

async function load(name: EngineName, specifier: string, backend: string): Promise<Engine> {
  try {
    await import(specifier);
    if (!await tf.setBackend(backend)) {
      throw new Error(`TensorFlow.js cannot start its "${backend}" backend here`);
    }
    return createEagerEngine(name, backend);
  } catch (error) {
    throw new Error(`Cannot load the ${name} engine (${specifier}): ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** The packages that bind libtensorflow, the one for GPUs first. Their install scripts download the library. */
const TENSORFLOW = ["npm:@tensorflow/tfjs-node-gpu@4.22.0", "npm:@tensorflow/tfjs-node@4.22.0"];

async function loadTensorflow(): Promise<Engine> {
  // Node removed this function, which both packages call while they load.
  const { default: util } = await import("node:util") as unknown as { default: Record<string, unknown> };
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  const reasons: string[] = [];
  for (const specifier of TENSORFLOW) {
    try {
      return await load("tensorflow", specifier, "tensorflow");
    } catch (error) {
      reasons.push((error as Error).message);
    }
  }
  throw new Error(`Cannot load the tensorflow engine: ${reasons.join("; ")}`);
}

async function tensorflowWithGpu(): Promise<Engine | null> {
  try {
    const engine = await loadTensorflow();
    const backend = tf.findBackend("tensorflow") as unknown as { isUsingGpuDevice?: boolean };
    return backend.isUsingGpuDevice ? engine : null;
  } catch {
    return null;
  }
}
