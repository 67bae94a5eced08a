/**
 * A backend of TensorFlow.js that computes nothing: each kernel that runs on it adds a node to an ONNX graph.
 * Automatic differentiation only runs more kernels, so a recorded function may take gradients too.
 * What a kernel adds is said in onnx_rules.ts.
 */
import type { Arrays, Axes, TensorFunction } from "./engine.ts";
import { whileFusing } from "./fused_ops.ts";
import { fusedRules } from "./fused_rules.ts";
import { dtypeOf } from "./held_array.ts";
import { narrowProduct, type NarrowProducts } from "./narrow_products.ts";
import type { NdArray } from "./nd_array.ts";
import type { Value } from "./onnx_graph.ts";
import { Recording } from "./onnx_recording.ts";
import { type Rules, rules } from "./onnx_rules.ts";
import { createSymbols, type Size } from "./symbols.ts";
import { tf } from "./tf.ts";

/** Name under which the backend is registered. */
export const RECORDER = "onnx-recorder";

/** A recorded function: the model's bytes and the shape of each output, with axis names for varying sizes. */
export interface Recorded {
  model: Uint8Array;
  nNodes: number;
  outputs: { name: string; dims: Size[] }[];
  /** Axes of outputs that are sums of sizes, in the order of computation. */
  sums: ReadonlyMap<string, readonly Size[]>;
}

/** The backend: remembers which graph value each tensor stands for. */
class RecorderBackend extends tf.KernelBackend {
  recording: Recording | null = null;
  rules: Rules = {};
  products: NarrowProducts | undefined;
  #values = new Map<object, Value>();

  current(): Recording {
    if (!this.recording) throw new Error("Cannot run a tensor op on the recorder: nothing is being recorded");
    return this.recording;
  }
  lookUp(info: tf.TensorInfo): Value {
    // A reshaped tensor shares its data id, so the shape is taken from the tensor.
    const value = this.#values.get(info.dataId);
    if (!value) {
      throw new Error("Cannot record a tensor that was made outside the function: pass it as an input");
    }
    return { ...value, shape: info.shape };
  }
  keep(value: Value): tf.TensorInfo {
    const dataId = {};
    this.#values.set(dataId, value);
    return { dataId, shape: value.shape, dtype: value.dtype as tf.DataType };
  }
  forget() {
    this.recording = null;
    this.#values.clear();
  }

  // What TensorFlow.js asks of a backend:
  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object {
    if (dtype !== "float32" && dtype !== "int32" && dtype !== "bool") {
      throw new Error(`Cannot record a constant of type ${dtype}`);
    }
    const data = dtype === "float32"
      ? Float32Array.from(values as Float32Array)
      : dtype === "int32"
      ? Int32Array.from(values as Int32Array)
      : Uint8Array.from(values as Uint8Array);
    if (shape.some((size) => this.current().varies(size))) {
      throw new Error(`Cannot record a constant whose size varies with the batch: pass it as an input`);
    }
    return this.keep(this.current().graph.constant(data, shape, dtype)).dataId;
  }
  override readSync(): never {
    throw new Error("Cannot read a tensor while its function is being recorded: there is no value yet");
  }
  override read(): never {
    return this.readSync();
  }
  override disposeData = () => true;
  override incRef = () => {};
  override refCount = () => 1;
  override numDataIds = () => this.#values.size;
  override memory = () => ({ unreliable: true });
  override epsilon = () => 1e-7;
  override floatPrecision = () => 32 as const;
}

let backend: RecorderBackend | undefined;

function recorder(): RecorderBackend {
  if (backend) return backend;
  const made = backend = new RecorderBackend();
  tf.registerBackend(RECORDER, () => made);
  for (const [kernelName, rule] of Object.entries({ ...rules, ...fusedRules })) {
    tf.registerKernel({
      kernelName,
      backendName: RECORDER,
      kernelFunc: ({ inputs, attrs }) => {
        const list = Object.entries(inputs).map(([key, info]) => [key, made.lookUp(info as tf.TensorInfo)]);
        const own = made.rules[kernelName] ?? rule;
        const values = Object.fromEntries(list);
        const result = kernelName === "BatchMatMul" && made.products
          ? narrowProduct(made.current(), made.products, own, values, attrs ?? {})
          : own(made.current(), values, attrs ?? {});
        return Array.isArray(result) ? result.map((v) => made.keep(v)) : made.keep(result);
      },
    });
  }
  return made;
}

/**
 * Records a function as an ONNX graph.
 *
 * @param label Names the function in errors.
 * @param fn The function; it runs once, on tensors without values.
 * @param inputs Arrays as in a run: their dtypes and fixed sizes are taken from them.
 * @param axes Which axes vary.
 * @param own Rules of the runtime, in place of the common ones.
 * @param products How matrix products are computed, if not in float32.
 * @param weights Those of the inputs that become constants of the graph, by name; undefined if the graph is not for
 * prediction.
 * @throws If the function uses a kernel without a rule, reads a value, or makes a constant of varying size.
 */
export function record(
  label: string,
  fn: TensorFunction,
  inputs: Arrays,
  axes: Axes,
  own: Rules = {},
  products?: NarrowProducts,
  weights?: ReadonlyMap<string, NdArray>,
): Recorded {
  const dimsOf = (name: string) => [...(axes[name] ?? inputs[name]!.shape)];
  const all = Object.keys(inputs).flatMap(dimsOf);
  const names = [...new Set(all.filter((d): d is string => typeof d === "string"))];
  const recording = new Recording(label, createSymbols(names, all.filter((d) => typeof d === "number")));
  const target = recorder();
  const before = tf.engine().backendName;
  target.recording = recording;
  target.rules = own;
  target.products = products;
  tf.setBackend(RECORDER);
  try {
    let outputs: Recorded["outputs"] = [];
    tf.tidy(() => {
      const tensors = Object.fromEntries(
        Object.entries(inputs).map(([name, array]) => {
          const weight = weights?.get(name);
          const value = weight
            ? recording.weight(name, weight)
            : recording.input(name, dimsOf(name), dtypeOf(array));
          const { dataId, shape, dtype } = target.keep(value);
          return [name, tf.engine().makeTensorFromDataId(dataId, shape, dtype, target)];
        }),
      );
      const results = weights ? whileFusing(() => fn(tensors)) : fn(tensors);
      outputs = Object.entries(results).map(([name, tensor]) => {
        recording.graph.output(`out:${name}`, target.lookUp(tf.cast(tensor, "float32")));
        return { name, dims: tensor.shape.map((size) => recording.symbols.read(size)) };
      });
    });
    const { graph, symbols: { sums } } = recording;
    return { model: graph.toBytes(), nNodes: graph.nNodes(), outputs, sums };
  } catch (error) {
    throw new Error(`Cannot record "${label}": ${(error as Error).message}`, { cause: error });
  } finally {
    target.forget();
    if (before) tf.setBackend(before);
  }
}
