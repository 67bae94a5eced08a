/** Recordings for what ONNX Runtime's WebGPU provider lacks, and would leave to the processor. */
import type { Value } from "./onnx_graph.ts";
import type { Recording } from "./onnx_recording.ts";
import { cast, reshape, type Rules, rules } from "./onnx_rules.ts";
import { tf } from "./tf.ts";

/** Swaps the last two axes of a value. */
function transposed(r: Recording, x: Value): Value {
  const perm = x.shape.map((_, axis) => axis);
  perm.push(...perm.splice(-2).reverse());
  const shape = perm.map((axis) => x.shape[axis]!);
  return r.graph.node("Transpose", [x], { shape, dtype: x.dtype }, { perm });
}

/** The rules, in place of the common ones. */
export const webgpuRules: Rules = {
  // The provider has no FusedMatMul; a plain matrix product is a Gemm, which it has.
  BatchMatMul: (r, inputs, attributes) => {
    if (Math.max(inputs.a.shape.length, inputs.b.shape.length) === 2) {
      return rules.BatchMatMul!(r, inputs, attributes);
    }
    const a = attributes.transposeA ? transposed(r, inputs.a) : inputs.a;
    const b = attributes.transposeB ? transposed(r, inputs.b) : inputs.b;
    const outer = tf.backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    return r.graph.node("MatMul", [a, b], {
      shape: [...outer, a.shape.at(-2)!, b.shape.at(-1)!],
      dtype: a.dtype,
    });
  },
  // Compared with 0, 1, 2 …: an index outside is equal to none.
  OneHot: (r, { indices }, { depth, onValue, offValue, dtype }) => {
    const places = r.graph.constant(Int32Array.from({ length: depth }, (_, i) => i), [depth], "int32");
    const shape = [...indices.shape, depth];
    const column = reshape(r, indices, [...indices.shape, 1]);
    const isThere = r.graph.node("Equal", [column, places], { shape, dtype: "bool" });
    const values = [r.scalar(onValue), r.scalar(offValue)];
    return cast(r, r.graph.node("Where", [isThere, ...values], { shape, dtype: "float32" }), dtype);
  },
};
