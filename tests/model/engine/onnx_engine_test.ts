/** What holds for any compiled function, whichever ops it is made of; no tensors are left behind. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { createBuffers } from "../../../model/engine/buffers.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import type { Arrays, Axes, TensorFunction } from "../../../model/engine/engine.ts";
import { valueAndGradients } from "../../../model/engine/gradients.ts";
import type { NdArray } from "../../../model/engine/nd_array.ts";
import { RECORDER } from "../../../model/engine/onnx_recorder.ts";
import { type Tensor, tf } from "../../../model/engine/tf.ts";

const onnx = await createEngine("onnx", { nThreads: 1 });
const floats = (shape: number[], ...values: number[]) => ({ shape, data: Float32Array.from(values) });
const ints = (shape: number[], ...values: number[]) => ({ shape, data: Int32Array.from(values) });
/** Plain numbers, which stay when the array is overwritten. */
const plain = ({ shape, data }: NdArray) => ({ shape, data: [...data] });

async function assertRefuses(fn: TensorFunction, inputs: Arrays, axes: Axes, ...parts: string[]) {
  const compiled = onnx.compile("refused", fn, axes);
  const { message } = await assertRejects(() => compiled.run(inputs), Error) as Error;
  assert(message.startsWith(`Cannot record "refused": `), message);
  for (const part of parts) assert(message.includes(part), `"${message}" does not name ${part}`);
  // A recording that failed is no reason for an error that nobody awaits.
  compiled.dispose();
}

const X = { x: floats([2, 3], 1, 2, 3, 4, 5, 6) };
const N3: Axes = { x: ["N", 3] };

Deno.test("run() fails by name when a kernel has no rule", async () => {
  await assertRefuses(({ x }) => ({ y: tf.cumsum(x!, 1) }), X, N3, "Cumsum");
  const gradientOf = (x: Tensor) => valueAndGradients(({ x }) => tf.sum(tf.gather(x, [0, 0], 1)), { x });
  await assertRefuses(({ x }) => gradientOf(x!).gradients, X, N3, "UnsortedSegmentSum");
});

Deno.test("run() refuses what a rule cannot do along an axis that varies", async () => {
  await assertRefuses(({ x }) => ({ y: tf.slice(x!, [1, 0], [1, 3]) }), X, N3, "Slice", "varies");
  await assertRefuses(({ x }) => ({ y: tf.pad(x!, [[0, 1], [0, 0]]) }), X, N3, "Pad", "varies");
  await assertRefuses(({ x }) => ({ y: tf.tile(x!, [1, 2]) }), X, N3, "Tile");
  const rows: Arrays = { ...X, i: ints([2, 1], 2, 0) };
  const both: Axes = { ...N3, i: ["N", 1] };
  await assertRefuses(({ x, i }) => ({ y: tf.gather(x!, i as tf.Tensor2D, 1, 1) }), rows, both, "batchDims");
});

Deno.test("run() refuses a constant whose size varies, when it is recorded", async () => {
  await assertRefuses(({ x }) => ({ y: tf.add(x!, tf.ones([x!.shape[0], 1])) }), X, N3, "constant", "input");
});

Deno.test("run() refuses a tensor from outside the function, when it is recorded", async () => {
  await createEngine("cpu");
  const outside = tf.tensor([1, 2, 3]);
  await assertRefuses(({ x }) => ({ y: tf.add(x!, outside) }), X, N3, "outside the function", "input");
  outside.dispose();
});

Deno.test("run() refuses to read a value while it records, and works on when that is over", async () => {
  await assertRefuses(({ x }) => ({ y: tf.mul(x!, x!.arraySync() as number[][]) }), X, N3, "Cannot read");
  const compiled = onnx.compile("next", ({ x }) => ({ y: tf.mul(x!, 2) }), N3);
  assertEquals([...(await compiled.run(X)).y!.data], [2, 4, 6, 8, 10, 12]);
  compiled.dispose();
});

const sum: TensorFunction = ({ a, b }) => ({ y: tf.add(a!, b!) });
const AB: Axes = { a: ["N", 2], b: ["N", 2] };
const two = (n: number, value = 1) => ({ shape: [n, 2], data: new Float32Array(2 * n).fill(value) });

Deno.test("run() records once, for batches of all sizes", async () => {
  let nRecordings = 0;
  const compiled = onnx.compile("outer", ({ a, b }) => {
    nRecordings++;
    const y = tf.matMul(a!, b!, false, true);
    return { y, mean: tf.mean(y), flat: tf.reshape(y, [a!.shape[0] * b!.shape[0]]) };
  }, { a: ["N", 2], b: ["M", 2] });
  const lengths: [number, number][] = [[2, 3], [5, 1], [1, 40], [3, 3]];
  for (const [n, m] of lengths) {
    const { y, mean, flat } = await compiled.run({ a: two(n, 2), b: two(m, 3) });
    assertEquals(plain(y!), { shape: [n, m], data: new Array(n * m).fill(12) });
    assertEquals(plain(mean!), { shape: [], data: [12] });
    assertEquals(flat!.shape, [n * m]);
  }
  assertEquals(nRecordings, 1);
  compiled.dispose();
});

