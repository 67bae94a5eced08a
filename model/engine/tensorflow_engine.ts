/** The engine `tensorflow`: libtensorflow, by the packages that bind it to Node, which the user installs. */
import { startBackend, useBackend } from "./backends.ts";
import { createEagerEngine } from "./eager_engine.ts";
import type { Engine } from "./engine.ts";
import { tf } from "./tf.ts";

/** The packages that bind libtensorflow, the one for GPUs first. */
const PACKAGES = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"];

/**
 * Loads the engine.
 *
 * @throws If its binding has not been built, or does not load.
 */
export async function loadTensorflow(): Promise<Engine> {
  const name = await builtPackage();
  if (!name) {
    throw new Error(
      `Cannot load the tensorflow engine: there is no built binding in ` +
        `${PACKAGES.map((name) => `node_modules/${name}`).join(" or ")} ` +
        `(npm install ${PACKAGES[0]}@4.22.0, and "nodeModulesDir": "manual" in deno.json)`,
    );
  }
  // Node removed this function, which both packages call while they load.
  const { default: util } = await import("node:util") as unknown as { default: Record<string, unknown> };
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  const specifier = `npm:${name}@4.22.0`;
  try {
    await importPackage(specifier, name);
    await startBackend("tensorflow");
    useBackend("tensorflow");
    return createEagerEngine("tensorflow", "tensorflow", true);
  } catch (error) {
    throw new Error(`Cannot load the tensorflow engine (${specifier}): ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Tells whether the engine loads and has a GPU; why it does not load is for who names it. */
export async function tensorflowHasGpu(): Promise<boolean> {
  if (!await builtPackage()) return false;
  if (!await loadTensorflow().catch(() => null)) return false;
  const backend = tf.findBackend("tensorflow") as unknown as { isUsingGpuDevice?: boolean };
  return backend.isUsingGpuDevice ?? false;
}

/** Imports a package: Deno finds it by its version, Node finds what is installed of that name. */
async function importPackage(specifier: string, name: string): Promise<void> {
  try {
    await import(specifier);
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_UNSUPPORTED_ESM_URL_SCHEME") throw error;
    await import(name);
  }
}

/**
 * Returns the first of the packages whose binding was built. Their install scripts download libtensorflow, which happens
 * in a node_modules folder only; without one there is nothing to load, and the packages are not fetched to find out.
 */
async function builtPackage(): Promise<string | null> {
  // A browser has no such module.
  const files = await import("node:fs").catch(() => null);
  return PACKAGES.find((name) => files?.existsSync(`node_modules/${name}/lib/napi-v8/tfjs_binding.node`)) ??
    null;
}
