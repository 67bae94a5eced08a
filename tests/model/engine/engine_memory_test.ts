/** Arrays that stay where an engine computes. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createEngine } from "../../../model/engine/create_engine.ts";
import type { Engine } from "../../../model/engine/engine.ts";
import type { HeldArray } from "../../../model/engine/held_array.ts";
import { tf } from "../../../model/engine/tf.ts";
import { HELD_ENGINES } from "../held_engines.ts";

const floats = (shape: number[], ...values: number[]) => ({ shape, data: Float32Array.from(values) });

for (const [name, load] of Object.entries(HELD_ENGINES)) {
  const test = (what: string, fn: (engine: Engine) => Promise<void>) =>
    Deno.test({ name: `${name}: ${what}`, ignore: load === null, fn: async () => await fn(await load!()) });
  /** A function that doubles, and hands out a number beside. */
  const doubling = (engine: Engine) =>
    engine.compile(
      "doubling",
      ({ w }) => ({ twice: tf.add(w!, w!), largest: tf.max(w!) }),
      { w: ["N", 2] },
      { held: ["twice"] },
    );

  test("held outputs are inputs of later runs, and read() copies them out", async (engine) => {
    const { hold, read, snapshot } = engine.memory!;
    const double = doubling(engine);
    let w: HeldArray = await hold(floats([2, 2], 1, -2, 0.5, 3));
    for (let i = 0; i < 9; i++) {
      const { twice, largest } = await double.run({ w });
      assertEquals([...largest.data], [3 * 2 ** i]);
      w.release();
      w = twice as HeldArray;
    }
    const copy = await snapshot(w);
    const last = (await double.run({ w })).twice as HeldArray;
    assertEquals(await read(last), floats([2, 2], 1024, -2048, 512, 3072));
    w.release();
    assertEquals(await read(copy), floats([2, 2], 512, -1024, 256, 1536));
    for (const held of [copy, last]) held.release();
    double.dispose();
  });

  test("hold() copies, of all numbers of axes, and arrays without values", async ({ memory }) => {
    const { hold, read } = memory!;
    const array = floats([1, 2], 1, 2);
    const held = await hold(array);
    array.data.fill(9);
    assertEquals(await read(held), floats([1, 2], 1, 2));
    held.release();
    for (const one of [floats([], 4), floats([3], 1, 2, 3), floats([2, 1, 2], 1, 2, 3, 4)]) {
      const held = await hold(one);
      assertEquals(await read(held), one);
      held.release();
      const copy = await read(one);
      assertEquals(copy, one);
      assert(copy.data !== one.data);
    }
  });

  test("release() waits for the runs that use the value, and refuses later ones", async (engine) => {
    const { hold, read, snapshot } = engine.memory!;
    const double = doubling(engine);
    const w = await hold({ shape: [1 << 14, 2], data: new Float32Array(1 << 15).fill(3) });
    const runs = Array.from({ length: 4 }, () => double.run({ w }));
    w.release();
    w.release();
    for (const { twice } of await Promise.all(runs)) {
      assert((await read(twice)).data.every((value) => value === 6));
      (twice as HeldArray).release();
    }
    for (const use of [() => read(w), () => snapshot(w), () => double.run({ w })]) {
      await assertRejects(use, Error, "Cannot use a held array of shape [16384,2]: it has been released");
    }
    double.dispose();
  });

  test("share() gives the value another owner", async ({ memory }) => {
    const { hold, read } = memory!;
    const held = await hold(floats([2], 1, 2));
    const shared = held.share();
    held.release();
    assertEquals(await read(shared), floats([2], 1, 2));
    const again = shared.share();
    shared.release();
    await assertRejects(() => read(shared), Error, "released");
    assertEquals(await read(again), floats([2], 1, 2));
    again.release();
  });

  test("the values of a held array are not had by accident", async ({ memory }) => {
    const held = await memory!.hold(floats([2, 1], 1, 2));
    assertThrows(
      () => held.data,
      Error,
      "Cannot read the values of an array of shape [2,1]: the engine holds them; copy them with its memory.read()",
    );
    held.release();
  });
}

Deno.test("onnx and cpu hold nothing, and give plain arrays", async () => {
  for (const name of ["onnx", "cpu", "wasm"] as const) {
    const engine = await createEngine(name, { nThreads: 1 });
    assertEquals(engine.memory, undefined);
    const double = engine.compile("doubling", ({ w }) => ({ twice: tf.add(w!, w!) }), {}, {
      held: ["twice"],
    });
    assertEquals((await double.run({ w: floats([1], 2) })).twice.data, Float32Array.of(4));
    double.dispose();
  }
});