Deno.test("run() refuses inputs in which one axis has two sizes, in the first run and in later ones", async () => {
  const compiled = onnx.compile("sum", sum, AB);
  const wrong = { a: two(2), b: two(3) };
  for (let i = 0; i < 2; i++) {
    await assertRejects(() => compiled.run(wrong), Error, `"sum": axis N is 2 elsewhere and 3 in "b"`);
    assertEquals((await compiled.run({ a: two(2), b: two(2) })).y!.shape, [2, 2]);
  }
  compiled.dispose();
});

Deno.test("run() names an input that is missing, and works when it is there again", async () => {
  const compiled = onnx.compile("sum", sum, AB);
  // Before the graph is known it is the op that misses it.
  await assertRejects(() => compiled.run({ a: two(1) }), Error, `Cannot record "sum"`);
  assertEquals([...(await compiled.run({ a: two(1), b: two(1) })).y!.data], [2, 2]);
  await assertRejects(() => compiled.run({ a: two(1) }), Error, `Cannot run "sum": input "b" is missing`);
  assertEquals([...(await compiled.run({ a: two(1), b: two(1, 4) })).y!.data], [5, 5]);
  compiled.dispose();
});

Deno.test("run() refuses an input whose size is neither the fixed one nor an axis", async () => {
  const compiled = onnx.compile("sum", sum, AB);
  await compiled.run({ a: two(1), b: two(1) });
  await assertRejects(() => compiled.run({ a: floats([1, 3], 1, 2, 3), b: two(1) }), Error, "input: a");
  compiled.dispose();
});

Deno.test("run() hands out inputs, and one value by two names", async () => {
  const compiled = onnx.compile("same", ({ x }) => {
    const y = tf.neg(x!);
    return { x: x!, y, again: y };
  }, N3);
  const outputs = await compiled.run(X);
  assertEquals(plain(outputs.x!), { shape: [2, 3], data: [1, 2, 3, 4, 5, 6] });
  assert(outputs.x!.data !== X.x.data, "the input itself was handed out, which the next run would overwrite");
  assertEquals([...outputs.y!.data], [...outputs.again!.data]);
  compiled.dispose();
});

Deno.test("run() gives whole numbers and truth values as floats", async () => {
  const compiled = onnx.compile("types", ({ x, i }) => ({
    best: tf.argMax(x!, -1),
    more: tf.add(i!, tf.scalar(1, "int32")),
    above: tf.greater(x!, 2),
    scalar: tf.sum(x!),
  }), N3);
  const outputs = await compiled.run({ x: floats([2, 3], 1, 3, 2, 9, 4, 5), i: ints([2], 4, -1) });
  for (const { data } of Object.values(outputs)) assert(data instanceof Float32Array);
  assertEquals(plain(outputs.best!), { shape: [2], data: [1, 0] });
  assertEquals(plain(outputs.more!), { shape: [2], data: [5, 0] });
  assertEquals(plain(outputs.above!), { shape: [2, 3], data: [0, 1, 0, 1, 1, 1] });
  assertEquals(plain(outputs.scalar!), { shape: [], data: [24] });
  compiled.dispose();
});

Deno.test("run() computes with no rows at all, first or later", async () => {
  const none = { x: floats([0, 3]), w: floats([3, 2], 1, 2, 3, 4, 5, 6) };
  const some = { ...none, x: floats([1, 3], 1, 1, 1) };
  for (const runs of [[none, some], [some, none, some]]) {
    const compiled = onnx.compile("rows", ({ x, w }) => {
      const y = tf.matMul(x!, w!);
      const pairs = tf.reshape(tf.expandDims(y, 1), [x!.shape[0] * 2, 1]);
      return { y, pairs, sum: tf.sum(y, 0), best: tf.argMax(y, 1) };
    }, N3);
    for (const inputs of runs) {
      const { y, pairs, sum, best } = await compiled.run(inputs);
      const n = inputs.x.shape[0]!;
      assertEquals([y!.shape, pairs!.shape, sum!.shape, best!.shape], [[n, 2], [2 * n, 1], [2], [n]]);
      assertEquals([...y!.data], n ? [9, 12] : []);
      assertEquals([...sum!.data], n ? [9, 12] : [0, 0]);
    }
    compiled.dispose();
  }
});

Deno.test("run() reshapes over two axes that vary when the first, the second or both have no length", async () => {
  const compiled = onnx.compile("swap", ({ x }) => ({
    y: tf.reshape(x!, [x!.shape[1]!, 2, x!.shape[0]]),
  }), { x: ["N", "M", 2] });
  const lengths: [number, number][] = [[2, 3], [0, 3], [3, 0], [0, 0], [1, 2]];
  for (const [n, m] of lengths) {
    const x = { shape: [n, m, 2], data: Float32Array.from({ length: 2 * n * m }, (_, i) => i) };
    assertEquals(plain((await compiled.run({ x })).y!), { shape: [m, 2, n], data: [...x.data] });
  }
  compiled.dispose();
});

