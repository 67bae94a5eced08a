import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { createEngine } from "../../../model/engine/create_engine.ts";
import { ENGINE_NAMES, type EngineName } from "../../../model/engine/engine.ts";
import { tf } from "../../../model/engine/tf.ts";
import { assertClose } from "../../close.ts";

const HAS_TENSORFLOW = ["tfjs-node-gpu", "tfjs-node"].some((name) => {
  try {
    return Deno.statSync(`node_modules/@tensorflow/${name}/lib/napi-v8/tfjs_binding.node`).isFile;
  } catch {
    return false;
  }
});

Deno.test("createEngine() lists the engines when there is none of that name", async () => {
  const error = await assertRejects(() => createEngine("abacus" as EngineName), Error, `"abacus"`) as Error;
  for (const name of ["auto", ...ENGINE_NAMES]) assert(error.message.includes(name), `${name} is not listed`);
});

Deno.test({
  name: "createEngine() says what tensorflow lacks when its binding is not built",
  ignore: HAS_TENSORFLOW,
  async fn() {
    const error = await assertRejects(() => createEngine("tensorflow"), Error, "Cannot load the tensorflow");
    for (const part of ["node_modules/@tensorflow/tfjs-node", "npm install", "nodeModulesDir"]) {
      assert((error as Error).message.includes(part), `${part} is not named`);
    }
  },
});

Deno.test({
  name: "createEngine() chooses onnx when it may choose and there is no tensorflow",
  ignore: HAS_TENSORFLOW,
  async fn() {
    assertEquals((await createEngine()).name, "onnx");
    assertEquals((await createEngine("auto", { nThreads: 1 })).name, "onnx");
  },
});

const PRODUCT = {
  a: { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
  b: { shape: [3, 2], data: Float32Array.of(1, -1, 0.5, 2, -2, 0) },
};

/** 0, 1, 2 … times a factor: 12,000 values in the middle of a longer array. */
const counting = (factor: number) =>
  Float32Array.from({ length: 12_010 }, (_, i) => (i - 5) * factor).subarray(5, 12_005);

for (const name of [...ENGINE_NAMES, "onnx-ffi"] as const) {
  Deno.test(`createEngine() gives a ${name} engine that multiplies, or says why it cannot`, async () => {
    let engine;
    try {
      engine = await createEngine(name);
    } catch (error) {
      assert(
        !["onnx", "onnx-ffi", "wasm", "cpu"].includes(name),
        `${name} must run everywhere: ${(error as Error).message}`,
      );
      const { message } = error as Error;
      assert(message.startsWith(`Cannot load the ${name} engine`), message);
      assert(message.length > `Cannot load the ${name} engine ()`.length, message);
      return;
    }
    assertEquals(engine.name, name);
    const compiled = engine.compile("product", ({ a, b }) => ({ y: tf.matMul(a!, b!) }), { a: ["N", 3] });
    const y = (await compiled.run(PRODUCT)).y!;
    assertEquals(y.shape, [2, 2]);
    assertClose(y.data, [-4, 3, -5.5, 6], 1e-5, name);
    // Larger arrays may be uploaded in another way, from the middle of a longer one as well.
    for (const factor of [1, 2]) {
      const data = counting(factor);
      const y = (await compiled.run({ ...PRODUCT, a: { shape: [4000, 3], data } })).y!;
      const expected = Array.from({ length: 4000 }, (_, row) => {
        const [p, q, r] = data.subarray(3 * row, 3 * row + 3);
        return [p! + 0.5 * q! - 2 * r!, -p! + 2 * q!];
      }).flat();
      assertEquals(y.shape, [4000, 2]);
      assertClose(y.data, expected, 1e-3, name);
    }
    compiled.dispose();
  });
}

Deno.test("an engine says what may change a bit of its results: package, version, number of threads", async () => {
  assertMatch(
    (await createEngine("onnx", { nThreads: 1 })).version,
    /^onnxruntime-node \d+\.\d+\.\d+ with 1 threads$/,
  );
  assertMatch((await createEngine("onnx")).version, /^onnxruntime-node \d+\.\d+\.\d+ with [1-9]\d* threads$/);
  assertMatch(
    (await createEngine("onnx-ffi", { nThreads: 1 })).version,
    /^onnxruntime \d+\.\d+\.\d+ with 1 threads$/,
  );
  assertMatch(
    (await createEngine("wasm")).version,
    /^onnxruntime-web \d+\.\d+\.\d+ with [1-9]\d* threads$/,
  );
  assertMatch((await createEngine("cpu")).version, /^@tensorflow\/tfjs \d+\.\d+\.\d+$/);
});
