/**
 * Each recording rule against the cpu engine: values, gradients, and two sizes of every varying axis. TEST_ENGINES names
 * the engines that record, such as "webgpu", if not those that run everywhere.
 */
import { assert, assertEquals } from "@std/assert";
import { createEngine } from "../../../model/engine/create_engine.ts";
import type { Arrays, Axes, Compiled, Engine, TensorFunction } from "../../../model/engine/engine.ts";
import { valueAndGradients } from "../../../model/engine/gradients.ts";
import type { NdArray } from "../../../model/engine/nd_array.ts";
import { rules } from "../../../model/engine/onnx_rules.ts";
import { type Tensor, type Tensors, tf } from "../../../model/engine/tf.ts";
import { webgpuRules } from "../../../model/engine/webgpu_rules.ts";
import { crossEntropy, gelu, layerNorm, linear } from "../../../model/nn/ops.ts";
import { assertClose } from "../../close.ts";
import { testedEngines } from "../../tested_engines.ts";

const RECORDING = testedEngines(["onnx", "onnx-ffi", "wasm"]);

type Outputs = Record<string, NdArray>;

// The recorder takes the rules when it records for the first time: until then each can be told to note its use.
const used = new Set<string>();
for (const table of [rules, webgpuRules]) {
  for (const [name, rule] of Object.entries(table)) {
    table[name] = (...parameters) => {
      used.add(name);
      return rule(...parameters);
    };
  }
}

interface Input {
  dims: (string | number)[];
  /** The value at a place, made from a random number in [0, 1). */
  value(random: number): number;
  int?: boolean;
}
type Dims = (string | number)[];
const float = (...dims: Dims): Input => ({ dims, value: (u) => 4 * u - 2 });
const positive = (...dims: Dims): Input => ({ dims, value: (u) => 0.5 + 2 * u });
/** Whole numbers from `low` to below `high`. */
const int = (low: number, high: number, ...dims: Dims): Input => ({
  dims,
  value: (u) => low + Math.floor(u * (high - low)),
  int: true,
});
/** Few different values, so that some are equal. */
const ties = (...dims: Dims): Input => ({ dims, value: (u) => Math.floor(u * 3) - 1 });

interface Case {
  inputs: Record<string, Input>;
  // deno-lint-ignore no-explicit-any
  fn: (x: any) => Tensor | Tensor[];
  /** The float inputs to differentiate by, if not all. */
  by?: string[];
  /** False where there is no gradient, or where its kernels have no rules. */
  gradient?: boolean;
}

/** One input, in a shape that varies in two places and in one that varies at the end. */
const unary = (fn: (x: Tensor) => Tensor, make = float, gradient = true): Case[] =>
  [make("N", 3), make(2, "N", "M")].map((x) => ({ inputs: { x }, fn: ({ x }) => fn(x), gradient }));

/** Two inputs of one shape, and two that broadcast over a varying and over a fixed axis. */
const binary = (
  fn: (a: Tensor, b: Tensor) => Tensor,
  options: { a?: typeof float; b?: typeof float; gradient?: boolean } = {},
): Case[] => {
  const { a = float, b = a, gradient = true } = options;
  const inputs: Case["inputs"][] = [
    { a: a("N", 3), b: b("N", 3) },
    { a: a("N", 1, 3), b: b("M", 1) },
    { a: a(3), b: b("N", 3) },
  ];
  return inputs.map((inputs) => ({ inputs, fn: ({ a, b }) => fn(a, b), gradient }));
};

/** For ops whose gradients do not broadcast in TensorFlow.js. */
const sameShape = (fn: (a: Tensor, b: Tensor) => Tensor): Case[] =>
  [float, ties].map((make) => ({
    inputs: { a: make("N", 3), b: make("N", 3) },
    fn: ({ a, b }) => fn(a, b),
  }));

const one = (x: Input, fn: (x: Tensor) => Tensor | Tensor[], gradient = true): Case => ({
  inputs: { x },
  fn: ({ x }) => fn(x),
  gradient,
});

