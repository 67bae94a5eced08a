/**
 * Engines that record: a compiled function is recorded once as an ONNX graph (onnx_recorder.ts), whatever the
 * sizes of later batches, and run by a library of ONNX Runtime (runtime.ts).
 */
import type { Buffers } from "./buffers.ts";
import type { Arrays, Axes, Compiled, Engine, TensorFunction } from "./engine.ts";
import type { NdArray } from "./nd_array.ts";
import { record, type Recorded } from "./onnx_recorder.ts";
import type { Runtime, Session } from "./runtime.ts";

/** Creates the engine of a runtime. */
export function createOnnxEngine(runtime: Runtime): Engine {
  return {
    name: runtime.engine,
    version: runtime.version,
    compile: (label, fn, axes = {}) => createCompiled(label, fn as TensorFunction, axes, runtime),
  };
}

/** A recorded function and what runs it. */
interface Prepared {
  recorded: Recorded;
  session: Session;
}

function createCompiled(label: string, fn: TensorFunction, axes: Axes, runtime: Runtime): Compiled {
  let prepared: Promise<Prepared> | null = null;
  let disposed = false;
  let nRuns = 0;

  async function prepare(inputs: Arrays): Promise<Prepared> {
    const recorded = record(label, fn, inputs, axes, runtime.rules);
    return { recorded, session: await runtime.load(recorded.model) };
  }

  /** The session, made by the first run; one that fails, by an input that is missing for instance, leaves nothing. */
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
  ): Promise<Record<string, NdArray>> {
    const { recorded, session } = await sessionFor(inputs);
    const sizes = sizesOf(label, inputs, axes);
    for (const name of session.inputNames) {
      if (!inputs[name]) throw new Error(`Cannot run "${label}": input "${name}" is missing`);
    }
    const outputs: Record<string, NdArray> = {};
    const fetched: Record<string, NdArray> = {};
    for (const { name, dims } of recorded.outputs) {
      const shape = dims.map(({ factor, axes }) =>
        axes.reduce((size, axis) => size * sizes.get(axis)!, factor)
      );
      const size = shape.reduce((product, length) => product * length, 1);
      outputs[name] = fetched[`out:${name}`] = { shape, data: buffers(name, size) };
    }
    await session.run(inputs, fetched);
    return outputs;
  }
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
