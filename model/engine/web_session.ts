/** Sessions of ONNX Runtime's web build, which is WebAssembly and does one thing at a time. */
import type { InferenceSession, InferenceSessionFactory } from "npm:onnxruntime-common@1.30.0";
import { feedsOf, type Ort } from "./ort_session.ts";
import type { Session } from "./runtime.ts";

/** Loads a model, after what has been started on the web build. */
export function loadWebSession(
  ort: Ort & { InferenceSession: InferenceSessionFactory },
  model: Uint8Array,
  provider: "wasm" | "webgpu",
): Promise<Session> {
  return inTurn(async () => {
    const session = await ort.InferenceSession.create(model, {
      executionProviders: [provider],
      graphOptimizationLevel: "all",
    });
    return {
      inputNames: session.inputNames,
      run: (inputs, outputs) =>
        inTurn(async () => {
          const results = await session.run(feedsOf(ort, session.inputNames, inputs), Object.keys(outputs));
          for (const [name, { data }] of Object.entries(outputs)) data.set(floatsOf(results, name));
        }),
      release: () => inTurn(() => session.release()),
    };
  });
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