const reductions = (op: (x: Tensor, axis?: number | number[], keepDims?: boolean) => Tensor): Case[] => [
  one(float("N", 3), (x) => op(x)),
  one(float("N", 3), (x) => op(x, 0)),
  one(float("N", 3), (x) => op(x, -1)),
  one(float("N", 3), (x) => op(x, 1, true)),
  one(float(2, "N", "M", 3), (x) => op(x, [0, 2])),
  one(float(2, "N", "M", 3), (x) => op(x, [1, 3], true)),
  one(float("N", 3), (x) => op(x, [])),
];

const compare = { a: ties, gradient: false };
const product = (
  a: Input,
  b: Input,
  transposeA = false,
  transposeB = false,
): Case => ({ inputs: { a, b }, fn: ({ a, b }) => tf.matMul(a, b, transposeA, transposeB) });

const cases: Record<string, Case[]> = {
  Add: [...binary(tf.add), ...binary(tf.add, { a: (...dims) => int(-3, 4, ...dims), gradient: false })],
  Sub: binary(tf.sub),
  Multiply: binary(tf.mul),
  RealDiv: binary(tf.div, { b: positive }),
  Pow: binary((a, b) => tf.pow(a, b), { a: positive, b: float }),
  Maximum: [...sameShape(tf.maximum), ...binary(tf.maximum, { a: ties, gradient: false })],
  Minimum: [...sameShape(tf.minimum), ...binary(tf.minimum, { a: ties, gradient: false })],
  Greater: binary(tf.greater, compare),
  GreaterEqual: binary(tf.greaterEqual, compare),
  Less: binary(tf.less, compare),
  LessEqual: binary(tf.lessEqual, compare),
  Equal: binary(tf.equal, compare),
  LogicalAnd: binary((a, b) => tf.logicalAnd(tf.greater(a, 0), tf.greater(b, 0)), compare),
  LogicalNot: unary((x) => tf.logicalNot(tf.greater(x, 0)), float, false),
  Neg: unary(tf.neg),
  Exp: unary(tf.exp),
  Log: unary(tf.log, positive),
  Sqrt: unary(tf.sqrt, positive),
  Rsqrt: unary(tf.rsqrt, positive),
  Erf: unary(tf.erf),
  Sigmoid: unary(tf.sigmoid),
  Tanh: unary(tf.tanh),
  Relu: unary(tf.relu),
  Step: [
    ...unary((x) => tf.step(x, -0.5), float, false),
    ...unary((x) => tf.step(x), ties, false),
  ],
  Abs: unary(tf.abs),
  Identity: unary(tf.clone),
  Square: unary(tf.square),
  SquaredDifference: [
    ...sameShape(tf.squaredDifference),
    ...binary(tf.squaredDifference, { gradient: false }),
  ],
  AddN: [{
    inputs: { a: float("N", 3), b: float("N", 3), c: float("N", 3) },
    fn: ({ a, b, c }) => tf.addN([a, b, c]),
  }],
  Sum: [...reductions(tf.sum), one(int(-3, 4, "N", 3), (x) => tf.sum(x, 0), false)],
  Mean: [...reductions(tf.mean), one(int(-3, 4, "N", 3), (x) => tf.mean(x, 0), false)],
  Max: reductions(tf.max),
  ArgMax: [
    one(float("N", 3), (x) => tf.argMax(x, -1), false),
    one(float("N", 3), (x) => tf.argMax(x, 0), false),
    one(ties("N", "M", 4), (x) => tf.argMax(x, 2), false),
  ],
  Softmax: [one(float("N", 3), (x) => tf.softmax(x)), one(float(2, "N", "M"), (x) => tf.softmax(x))],
  BatchMatMul: [
    product(float("N", 3), float(3, 4)),
    product(float(3, "N"), float(3, "M"), true),
    product(float("N", 3), float("M", 3), false, true),
    product(float(3, "N"), float("M", 3), true, true),
    product(float("N", 2, 3), float("N", 3, "M")),
    product(float("N", 3, 2), float("N", 3, "M"), true),
    product(float("N", 2, 3), float("N", "M", 3), false, true),
    product(float("N", 3, "M"), float("N", 4, 3), true, true),
    product(float("N", 2, "M", 3), float("N", 2, 3, "M")),
    // TensorFlow.js has no gradient for batched products that broadcast.
    { ...product(float("N", 2, 3), float(3, 4)), gradient: false },
  ],
  Transpose: [
    one(float("N", 3), (x) => tf.transpose(x)),
    one(float(2, "N", 3, "M"), (x) => tf.transpose(x, [2, 0, 3, 1])),
  ],
  Reshape: [
    one(float("N", 6), (x) => tf.reshape(x, [-1, 2, 3])),
    one(float("N", "M", 3), (x) => tf.reshape(x, [x.shape[0] * x.shape[1]!, 3])),
    one(float("N", "M", 4), (x) => tf.reshape(x, [x.shape[0] * 2, 2, x.shape[1]!])),
    one(float("N", "M"), (x) => tf.reshape(x, [-1])),
    one(float(2, "N", "N"), (x) => tf.reshape(x, [x.shape[1]!, 2 * x.shape[1]!])),
  ],
  ExpandDims: [0, 1, 2, -1, -2].map((dim) => one(float("N", "M"), (x) => tf.expandDims(x, dim))),
  Cast: [
    one(float("N", 3), (x) => tf.cast(x, "int32"), false),
    one(ties("N", 3), (x) => tf.cast(x, "bool"), false),
    one(int(-3, 4, "N", 3), (x) => tf.cast(x, "float32"), false),
  ],
  Concat: [
    { inputs: { a: float("N", 3), b: float("N", 2) }, fn: ({ a, b }) => tf.concat([a, b], 1) },
    { inputs: { a: float(1, "N"), b: float(2, "N") }, fn: ({ a, b }) => tf.concat([a, b, a], 0) },
    // A varying size is part of a sum, which is a size of its own.
    {
      inputs: { a: float("N", 2), b: float("M", 2) },
      fn: ({ a, b }) => tf.concat([tf.concat([a, b], 0), a], 0),
      gradient: false,
    },
    {
      inputs: { a: float("N", 2), b: float("M", 2) },
      fn: ({ a, b }) => tf.add(tf.reshape(tf.mul(tf.concat([a, b], 0), 2), [2, -1]), 1),
      gradient: false,
    },
  ],
  Slice: [
    one(float("N", 5), (x) => tf.slice(x, [0, 1], [-1, 3])),
    one(float(4, "N", 5), (x) => tf.slice(x, [2, 0, 0], [1, -1, 2])),
    one(float("N", 5), (x) => tf.slice(x, [0, 0], [-1, -1])),
  ],
  TensorScatterUpdate: [
    {
      inputs: { x: float("N", 3), updates: float(2, 3) },
      fn: ({ x, updates }) => tf.tensorScatterUpdate(x, tf.tensor2d([[1], [0]], [2, 1], "int32"), updates),
      gradient: false,
    },
  ],
  PadV2: [
    one(float("N", 3), (x) => tf.pad(x, [[0, 0], [1, 2]])),
    one(float(2, "N", 3), (x) => tf.pad(x, [[1, 0], [0, 0], [0, 1]], 0.5)),
    one(int(0, 5, "N", 3), (x) => tf.pad(x, [[0, 0], [1, 1]], 7), false),
  ],
  SplitV: [
    one(float("N", 6), (x) => tf.split(x, 3, 1)),
    one(float(2, "N", 6), (x) => tf.split(x, [1, 3, 2], -1)),
  ],
  GatherV2: [
    { inputs: { x: float(4, 3), i: int(0, 4, "N") }, fn: ({ x, i }) => tf.gather(x, i), gradient: false },
    {
      inputs: { x: float("N", 3), i: int(0, 2, "M", 2) },
      fn: ({ x, i }) => tf.gather(x, i),
      gradient: false,
    },
    {
      inputs: { x: float("N", 4), i: int(0, 4, "M") },
      fn: ({ x, i }) => tf.gather(x, i, 1),
      gradient: false,
    },
  ],
  // An id outside 0 … depth-1, also one below zero, is a row of zeros in TensorFlow.js.
  OneHot: [
    one(int(-2, 7, "N"), (x) => tf.oneHot(x, 4), false),
    one(int(-2, 7, "N", 3), (x) => tf.oneHot(x, 4, 2.5, -0.5, "float32"), false),
    one(int(0, 4, "N"), (x) => tf.div(tf.oneHot(x, 4), 2), false),
  ],
  Select: [
    {
      inputs: { c: int(-1, 2, "N", 3), a: float("N", 3), b: float("N", 3) },
      fn: ({ c, a, b }) => tf.where(tf.greater(c, 0), a, b),
    },
    {
      inputs: { c: int(0, 2, "N", 3), b: float("N", 3) },
      fn: ({ c, b }) => tf.where(tf.cast(c, "bool"), tf.exp(b), b),
    },
  ],
  Tile: [
    {
      inputs: { x: float("N", 1), y: float("N", 3) },
      fn: ({ x, y }) => tf.broadcastTo(x, y.shape),
      by: ["x"],
    },
    {
      inputs: { x: float(1, 3), y: float("N", "M", 3) },
      fn: ({ x, y }) => tf.mul(tf.broadcastTo(x, y.shape), y),
      gradient: false,
    },
  ],
  ZerosLike: [
    one(float("N", 3), (x) => tf.add(x, tf.zerosLike(x))),
    one(int(1, 4, "N", 3), (x) => tf.zerosLike(x), false),
  ],
  OnesLike: [
    one(float("N", "M"), (x) => tf.add(x, tf.onesLike(x))),
    one(int(2, 4, "N", 3), (x) => tf.onesLike(x), false),
  ],
};

