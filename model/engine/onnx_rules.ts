/**
 * The recording rules: which ONNX nodes a TensorFlow.js kernel becomes. To add a kernel, add a line here and
 * a case to tests/model/engine/onnx_rules_test.ts, which compares each rule with the cpu engine.
 */
import { type DType, ELEMENT, type Value } from "./onnx_graph.ts";
import type { Recording } from "./onnx_recording.ts";
import { tf } from "./tf.ts";

/** Inputs by the names that kernels give them; a kernel has some of them. */
type Values = Record<
  | "x"
  | "a"
  | "b"
  | "logits"
  | "input"
  | "indices"
  | "condition"
  | "t"
  | "e"
  | "tensor"
  | "updates"
  | "weight"
  | "bias",
  Value
>;
// Attributes are whatever the kernel documents; each rule names those it reads.
// deno-lint-ignore no-explicit-any
type Attributes = Record<string, any>;
/** Adds the nodes of one kernel and returns its result (several for kernels with several outputs). */
export type Rule = (r: Recording, inputs: Values, attributes: Attributes) => Value | Value[];

/** Makes the rule of an op with one input `x` and a result of the same shape. */
const unary = (op: string): Rule => (r, { x }) => r.graph.node(op, [x], x);

/** Inputs `a` and `b`, broadcast against each other. */
const binary = (op: string, dtype?: DType): Rule => (r, { a, b }) => {
  const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  return r.graph.node(op, [a, b], { shape, dtype: dtype ?? a.dtype });
};

/** Makes the rule of a reduction of `x` over `axis`, axes dropped (TensorFlow.js puts them back with a reshape). */
const reduce = (op: string): Rule => (r, { x }, { axis, keepDims }) => {
  const axes = tf.util.parseAxisParam(axis, x.shape);
  const shape = keepDims
    ? x.shape.map((size, i) => (axes.includes(i) ? 1 : size))
    : x.shape.filter((_, i) => !axes.includes(i));
  if (axes.length === 0) return r.graph.node("Identity", [x], x);
  return r.graph.node(op, [x, r.int64(axes)], { shape, dtype: x.dtype }, { keepdims: keepDims ? 1 : 0 });
};

/** Gives a value another shape. */
export const reshape = (r: Recording, x: Value, shape: number[]): Value =>
  r.graph.node("Reshape", [x, r.shape(shape, true)], { shape, dtype: x.dtype }, { allowzero: 1 });

const expand = (r: Recording, x: Value, shape: number[]): Value =>
  r.graph.node("Expand", [x, r.shape(shape)], { shape, dtype: x.dtype });

/** Makes the rule of an op that gives one number everywhere, in the shape of `x`. */
const filled = (value: number): Rule => (r, { x }) =>
  expand(r, r.scalar(value, x.dtype === "int32" ? "int32" : "float32"), x.shape);

/** Gives a value another type. */
export const cast = (r: Recording, x: Value, dtype: DType): Value =>
  x.dtype === dtype ? x : r.graph.node("Cast", [x], { shape: x.shape, dtype }, { to: ELEMENT[dtype] });

const fixed = (r: Recording, what: string, sizes: number[]) => {
  if (sizes.some((size) => r.varies(size))) {
    throw new Error(`${what} along an axis that varies is not supported`);
  }
};

/** Rules by kernel name. */
export type Rules = Record<string, Rule>;

