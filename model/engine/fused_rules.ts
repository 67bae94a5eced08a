/** The recording rules of the ops of fused_ops.ts, by name. */
import type { FusedOp } from "./fused_ops.ts";
import type { Rule } from "./onnx_rules.ts";

/** The rules. */
export const fusedRules: Record<FusedOp, Rule> = {
  // x float32 [n, in], weight [out, in], bias [out].
  FusedLinear: (r, { x, weight, bias }) =>
    r.graph.node(
      "Gemm",
      [x, weight, bias],
      { shape: [x.shape[0]!, weight.shape[0]!], dtype: x.dtype },
      { transB: 1 },
    ),
  FusedGelu: (r, { x }) => r.graph.node("Gelu", [x], x, {}, "com.microsoft"),
};
