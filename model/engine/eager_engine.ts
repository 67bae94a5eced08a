/** Engines that run each op at once: the backends of TensorFlow.js as they are. */
import { useBackend } from "./backends.ts";
import type { Axes, Compiled, CompileOptions, Engine, EngineName } from "./engine.ts";
import { createMemory } from "./engine_memory.ts";
import { HeldArray, useHeld } from "./held_array.ts";
import type { NdArray } from "./nd_array.ts";
import { checkEngineHas } from "./precision.ts";
import { type Tensor, type Tensors, tf } from "./tf.ts";

/**
 * Creates an engine over a registered backend.
 *
 * @param name The engine's name.
 * @param backend Name of the backend in TensorFlow.js, already registered and ready.
 * @param holds True if it holds arrays, as tensors of the backend.
 */
export function createEagerEngine(name: EngineName, backend: string, holds: boolean): Engine {
  const version = `@tensorflow/tfjs ${tf.version.tfjs}`;
  const compile = <I extends Tensors, Output extends string>(
    label: string,
    fn: (inputs: I) => Record<Output, Tensor>,
    _axes?: Axes,
    { held = [], precision }: CompileOptions<NoInfer<Output>> = {},
  ): Compiled<Output> => ({
    async run(inputs) {
      checkEngineHas({ name, version }, precision);
      const endUse = useHeld(inputs);
      let results: Tensors = {};
      try {
        useBackend(backend);
        results = tf.tidy(() => {
          const tensors = Object.entries(inputs).map(([key, array]) => {
            const held = array instanceof HeldArray ? (array as HeldArray<Tensor>).native : null;
            return [key, held ?? toTensor(array)] as const;
          });
          return fn(Object.fromEntries(tensors) as I);
        });
        const arrays = Object.entries(results).map(async ([key, tensor]) => {
          if (holds && held.includes(key as Output)) return [key, heldOf(tensor)] as const;
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
        endUse();
      }
    },
    dispose() {},
  });
  return {
    name,
    version,
    memory: holds ? createMemory(compile) : undefined,
    compile,
  };
}

/** Makes a tensor of an array, float32 or int32 by the class of its data. */
function toTensor({ shape, data }: NdArray<Float32Array | Int32Array>): Tensor {
  return tf.tensor(data, shape, data instanceof Int32Array ? "int32" : "float32");
}

/** Keeps the values of a result that will be disposed. */
function heldOf(result: Tensor): HeldArray<Tensor> {
  const kept = tf.tidy(() => tf.keep(tf.clone(tf.cast(result, "float32"))));
  return new HeldArray(kept.shape, kept, (tensor) => tensor.dispose());
}
