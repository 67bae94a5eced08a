/** The common part of ONNX Runtime's packages: sessions and tensors of onnxruntime-common. */
import type { InferenceSession, Tensor, TensorConstructor } from "npm:onnxruntime-common@1.30.0";
import type { Arrays } from "./engine.ts";
import type { NdArray } from "./nd_array.ts";

/** The part of a package that is used here. */
export interface Ort {
  Tensor: TensorConstructor;
}

/** Makes a tensor over an array's values, without a copy: int32 or float32 by the class of the data. */
export function tensorOf(ort: Ort, { shape, data }: NdArray<Float32Array | Int32Array>): Tensor {
  return data instanceof Int32Array
    ? new ort.Tensor("int32", data, shape)
    : new ort.Tensor("float32", data, shape);
}

/** Makes a tensor of each array that a session reads. */
export function feedsOf(ort: Ort, names: readonly string[], inputs: Arrays): InferenceSession.FeedsType {
  return Object.fromEntries(names.map((name) => [name, tensorOf(ort, inputs[name]!)]));
}
