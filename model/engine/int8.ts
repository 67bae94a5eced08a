/**
 * Products in whole numbers of 8 bits, on request, for prediction: the weights are quantised column by column when a
 * graph is made, what they are multiplied with when it runs.
 */
import { fusedRules } from "./fused_rules.ts";
import { matrixShape, type NdArray } from "./nd_array.ts";
import type { Rules } from "./onnx_rules.ts";

/**
 * The largest quantised weight. Of 7 bits and a sign, so that the sum of two products with values of 8 bits fits 16
 * bits: processors without instructions for such products (VNNI) cut larger sums off.
 */
const LARGEST = 64;

/** A quantised matrix: W[i, o] is about values[i, o] · scales[o]. */
export interface QuantizedColumns {
  /** int8 [in, out]. */
  values: Int8Array;
  /** float32 [out], all above 0. */
  scales: Float32Array;
}

/**
 * Quantises the columns of a linear layer, those of Wᵀ, each by its own largest value.
 *
 * @param weight float32 [out, in], as PyTorch stores it.
 */
export function quantizeColumns(weight: NdArray): QuantizedColumns {
  const [out, input] = matrixShape(weight);
  const values = new Int8Array(input * out);
  const scales = new Float32Array(out);
  for (let o = 0; o < out; o++) {
    const row = weight.data.subarray(o * input, (o + 1) * input);
    const largest = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    // A column of zeros has any scale.
    const scale = scales[o] = Math.fround(largest / LARGEST) || 1;
    for (let i = 0; i < input; i++) values[i * out + o] = Math.round(row[i]! / scale);
  }
  return { values, scales };
}

/**
 * Returns the rules by which linear layers are computed in int8.
 *
 * @param isQuantized Tells of a weight whether its layer is.
 */
export function int8Rules(isQuantized: (weight: NdArray) => boolean): Rules {
  return {
    FusedLinear(r, inputs, attributes) {
      const { x, weight, bias } = inputs;
      const array = r.weightOf(weight);
      if (!array || !isQuantized(array)) return fusedRules.FusedLinear(r, inputs, attributes);
      const [out, input] = matrixShape(array);
      const { values, scales } = quantizeColumns(array);
      const columns = r.graph.constant(values, [input, out], "int8");
      const steps = r.graph.constant(scales, [out], "float32");
      const result = { shape: [x.shape[0]!, out], dtype: "float32" as const };
      // Without a zero point: 0 stands for 0.
      return r.graph.node(
        "DynamicQuantizeMatMul",
        [x, columns, steps, null, bias],
        result,
        {},
        "com.microsoft",
      );
    },
  };
}
