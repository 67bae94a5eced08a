import { assert, assertEquals } from "@std/assert";
import { createEngine } from "../../../model/engine/create_engine.ts";
import type { Arrays, Axes } from "../../../model/engine/engine.ts";
import type { NdArray } from "../../../model/engine/nd_array.ts";
import { tf } from "../../../model/engine/tf.ts";
import { hasWeights, weightsAmong, withWeights } from "../../../model/engine/weights.ts";

const floats = (shape: number[], ...values: number[]) => ({ shape, data: Float32Array.from(values) });
const X = floats([2, 2], 1, 2, 3, 4);
const AXES: Axes = { x: ["N", 2] };
const product = ({ x, w }: Record<string, tf.Tensor>) => ({ y: tf.matMul(x!, w!) });

for (const name of ["onnx", "onnx-ffi", "wasm"] as const) {
  Deno.test(`withWeights() makes what never changes a constant on ${name}, and nothing else`, async () => {
    const [w, other] = [floats([2, 1], 1, 10), floats([2, 1], 2, 20)];
    const engine = await createEngine(name, { nThreads: 1 });
    const compiled = withWeights(engine, { constants: new Set<NdArray>([w]) }).compile("x w", product, AXES);
    const y = async (w: NdArray, x = X) => [...(await compiled.run({ x, w })).y!.data];
    assertEquals(await y(w), [21, 43]);
    assertEquals(await y(w, floats([1, 2], 5, 6)), [65]);
    // Read once: what is now in the array is not seen.
    w.data.fill(0);
    assertEquals(await y(w), [21, 43]);
    // Another array is another value, whatever its name.
    assertEquals(await y(other), [42, 86]);
    other.data.fill(0);
    assertEquals(await y(other), [0, 0]);
    assertEquals(await y(w), [21, 43]);
    compiled.dispose();
  });
}

Deno.test("withWeights() keeps arrays of the same name apart that are both constants", async () => {
  const weights = [floats([2, 1], 1, 10), floats([2, 1], 2, 20)];
  const engine = withWeights(await createEngine("onnx", { nThreads: 1 }), { constants: new Set(weights) });
  const compiled = engine.compile("x w", product, AXES);
  const both = async () =>
    await Promise.all(weights.map(async (w) => [...(await compiled.run({ x: X, w })).y!.data]));
  assertEquals(await both(), [[21, 43], [42, 86]]);
  for (const { data } of weights) data.fill(0);
  assertEquals(await both(), [[21, 43], [42, 86]]);
  compiled.dispose();
});

Deno.test("an engine without recordings computes as without constants", async () => {
  const w = floats([2, 1], 1, 10);
  const engine = withWeights(await createEngine("cpu"), { constants: new Set([w]) });
  assertEquals([...(await engine.compile("x w", product, AXES).run({ x: X, w })).y!.data], [21, 43]);
});

Deno.test("weightsAmong() takes float32 constants of fixed size, as many as fit", () => {
  const inputs: Arrays = {
    a: floats([2, 2], 1, 2, 3, 4),
    b: floats([3], 1, 2, 3),
    c: floats([1], 1),
    d: floats([1], 1),
    ids: { shape: [1], data: Int32Array.of(1) },
  };
  const { a, b, c, ids } = inputs;
  const constants = new Set([a, b, c, ids]);
  const names = (mostBytes?: number, axes: Axes = {}) =>
    [...weightsAmong(inputs, axes, { constants }, mostBytes).keys()].join("");
  assertEquals(names(), "abc");
  assertEquals(names(32), "abc");
  assertEquals(names(31), "ab");
  assertEquals(names(27), "ac");
  assertEquals(names(3), "");
  assertEquals(names(undefined, { b: ["N"], a: [2, 2] }), "ac");
  assertEquals(weightsAmong(inputs, {}, { constants: new Set() }).size, 0);
});

Deno.test("hasWeights() compares the arrays themselves", () => {
  const a = floats([1], 1);
  const weights = new Map([["a", a]]);
  assert(hasWeights({ a }, weights));
  assert(hasWeights({ a, b: floats([1], 2) }, weights));
  assert(!hasWeights({ a: { ...a } }, weights));
  assert(!hasWeights({}, weights));
});
