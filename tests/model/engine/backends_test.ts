import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { startBackend, useBackend } from "../../../model/engine/backends.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import { createEagerEngine } from "../../../model/engine/eager_engine.ts";
import { tf } from "../../../model/engine/tf.ts";

Deno.test("startBackend() starts a backend while another engine records and runs", async () => {
  const onnx = await createEngine("onnx");
  const x = { shape: [1], data: Float32Array.of(2) };
  const twice = onnx.compile("twice", ({ x }) => ({ y: tf.mul(x!, 2) }), { x: ["N"] });
  const driver = Promise.withResolvers<void>();
  tf.registerBackend("slow", async () => {
    await driver.promise;
    return tf.findBackendFactory("cpu")();
  });
  const starting = [startBackend("slow"), startBackend("slow")];
  assertEquals((await twice.run({ x })).y!.data, Float32Array.of(4));
  driver.resolve();
  await Promise.all(starting);
  useBackend("slow");
  assertEquals(tf.getBackend(), "slow");
  twice.dispose();
  tf.removeBackend("slow");
});

Deno.test("startBackend() and useBackend() refuse what is not registered or not started", async () => {
  await assertRejects(() => startBackend("cuda"), Error, `no backend "cuda"`);
  tf.registerBackend("broken", () => Promise.reject(new Error("no driver")));
  await assertRejects(() => startBackend("broken"), Error, "no driver");
  assertThrows(() => useBackend("broken"), Error, `"broken" has not been started`);
  const run = () => createEagerEngine("cpu", "broken", false).compile("none", () => ({})).run({});
  await assertRejects(run, Error, `Cannot run "none"`);
  tf.removeBackend("broken");
});