/** What is made of several kernels, or has a gradient of its own. */
const composites: Record<string, Case[]> = {
  "tf.logSoftmax()": [
    one(float("N", 3), (x) => tf.logSoftmax(x)),
    one(float("N", "M"), (x) => tf.logSoftmax(x)),
  ],
  "linear()": [{
    inputs: { x: float("N", 3), w: float(4, 3), b: float(4) },
    fn: ({ x, w, b }) => linear(x, w, b),
  }],
  "layerNorm()": [{
    inputs: { x: float("N", 4), w: float(4), b: float(4) },
    fn: ({ x, w, b }) => layerNorm(x, w, b, 1e-3),
  }],
  "gelu()": unary(gelu),
  "crossEntropy()": [{
    inputs: { x: float("N", 4), ids: int(-1, 4, "N"), p: positive() },
    fn: ({ x, ids, p }) => crossEntropy(x, tf.oneHot(ids, 4), p),
  }],
  // One after another, each gradient on its way through the other.
  "a mean over an axis that varies, of a masked attention": [{
    inputs: { q: float("N", 2, 3), k: float("N", "M", 3), mask: int(0, 2, "N", 1, "M") },
    fn: ({ q, k, mask }) => {
      const far = tf.mul(tf.sub(tf.cast(mask, "float32"), 1), 1e4);
      return tf.mean(tf.matMul(tf.softmax(tf.add(tf.matMul(q, k, false, true), far)), k), 0);
    },
  }],
};

