/** Engines that run each op at once: the backends of TensorFlow.js as they are. */
import { useBackend } from "./backends.ts";
import type { Compiled, Engine, EngineName } from "./engine.ts";
import type { NdArray } from "./nd_array.ts";
import { type Tensor, type Tensors, tf } from "./tf.ts";

/**
 * Creates an engine over a registered backend.
 *
 * @param name The engine's name.
 * @param backend Name of the backend in TensorFlow.js, already registered and ready.
 */
export function createEagerEngine(name: EngineName, backend: string): Engine {
  return {
    name,
    version: `@tensorflow/tfjs ${tf.version.tfjs}`,
    compile: <I extends Tensors, Output extends string>(
      label: string,
      fn: (inputs: I) => Record<Output, Tensor>,
    ): Compiled<Output> => ({
      async run(inputs) {
        let results: Tensors = {};
        try {
          useBackend(backend);
          results = tf.tidy(() => {
            const tensors = Object.entries(inputs).map(([key, array]) => [key, toTensor(array)] as const);
            return fn(Object.fromEntries(tensors) as I);
          });
          const arrays = Object.entries(results).map(async ([key, tensor]) => {
            const data = Float32Array.from(await tensor.data());
            return [key, { shape: tensor.shape, data }] as const;
          });
          return Object.fromEntries(await Promise.all(arrays)) as Record<Output, NdArray>;
        } catch (error) {
          throw new Error(`Cannot run "${label}" on the ${name} engine: ${(error as Error).message}`, {
            cause: error,
          });
        } finally {
          tf.dispose(results);
        }
      },
      dispose() {},
    }),
  };
}

/** Makes a tensor of an array, float32 or int32 by the class of its data. */
function toTensor({ shape, data }: NdArray<Float32Array | Int32Array>): Tensor {
  return tf.tensor(data, shape, data instanceof Int32Array ? "int32" : "float32");
}
