/**
 * The default engine: a compiled function is recorded once as an ONNX graph (onnx_recorder.ts), whatever the
 * sizes of later batches, and run by ONNX Runtime on the CPU.
 */
import * as ort from "npm:onnxruntime-node@1.30.0";
import type { NdArray } from "../nd_array.ts";
import type { Arrays, Axes, Compiled, Engine, TensorFunction } from "./engine.ts";
import { record, type Recorded } from "./onnx_recorder.ts";

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
      nThreads || navigator.hardwareConcurrency
    } threads`,
    compile: (label, fn, axes = {}) => createCompiled(label, fn as TensorFunction, axes, sessionOptions),
  };
}

function createCompiled(
  label: string,
  fn: TensorFunction,
  axes: Axes,
  options: ort.InferenceSession.SessionOptions,
): Compiled {
  let prepared: Promise<{ recorded: Recorded; session: ort.InferenceSession }> | null = null;
  let disposed = false;
  const buffers = new Map<string, Float32Array>();

  async function prepare(inputs: Arrays) {
    const recorded = record(label, fn, inputs, axes);
    return { recorded, session: await ort.InferenceSession.create(recorded.model, options) };
  }

  return {
    async run(inputs) {
      if (disposed) throw new Error(`Cannot run "${label}": it has been disposed`);
      // A first run that fails, by an input that is missing for instance, leaves nothing behind.
      prepared ??= prepare(inputs).catch((error) => {
        prepared = null;
        throw error;
      });
      const { recorded, session } = await prepared;
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
        let buffer = buffers.get(name);
        if (!buffer || buffer.length < size) buffers.set(name, buffer = new Float32Array(size));
        outputs[name] = { shape, data: buffer.subarray(0, size) };
        fetches[`out:${name}`] = tensorOf(outputs[name]);
      }
      await session.run(feeds, fetches);
      return outputs;
    },
    dispose() {
      disposed = true;
      // Whoever started a recording that failed has been told so by run().
      prepared?.then(({ session }) => session.release(), () => {});
      prepared = null;
      buffers.clear();
    },
  };
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
      const size = inputs[name].shape[i], known = sizes.get(dim) ?? size;
      if (known !== size) {
        throw new Error(`Cannot run "${label}": axis ${dim} is ${known} elsewhere and ${size} in "${name}"`);
      }
      sizes.set(dim, size);
    });
  }
  return sizes;
}
