/** The backends of TensorFlow.js, of which one is current for the whole program. */
import { tf } from "./tf.ts";

/** Backends that are started or being started, by name. */
const starting = new Map<string, Promise<void>>();

/**
 * Starts a registered backend beside the current one: TensorFlow.js' own way would make it the current one before it
 * is ready, and fail whatever runs meanwhile.
 *
 * @throws If no backend of this name is registered, or it cannot be started on this machine.
 */
export function startBackend(name: string): Promise<void> {
  if (isReady(name)) return Promise.resolve();
  const started = starting.get(name) ?? start(name).finally(() => starting.delete(name));
  starting.set(name, started);
  return started;
}

async function start(name: string): Promise<void> {
  const make = tf.findBackendFactory(name) as
    | (() => tf.KernelBackend | Promise<tf.KernelBackend>)
    | undefined;
  if (!make) throw new Error(`TensorFlow.js has no backend "${name}"`);
  const backend = await make();
  tf.removeBackend(name);
  tf.registerBackend(name, () => backend);
  tf.findBackend(name);
}

/**
 * Makes a started backend the current one, at once: after a wait, another engine's run could have changed it.
 *
 * @throws If it has not been started.
 */
export function useBackend(name: string): void {
  if (!isReady(name)) throw new Error(`TensorFlow.js' backend "${name}" has not been started`);
  // Each change goes through all kernels that there are.
  if (tf.getBackend() !== name) tf.setBackend(name);
}

function isReady(name: string): boolean {
  return Object.hasOwn(tf.engine().registry, name);
}
