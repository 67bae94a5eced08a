/**
 * Engines that record: a compiled function is recorded once as an ONNX graph (onnx_recorder.ts), whatever the
 * sizes of later batches, and run by a library of ONNX Runtime (runtime.ts).
 */
import type { Buffers } from "./buffers.ts";
import type { Arrays, Axes, Compiled, CompileOptions, Engine, TensorFunction } from "./engine.ts";
import { createMemory } from "./engine_memory.ts";
import { useHeld } from "./held_array.ts";
import { int8Rules } from "./int8.ts";
import type { NdArray } from "./nd_array.ts";
import { record, type Recorded } from "./onnx_recorder.ts";
import { checkEngineHas } from "./precision.ts";
import type { Runtime, Session } from "./runtime.ts";
import { lengthOf } from "./symbols.ts";
import type { Tensor, Tensors } from "./tf.ts";
import { hasWeights, weightsAmong } from "./weights.ts";

/** Creates the engine of a runtime. */
export function createOnnxEngine(runtime: Runtime): Engine {
  const compile = <I extends Tensors, Output extends string>(
    label: string,
    fn: (inputs: I) => Record<Output, Tensor>,
    axes: Axes = {},
    options: CompileOptions<NoInfer<Output>> = {},
  ) => createCompiled<Output>(label, (inputs) => fn(inputs as I), axes, options, runtime);
  return {
    name: runtime.engine,
    version: runtime.version,
    hasInt8: runtime.hasInt8 ?? false,
    memory: runtime.holds ? createMemory(compile) : undefined,
    precisions: runtime.precisions,
    compile,
  };
}

/** A recorded function and what runs it. */
interface Prepared {
  recorded: Recorded;
  session: Session;
}

/** A recording that is made or has been, with the inputs that are constants of its graph. */
interface Preparation {
  weights: ReadonlyMap<string, NdArray>;
  prepared: Promise<Prepared>;
}

function createCompiled<Output extends string>(
  label: string,
  fn: TensorFunction,
  axes: Axes,
  options: CompileOptions<Output>,
  runtime: Runtime,
): Compiled<Output> {
  checkEngineHas({ ...runtime, name: runtime.engine }, options.precision);
  const heldNames = new Set<string>(runtime.holds ? options.held : []);
  /** One, unless runs are given other weights than the first. */
  const preparations: Preparation[] = [];
  const int8 = options.weights?.int8;
  const own = int8 ? { ...runtime.rules, ...int8Rules((weight) => int8.has(weight)) } : runtime.rules;
  let disposed = false;
  let nRuns = 0;

  async function prepare(inputs: Arrays, weights: Preparation["weights"]): Promise<Prepared> {
    const { precision } = options;
    const products = precision && { precision, rounds: runtime.roundsProducts ?? false };
    const recorded = record(label, fn, inputs, axes, own, products, options.weights && weights);
    return { recorded, session: await runtime.load(recorded.model, [...heldNames].map(fetchedName)) };
  }

  /**
   * Returns the session, which the first run makes; one that fails, by an input that is missing for instance, leaves
   * nothing.
   */
  async function sessionFor(inputs: Arrays): Promise<Prepared> {
    const fitting = () => preparations.find(({ weights }) => hasWeights(inputs, weights));
    for (let known = fitting(); known; known = fitting()) {
      // Why another run failed is told to its caller.
      const made = await known.prepared.catch(() => null);
      if (made) return made;
    }
    const weights = weightsAmong(inputs, axes, options.weights, runtime.mostConstantBytes);
    const preparation: Preparation = { weights, prepared: prepare(inputs, weights) };
    preparations.push(preparation);
    try {
      return await preparation.prepared;
    } catch (error) {
      preparations.splice(preparations.indexOf(preparation), 1);
      throw error;
    }
  }

  /** Frees the sessions, once nothing runs in them. */
  function release() {
    for (const { prepared } of preparations.splice(0)) {
      // Whoever started a recording that failed has been told so by run().
      prepared.then(({ session }) => session.release(), () => {});
    }
  }

  return {
    async run(inputs, buffers) {
      if (disposed) throw new Error(`Cannot run "${label}": it has been disposed`);
      const endUse = useHeld(inputs);
      nRuns++;
      try {
        return await runOnce(inputs, buffers);
      } finally {
        endUse();
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
    for (const [axis, parts] of recorded.sums) {
      sizes.set(axis, parts.reduce((sum, part) => sum + lengthOf(part, sizes), 0));
    }
    for (const name of session.inputNames) {
      if (!inputs[name]) throw new Error(`Cannot run "${label}": input "${name}" is missing`);
    }
    const outputs: Record<string, NdArray> = {};
    const fetched: Record<string, NdArray> = {};
    const held: Record<string, number[]> = {};
    for (const { name, dims } of recorded.outputs) {
      const shape = dims.map((size) => lengthOf(size, sizes));
      if (heldNames.has(name)) {
        held[fetchedName(name)] = shape;
      } else {
        const size = shape.reduce((product, length) => product * length, 1);
        outputs[name] = fetched[fetchedName(name)] = { shape, data: buffers(name, size) };
      }
    }
    const kept = await session.run(inputs, fetched, held);
    for (const name of heldNames) outputs[name] = kept[fetchedName(name)]!;
    return outputs as Record<Output, NdArray>;
  }
}

/** Returns the name of an output in the graph, where it is no input's. */
function fetchedName(output: string): string {
  return `out:${output}`;
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
