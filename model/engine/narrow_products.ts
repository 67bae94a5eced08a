/** Recording matrix products in a number type of 16 bits. */
import type { Value } from "./onnx_graph.ts";
import type { Recording } from "./onnx_recording.ts";
import { cast, type Rule } from "./onnx_rules.ts";
import type { Precision } from "./precision.ts";

/** The way in which a recording multiplies matrices. */
export interface NarrowProducts {
  precision: Precision;
  /**
   * True for a runtime that has no products of this type: they are computed in float32 from rounded numbers, and
   * rounded, as a GPU computes them that adds up in float32.
   */
  rounds: boolean;
}

/**
 * Records a matrix product whose operands and result are of a type of 16 bits; the result becomes float32 again.
 *
 * @param rule The runtime's rule of `BatchMatMul`, for any type.
 */
export function narrowProduct(
  r: Recording,
  { precision, rounds }: NarrowProducts,
  rule: Rule,
  inputs: Parameters<Rule>[1],
  attributes: Parameters<Rule>[2],
): Value {
  const narrow = (x: Value) => cast(r, x, precision);
  const wide = (x: Value) => cast(r, x, "float32");
  const operand = (x: Value) => rounds ? wide(narrow(x)) : narrow(x);
  const operands = { ...inputs, a: operand(inputs.a), b: operand(inputs.b) };
  return wide(narrow(rule(r, operands, attributes) as Value));
}