/** The rules that hold for every runtime that has none of its own. */
export const rules: Rules = {
  Add: binary("Add"),
  Sub: binary("Sub"),
  Multiply: binary("Mul"),
  RealDiv: binary("Div"),
  Pow: binary("Pow"),
  Maximum: binary("Max"),
  Minimum: binary("Min"),
  Greater: binary("Greater", "bool"),
  GreaterEqual: binary("GreaterOrEqual", "bool"),
  Less: binary("Less", "bool"),
  LessEqual: binary("LessOrEqual", "bool"),
  Equal: binary("Equal", "bool"),
  LogicalAnd: binary("And", "bool"),
  LogicalNot: unary("Not"),
  Neg: unary("Neg"),
  Exp: unary("Exp"),
  Log: unary("Log"),
  Sqrt: unary("Sqrt"),
  Erf: unary("Erf"),
  Sigmoid: unary("Sigmoid"),
  Tanh: unary("Tanh"),
  Relu: unary("Relu"),
  // 1 above zero and `alpha` elsewhere: the gradients of Relu and Abs.
  Step: (r, { x }, { alpha }) => {
    const isPositive = r.graph.node("Greater", [x, r.scalar(0)], { shape: x.shape, dtype: "bool" });
    return r.graph.node("Where", [isPositive, r.scalar(1), r.scalar(alpha)], x);
  },
  Abs: unary("Abs"),
  Identity: unary("Identity"),
  Square: (r, { x }) => r.graph.node("Mul", [x, x], x),
  Rsqrt: (r, { x }) => r.graph.node("Reciprocal", [r.graph.node("Sqrt", [x], x)], x),
  SquaredDifference: (r, inputs, attributes) => {
    const d = binary("Sub")(r, inputs, attributes) as Value;
    return r.graph.node("Mul", [d, d], d);
  },
  AddN: (r, inputs) => {
    const list = Object.values(inputs);
    return r.graph.node("Sum", list, list[0]!);
  },
  Sum: reduce("ReduceSum"),
  // The mean of whole numbers is a float.
  Mean: (r, inputs, attributes) =>
    reduce("ReduceMean")(r, { ...inputs, x: cast(r, inputs.x, "float32") }, attributes),
  Max: (r, inputs, { reductionIndices, keepDims }) =>
    reduce("ReduceMax")(r, inputs, { axis: reductionIndices, keepDims }),
  ArgMax: (r, { x }, { axis }) => {
    const [only] = tf.util.parseAxisParam(axis, x.shape);
    const shape = x.shape.filter((_, i) => i !== only);
    return cast(
      r,
      r.graph.node("ArgMax", [x], { shape, dtype: "int64" }, { axis: only!, keepdims: 0 }),
      "int32",
    );
  },
  Softmax: (r, { logits }) => r.graph.node("Softmax", [logits], logits, { axis: -1 }),
  BatchMatMul: (r, { a, b }, { transposeA, transposeB }) => {
    const rows = a.shape.at(transposeA ? -1 : -2)!;
    const columns = b.shape.at(transposeB ? -2 : -1)!;
    const outer = tf.backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const result = { shape: [...outer, rows, columns], dtype: a.dtype };
    const flags = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
    return result.shape.length === 2
      ? r.graph.node("Gemm", [a, b], result, flags)
      : r.graph.node("FusedMatMul", [a, b], result, flags, "com.microsoft");
  },
  Transpose: (r, { x }, { perm }) =>
    r.graph.node("Transpose", [x], { shape: perm.map((i: number) => x.shape[i]!), dtype: x.dtype }, { perm }),
  Reshape: (r, { x }, { shape }) =>
    reshape(r, x, tf.util.inferFromImplicitShape(shape, tf.util.sizeFromShape(x.shape))),
  ExpandDims: (r, { input }, { dim }) => {
    const shape = [...input.shape];
    shape.splice(dim < 0 ? shape.length + dim + 1 : dim, 0, 1);
    return reshape(r, input, shape);
  },
  Cast: (r, { x }, { dtype }) => cast(r, x, dtype),
  Concat: (r, inputs, { axis }) => {
    const list = Object.values(inputs);
    return r.concat(list, tf.util.parseAxisParam(axis, list[0]!.shape)[0]!);
  },
  Slice: (r, { x }, { begin, size }) => {
    const [starts, shape] = tf.slice_util.parseSliceParams(x as unknown as tf.Tensor, begin, size);
    const cut = x.shape.map((_, i) => i).filter((i) => shape![i]! !== x.shape[i]!);
    fixed(r, "Slice", cut.map((i) => x.shape[i]!));
    const ends = cut.map((i) => starts![i]! + shape![i]!);
    return r.graph.node("Slice", [x, r.int64(cut.map((i) => starts![i]!)), r.int64(ends), r.int64(cut)], {
      shape: shape!,
      dtype: x.dtype,
    });
  },
  PadV2: (r, { x }, { paddings, constantValue }) => {
    const pads = paddings as [number, number][];
    fixed(r, "Pad", x.shape.filter((_, i) => pads[i]![0] + pads[i]![1] > 0));
    const shape = x.shape.map((size, i) => size + pads[i]![0] + pads[i]![1]);
    const amounts = r.int64([...pads.map((p) => p[0]), ...pads.map((p) => p[1])]);
    const value = r.scalar(constantValue, x.dtype === "int32" ? "int32" : "float32");
    return r.graph.node("Pad", [x, amounts, value], { shape, dtype: x.dtype });
  },
  SplitV: (r, inputs, { numOrSizeSplits, axis }) => {
    const { x } = inputs;
    const [only] = tf.util.parseAxisParam(axis, x.shape);
    const sizes: number[] = tf.backend_util.prepareSplitSize(
      x as unknown as tf.Tensor,
      numOrSizeSplits,
      only,
    );
    let start = 0;
    return sizes.map((size) => {
      const begin = x.shape.map((_, i) => (i === only ? start : 0));
      start += size;
      const shape = x.shape.map((full, i) => (i === only ? size : full));
      return rules.Slice!(r, inputs, { begin, size: shape }) as Value;
    });
  },
  GatherV2: (r, { x, indices }, { axis, batchDims }) => {
    if (batchDims) throw new Error("GatherV2 with batchDims is not supported");
    const only = tf.util.parseAxisParam(axis, x.shape)[0]!;
    const shape = [...x.shape.slice(0, only), ...indices.shape, ...x.shape.slice(only + 1)];
    return r.graph.node("Gather", [x, indices], { shape, dtype: x.dtype }, { axis: only });
  },
  // Of rows that are named once: ONNX Runtime adds up or overwrites repeated ones in any order.
  TensorScatterUpdate: (r, { tensor, indices, updates }) =>
    r.graph.node("ScatterND", [tensor, cast(r, indices, "int64"), updates], tensor),
  OneHot: (r, { indices }, { depth, onValue, offValue, dtype }) => {
    const values = r.graph.constant(Float32Array.of(offValue, onValue), [2], "float32");
    const nowhere = r.scalar(depth, "int32");
    // ONNX counts indices below zero from the end; in TensorFlow.js they are outside, like those from depth on.
    const isBelow = r.graph.node("Less", [indices, r.scalar(0, "int32")], {
      shape: indices.shape,
      dtype: "bool",
    });
    const inside = r.graph.node("Where", [isBelow, nowhere, indices], indices);
    const shape = [...indices.shape, depth];
    return cast(r, r.graph.node("OneHot", [inside, nowhere, values], { shape, dtype: "float32" }), dtype);
  },
  Select: (r, { condition, t, e }) => r.graph.node("Where", [condition, t, e], t),
  Tile: (r, { x }, { reps }) => {
    const shape = x.shape.map((size, i) => size * reps[i]);
    if (x.shape.some((size, i) => size !== 1 && reps[i] !== 1)) {
      throw new Error("Tile of a size above 1 is not supported");
    }
    return expand(r, x, shape);
  },
  ZerosLike: filled(0),
  OnesLike: filled(1),
};