const SIZES: Record<string, number>[] = [{ N: 3, M: 2 }, { N: 5, M: 7 }, { N: 2, M: 1 }];

/** Inputs of a case, from a small linear congruential generator. */
function arraysOf(inputs: Case["inputs"], sizes: Record<string, number>): Arrays {
  let state = 12345;
  const random = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 1 & 0x7fffffff) / 2 ** 31;
  const arrays: Arrays = {};
  for (const [name, { dims, value, int }] of Object.entries(inputs)) {
    const shape = dims.map((d) => (typeof d === "string" ? sizes[d]! : d));
    const size = shape.reduce((product, length) => product * length, 1);
    const values = Array.from({ length: size }, () => value(random()));
    arrays[name] = int
      ? { shape, data: Int32Array.from(values) }
      : { shape, data: Float32Array.from(values) };
  }
  return arrays;
}

const outputsOf = (result: Tensor | Tensor[]): Tensor[] => (Array.isArray(result) ? result : [result]);

const forward = ({ fn }: Case): TensorFunction => (x) =>
  Object.fromEntries(outputsOf(fn(x)).map((tensor, i) => [`y${i}`, tensor]));

/** The sum of squares of the results, and its gradient by each float input. */
const backward = ({ fn, inputs, by }: Case): TensorFunction => (x) => {
  const names = by ?? Object.keys(inputs).filter((name) => !inputs[name]!.int);
  const floats = Object.fromEntries(names.map((name) => [name, x[name]!]));
  const loss = (given: Tensors) =>
    tf.addN(outputsOf(fn({ ...x, ...given })).map((y) => tf.sum(tf.square(y))));
  const { value, gradients } = valueAndGradients(loss, floats);
  return { value, ...gradients };
};

