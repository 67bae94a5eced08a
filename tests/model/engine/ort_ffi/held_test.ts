/** Values that stay where the provider computes, here the processor. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { createGraph } from "../../../../model/engine/onnx_graph.ts";
import { loadFfiRuntime } from "../../../../model/engine/ort_ffi/ffi_runtime.ts";

const runtime = await loadFfiRuntime("cpu", { nThreads: 1 });
const floats = (shape: number[], ...values: number[]) => ({ shape, data: Float32Array.from(values) });

/** A session that writes w + w into "twice". */
function loadDoubling() {
  const graph = createGraph("doubling");
  const w = graph.input("w", ["N", 2], [2003, 2], "float32");
  graph.output("twice", graph.node("Add", [w, w], w));
  return runtime.load(graph.toBytes());
}

Deno.test("run() reads and writes held values from run to run, and read() copies them out", async () => {
  const session = await loadDoubling();
  let w = await runtime.hold(floats([2, 2], 1, -2, 0.5, 3));
  let next = await runtime.snapshot(w);
  for (let i = 0; i < 10; i++) {
    await session.run({ w }, { twice: next });
    [w, next] = [next, w];
  }
  assertEquals(await runtime.read(w), floats([2, 2], 1024, -2048, 512, 3072));
  assertEquals(await runtime.read(next), floats([2, 2], 512, -1024, 256, 1536));
  const out = { shape: [2, 2], data: new Float32Array(4) };
  await session.run({ w: next }, { twice: out });
  assertEquals([...out.data], [1024, -2048, 512, 3072]);
  for (const held of [w, next]) held.release();
  await session.release();
});

Deno.test("hold() copies, so that neither the array nor a snapshot follows the held value", async () => {
  const session = await loadDoubling();
  const array = floats([1, 2], 1, 2);
  const held = await runtime.hold(array);
  array.data.fill(9);
  assertEquals(await runtime.read(held), floats([1, 2], 1, 2));
  const before = await runtime.snapshot(held);
  await session.run({ w: floats([1, 2], 5, 6) }, { twice: held });
  assertEquals(await runtime.read(held), floats([1, 2], 10, 12));
  assertEquals(await runtime.read(before), floats([1, 2], 1, 2));
  for (const one of [held, before]) one.release();
  await session.release();
});

Deno.test("hold() takes whole numbers, scalars, and arrays without values", async () => {
  const arrays = [
    { shape: [3], data: Int32Array.of(1, -2, 2 ** 31 - 1) },
    floats([], 4),
    floats([0, 3]),
    { shape: [2, 0], data: new Int32Array() },
    { shape: [2, 1, 2], data: Float32Array.of(0, 1, 2, 3, 4, 5).subarray(1, 5) },
  ];
  for (const array of arrays) {
    const held = await runtime.hold(array);
    const { shape, data } = await runtime.read(held);
    assertEquals([shape, [...data]], [array.shape, [...array.data]]);
    assertEquals(data.constructor, array.data.constructor);
    held.release();
  }
});

Deno.test("release() waits for the runs that use the value, and refuses later ones", async () => {
  const session = await loadDoubling();
  const w = await runtime.hold({ shape: [1 << 18, 2], data: new Float32Array(1 << 19).fill(3) });
  const outputs = Array.from({ length: 4 }, () => ({ shape: [1 << 18, 2], data: new Float32Array(1 << 19) }));
  const runs = outputs.map((twice) => session.run({ w }, { twice }));
  w.release();
  w.release();
  await Promise.all(runs);
  for (const { data } of outputs) assert(data.every((value) => value === 6));
  for (const use of [() => runtime.read(w), () => runtime.snapshot(w), () => session.run({ w }, {})]) {
    await assertRejects(use, Error, "Cannot use a held value of shape [262144,2]: it has been released");
  }
  await session.release();
});

Deno.test("run() refuses to write a held value that it reads", async () => {
  const session = await loadDoubling();
  const w = await runtime.hold(floats([1, 2], 1, 2));
  const error = await assertRejects(() => session.run({ w }, { twice: w }), Error) as Error;
  assertEquals(
    error.message,
    `Cannot write the output "twice" into a held value: the same run reads it`,
  );
  assertEquals(await runtime.read(w), floats([1, 2], 1, 2));
  w.release();
  await session.release();
});

Deno.test("run() refuses a held value of another size or type, and leaves it usable", async () => {
  const session = await loadDoubling();
  const small = await runtime.hold(floats([1, 2], 1, 2));
  await assertRejects(() => session.run({ w: floats([2, 2], 1, 2, 3, 4) }, { twice: small }), Error, "twice");
  const whole = await runtime.hold({ shape: [1, 2], data: Int32Array.of(1, 2) });
  await assertRejects(() => session.run({ w: whole }, { twice: small }), Error, "int32");
  assertEquals((await runtime.read(whole)).data, Int32Array.of(1, 2));
  for (const held of [small, whole]) held.release();
  await session.release();
});