Deno.test("run() reshapes what has a fixed axis of no length", async () => {
  const compiled = onnx.compile("empty", ({ x }) => ({ y: tf.reshape(x!, [x!.shape[0], 0, 3]) }), {
    x: ["N", 0],
  });
  for (const n of [2, 4]) assertEquals((await compiled.run({ x: floats([n, 0]) })).y!.shape, [n, 0, 3]);
  compiled.dispose();
});

Deno.test("run() gives arrays of their own to each run, and writes into buffers if it is given some", async () => {
  const compiled = onnx.compile("ten times", ({ x }) => ({ y: tf.mul(x!, 10) }), N3);
  const first = (await compiled.run(X)).y!;
  const buffers = createBuffers();
  const second = (await compiled.run({ x: floats([3, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9) }, buffers)).y!;
  assertEquals(plain(second).data, [10, 20, 30, 40, 50, 60, 70, 80, 90]);
  const third = (await compiled.run({ x: floats([1, 3], 7, 8, 9) }, buffers)).y!;
  assertEquals(plain(third), { shape: [1, 3], data: [70, 80, 90] });
  assertEquals(third.data.buffer, second.data.buffer);
  assertEquals([...first.data], [10, 20, 30, 40, 50, 60]);
  compiled.dispose();
});

for (const name of ["cpu", "onnx", "onnx-ffi", "wasm"] as const) {
  Deno.test(`${name}: run() gives the same in runs that overlap, the first ones too, as in one after another`, async () => {
    const engine = await createEngine(name);
    const other = await createEngine("cpu");
    const fn: TensorFunction = ({ x, w }) => ({ y: tf.matMul(x!, w!), sum: tf.sum(x!) });
    const compiled = engine.compile("product", fn, N3);
    const again = engine.compile("product", fn, N3);
    const beside = other.compile("product", fn, N3);
    const inputs = Array.from({ length: 20 }, (_, i) => ({
      x: floats([1 + i % 3, 3], ...Array.from({ length: 3 * (1 + i % 3) }, (_, j) => Math.sin(i + j))),
      w: floats([3, 2], i, 1, 2, 3, 5, 7),
    }));
    const plainly = (outputs: Record<string, NdArray>) =>
      Object.fromEntries(Object.entries(outputs).map(([key, array]) => [key, plain(array)]));
    const expected = [];
    const expectedBeside = [];
    for (const one of inputs) expected.push(plainly(await again.run(one)));
    for (const one of inputs) expectedBeside.push(plainly(await beside.run(one)));
    // The first of all has no weights: what it fails by is its own matter.
    const failed = assertRejects(() => compiled.run({ x: inputs[0]!.x }), Error);
    const atOnce = await Promise.all(inputs.flatMap((one) => [compiled.run(one), beside.run(one)]));
    await failed;
    assertEquals(atOnce.filter((_, i) => i % 2 === 0).map(plainly), expected);
    assertEquals(atOnce.filter((_, i) => i % 2 === 1).map(plainly), expectedBeside);
    const pending = inputs.map((one) => compiled.run(one));
    compiled.dispose();
    assertEquals((await Promise.all(pending)).map(plainly), expected);
    for (const one of [again, beside]) one.dispose();
  });
}

Deno.test("run() refuses after dispose(), which may come before any run and twice", async () => {
  const compiled = onnx.compile("gone", ({ x }) => ({ y: tf.neg(x!) }), N3);
  await compiled.run(X);
  for (let i = 0; i < 2; i++) compiled.dispose();
  await assertRejects(() => compiled.run(X), Error, `Cannot run "gone": it has been disposed`);
  onnx.compile("unused", ({ x }) => ({ y: x! })).dispose();
});

for (const name of ["cpu", "onnx", "onnx-ffi"] as const) {
  Deno.test(`${name}: run() leaves no tensors behind, also when it throws, and the backend as it was`, async () => {
    const engine = name === "onnx" ? onnx : await createEngine(name);
    await tf.setBackend("cpu");
    const before = tf.memory().numTensors;
    const compiled = engine.compile("step", ({ x, w }) => {
      const { value, gradients } = valueAndGradients(({ w }) => tf.sum(tf.square(tf.matMul(x!, w))), {
        w: w!,
      });
      return { value, w: w!, ...gradients };
    }, N3);
    for (let i = 0; i < 2; i++) {
      await compiled.run({ ...X, w: floats([3, 1], 1, -1, 2) });
      assertEquals(tf.memory().numTensors, before);
    }
    compiled.dispose();
    const failing = engine.compile("failing", ({ x }) => {
      tf.neg(x!);
      throw new Error("on purpose");
    }, N3);
    await assertRejects(() => failing.run(X), Error, "on purpose");
    failing.dispose();
    assertEquals(tf.memory().numTensors, before);
    assertEquals(tf.getBackend(), "cpu");
    if (name !== "cpu") assertEquals(tf.findBackend(RECORDER).numDataIds(), 0);
  });
}
