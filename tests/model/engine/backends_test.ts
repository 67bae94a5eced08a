import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { startBackend, useBackend } from "../../../model/engine/backends.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import { tf } from "../../../model/engine/tf.ts";

// Each file of tests begins with no backend started.
Deno.test("createEngine() starts a backend while another engine records and runs", async () => {
  const onnx = await createEngine("onnx"), x = { shape: [1], data: Float32Array.of(2) };
  const twice = () => onnx.compile("twice", ({ x }) => ({ y: tf.mul(x, 2) }), { x: ["N"] });
  let isStarting = true;
  const both = Promise.all([createEngine("wasm"), createEngine("wasm")]).finally(() => isStarting = false);
  while (isStarting) {
    const compiled = twice();
    assertEquals((await compiled.run({ x })).y.data, Float32Array.of(4));
    compiled.dispose();
    await new Promise((resolve) => setTimeout(resolve));
  }
  for (const wasm of await both) {
    const compiled = wasm.compile("twice", ({ x }) => ({ y: tf.mul(x, 2) }), { x: ["N"] });
    assertEquals((await compiled.run({ x })).y.data, Float32Array.of(4));
  }
});

Deno.test("startBackend() and useBackend() refuse what is not registered or not started", async () => {
  await assertRejects(() => startBackend("cuda"), Error, `no backend "cuda"`);
  tf.registerBackend("broken", () => Promise.reject(new Error("no driver")));
  await assertRejects(() => startBackend("broken"), Error, "no driver");
  assertThrows(() => useBackend("broken"), Error, `"broken" has not been started`);
  tf.removeBackend("broken");
});
