/**
 * The default engine: a compiled function is recorded once as an ONNX graph (onnx_recorder.ts), whatever the
 * sizes of later batches, and run by ONNX Runtime on the CPU.
 */
import * as ort from "npm:onnxruntime-node@1.30.0";
import type { Buffers } from "./buffers.ts";
import type { Arrays, Axes, Compiled, Engine, TensorFunction } from "./engine.ts";
import type { NdArray } from "./nd_array.ts";
import { record, type Recorded } from "./onnx_recorder.ts";
import type { Tensor, Tensors } from "./tf.ts";

/** Settings of ONNX Runtime; the defaults are right for one program on the machine. */
export interface OnnxOptions {
  /** Threads of one operator; 0 leaves it to ONNX Runtime (all cores). */
  nThreads?: number;
}

/** Creates the engine. */
export function createOnnxEngine({ nThreads = 0 }: OnnxOptions = {}): Engine {
  const sessionOptions: ort.InferenceSession.SessionOptions = {
    executionProviders: ["cpu"],
    graphOptimizationLevel: "all",
    intraOpNumThreads: nThreads,
    // Several sessions are alive at once: threads of one that wait by spinning would take the cores from the
    // next.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  };
  return {
    name: "onnx",
    // Sums are cut into as many parts as there are threads, so that their number tells in the last bits.
    version: `onnxruntime-node ${ort.env.versions.node} with ${
      nThreads || (globalThis.navigator?.hardwareConcurrency ?? "all")
    } threads`,
    compile: <I extends Tensors, Output extends string>(
      label: string,
      fn: (inputs: I) => Record<Output, Tensor>,
      axes: Axes = {},
    ) => createCompiled<Output>(label, (inputs) => fn(inputs as I), axes, sessionOptions),
  };
}

/** A recorded function and what runs it. */
interface Prepared {
  recorded: Recorded;
  session: ort.InferenceSession;
}

function createCompiled<Output extends string>(
  label: string,
  fn: TensorFunction,
  axes: Axes,
  options: ort.InferenceSession.SessionOptions,
): Compiled<Output> {
  let prepared: Promise<Prepared> | null = null;
  let disposed = false;
  let nRuns = 0;

  async function prepare(inputs: Arrays): Promise<Prepared> {
    const recorded = record(label, fn, inputs, axes);
    return { recorded, session: await ort.InferenceSession.create(recorded.model, options) };
  }

  /**
   * Returns the session, which the first run makes; one that fails, by an input that is missing for instance, leaves
   * nothing.
   */
  async function sessionFor(inputs: Arrays): Promise<Prepared> {
    while (prepared) {
      // Why another run failed is told to its caller.
      const made = await prepared.catch(() => null);
      if (made) return made;
    }
    prepared = prepare(inputs).catch((error) => {
      prepared = null;
      throw error;
    });
    return await prepared;
  }

  /** Frees the session, once nothing runs in it. */
  function release() {
    // Whoever started a recording that failed has been told so by run().
    prepared?.then(({ session }) => session.release(), () => {});
    prepared = null;
  }

  return {
    async run(inputs, buffers) {
      if (disposed) throw new Error(`Cannot run "${label}": it has been disposed`);
      nRuns++;
      try {
        return await runOnce(inputs, buffers);
      } finally {
        nRuns--;
        if (disposed && nRuns === 0) release();
      }
    },
    dispose() {
      disposed = true;
      if (nRuns === 0) release();
    },
  };

  async function runOnce(
    inputs: Arrays,
    buffers: Buffers = (_, size) => new Float32Array(size),
  ): Promise<Record<Output, NdArray>> {
    const { recorded, session } = await sessionFor(inputs);
    const sizes = sizesOf(label, inputs, axes);
    const feeds: Record<string, ort.Tensor> = {};
    for (const name of session.inputNames) {
      const input = inputs[name];
      if (!input) throw new Error(`Cannot run "${label}": input "${name}" is missing`);
      feeds[name] = tensorOf(input);
    }
    const outputs: Record<string, NdArray> = {};
    const fetches: Record<string, ort.Tensor> = {};
    for (const { name, dims } of recorded.outputs) {
      const shape = dims.map(({ factor, axes }) =>
        axes.reduce((size, axis) => size * sizes.get(axis)!, factor)
      );
      const size = shape.reduce((product, length) => product * length, 1);
      outputs[name] = { shape, data: buffers(name, size) };
      fetches[`out:${name}`] = tensorOf(outputs[name]);
    }
    await session.run(feeds, fetches);
    return outputs as Record<Output, NdArray>;
  }
}

function tensorOf({ shape, data }: NdArray<Float32Array> | NdArray<Int32Array>): ort.Tensor {
  return data instanceof Int32Array
    ? new ort.Tensor("int32", data, shape)
    : new ort.Tensor("float32", data, shape);
}

function sizesOf(label: string, inputs: Arrays, axes: Axes): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const [name, dims] of Object.entries(axes)) {
    dims.forEach((dim, i) => {
      if (typeof dim === "number" || !inputs[name]) return;
      const size = inputs[name].shape[i]!;
      const known = sizes.get(dim) ?? size;
      if (known !== size) {
        throw new Error(`Cannot run "${label}": axis ${dim} is ${known} elsewhere and ${size} in "${name}"`);
      }
      sizes.set(dim, size);
    });
  }
  return sizes;
}
