/** Sessions of ONNX Runtime's web build, which is WebAssembly and does one thing at a time. */
import type { InferenceSession, InferenceSessionFactory, Tensor } from "npm:onnxruntime-common@1.30.0";
import type { Arrays } from "./engine.ts";
import { HeldArray } from "./held_array.ts";
import { type Ort, tensorOf } from "./ort_session.ts";
import type { Session } from "./runtime.ts";

/** The log level: warnings tell that shapes are put together on the processor, which is meant. */
const ERRORS = 3;

/**
 * Loads a model, after what has been started on the web build.
 *
 * @param held Names of the outputs that stay on the GPU.
 */
export function loadWebSession(
  ort: Ort & { InferenceSession: InferenceSessionFactory },
  model: Uint8Array,
  provider: "wasm" | "webgpu",
  held: readonly string[],
): Promise<Session> {
  return inTurn(async () => {
    const session = await ort.InferenceSession.create(model, {
      executionProviders: [provider],
      graphOptimizationLevel: "all",
      logSeverityLevel: ERRORS,
      preferredOutputLocation: Object.fromEntries(held.map((name) => [name, "gpu-buffer"])),
    });
    return {
      inputNames: session.inputNames,
      run: (inputs, outputs, shapes) =>
        inTurn(async () => {
          const feeds = session.inputNames.map((name) => [name, feedOf(ort, inputs[name]!)] as const);
          const names = [...Object.keys(outputs), ...Object.keys(shapes)];
          const results = await session.run(Object.fromEntries(feeds), names);
          for (const [name, { data }] of Object.entries(outputs)) data.set(floatsOf(results, name));
          const held = Object.entries(shapes).map(([name, shape]) => [name, heldOf(results[name]!, shape)]);
          return Object.fromEntries(held);
        }),
      release: () => inTurn(() => session.release()),
    };
  });
}

function feedOf(ort: Ort, array: Arrays[string]): Tensor {
  return array instanceof HeldArray ? (array as HeldArray<Tensor>).native : tensorOf(ort, array);
}

/** Takes over a tensor that lies on the GPU. */
function heldOf(tensor: Tensor, shape: readonly number[]): HeldArray<Tensor> {
  return new HeldArray(shape, tensor, (tensor) => void inTurn(() => Promise.resolve(tensor.dispose())));
}

function floatsOf(results: InferenceSession.ReturnType, name: string): Float32Array {
  const data = results[name]?.data;
  if (data instanceof Float32Array) return data;
  throw new Error(`output "${name}" is not of type float32`);
}

let last: Promise<unknown> = Promise.resolve();

/** Does a job when those before it are done: a run that overlaps another would be refused. */
function inTurn<T>(job: () => Promise<T>): Promise<T> {
  const result = last.then(job);
  last = result.catch(() => {});
  return result;
}