function assertSameOutputs(actual: Outputs, expected: Outputs, label: string) {
  assertEquals(Object.keys(actual), Object.keys(expected));
  for (const [name, { shape, data }] of Object.entries(expected)) {
    assertEquals(actual[name]!.shape, shape, `${label}, ${name}`);
    assertClose(actual[name]!.data, data, 1e-5, `${label}, ${name}`);
  }
}

/** The cpu engine, and those that record. */
const enginesToCompare = () =>
  Promise.all((["cpu", ...RECORDING] as const).map((name) => createEngine(name, { nThreads: 1 })));

async function assertSame(engines: Engine[], label: string, fn: TensorFunction, inputs: Case["inputs"]) {
  const axes: Axes = Object.fromEntries(Object.entries(inputs).map(([name, { dims }]) => [name, dims]));
  const compiled: Compiled[] = engines.map((engine) => engine.compile(label, fn, axes));
  try {
    for (const sizes of SIZES) {
      const arrays = arraysOf(inputs, sizes);
      const [expected, ...others] = await Promise.all(compiled.map((c) => c.run(arrays)));
      for (const [i, actual] of others.entries()) {
        assertSameOutputs(actual, expected!, `${engines[i + 1]!.name}: ${label}, N ${sizes.N}, M ${sizes.M}`);
      }
    }
  } finally {
    compiled.forEach((c) => c.dispose());
  }
}

Deno.test("every rule has cases here, and every case a rule", () => {
  assertEquals(Object.keys(cases).sort(), Object.keys(rules).sort());
  for (const [kernel, list] of Object.entries(cases)) assert(list.length > 0, `${kernel} has no case`);
});

for (const [kernel, list] of Object.entries(cases)) {
  Deno.test(`rules.${kernel} computes what the cpu engine does, and its gradient, for sizes that vary`, async () => {
    const engines = await enginesToCompare();
    for (const [i, one] of list.entries()) {
      assert(
        Object.values(one.inputs).some(({ dims }) => dims.some((d) => typeof d === "string")),
        `${kernel} case ${i}: no axis varies`,
      );
      used.clear();
      await assertSame(engines, `${kernel} case ${i}`, forward(one), one.inputs);
      assert(used.has(kernel), `${kernel} case ${i} does not run that kernel, it runs ${[...used]}`);
      if (one.gradient !== false) {
        await assertSame(engines, `gradient of ${kernel} case ${i}`, backward(one), one.inputs);
      }
    }
  });
}

for (const [name, list] of Object.entries(composites)) {
  Deno.test(`${name} recorded is what it is on the cpu engine, and so is its gradient`, async () => {
    const engines = await enginesToCompare();
    for (const [i, one] of list.entries()) {
      await assertSame(engines, `${name} case ${i}`, forward(one), one.inputs);
      await assertSame(engines, `gradient of ${name} case ${i}`, backward(one), one.inputs);
    }
  });
}
