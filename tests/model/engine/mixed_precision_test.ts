/** Products in types of 16 bits. TEST_ENGINES names the engines, such as "webgpu", if not the one that runs everywhere. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import type { Engine } from "../../../model/engine/engine.ts";
import { valueAndGradients } from "../../../model/engine/gradients.ts";
import { mixedEngine } from "../../../model/engine/mixed_precision.ts";
import type { NdArray } from "../../../model/engine/nd_array.ts";
import type { Precision } from "../../../model/engine/precision.ts";
import { tf } from "../../../model/engine/tf.ts";
import { createGradientGraph } from "../../../model/nn/gradient_graph.ts";
import { assertClose } from "../../close.ts";
import { testedEngines } from "../../tested_engines.ts";
import { roundTo } from "./round_to.ts";

function randomArray(shape: number[], scale = 1): NdArray {
  const random = createRandom(shape.length);
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, data: Float32Array.from({ length: size }, () => scale * (2 * random.uniform() - 1)) };
}

/** Multiplies a [B, n, m] by the transpose of b [B, k, m], in float64, from rounded numbers. */
function product(a: NdArray, b: NdArray, precision: Precision): number[] {
  const [B, n, m] = a.shape as [number, number, number];
  const k = b.shape[1]!;
  const result: number[] = [];
  for (let i = 0; i < B * n; i++) {
    for (let j = 0; j < k; j++) {
      let sum = 0;
      for (let l = 0; l < m; l++) {
        sum += roundTo(precision, a.data[i * m + l]!) *
          roundTo(precision, b.data[(Math.floor(i / n) * k + j) * m + l]!);
      }
      result.push(sum);
    }
  }
  return result;
}

/** Half a unit in the last place of a number near 1. */
const HALF_UNIT: Record<Precision, number> = { float16: 2 ** -11, bfloat16: 2 ** -8 };

for (const name of testedEngines(["onnx-ffi"])) {
  const engine: Engine = await createEngine(name);
  for (const precision of engine.precisions ?? []) {
    Deno.test(`${name} multiplies matrices in ${precision}, and nothing else`, async () => {
      const a = randomArray([2, 3, 5]);
      const b = randomArray([2, 4, 5], 2);
      const first = ({ shape, data }: NdArray) => ({
        shape: shape.slice(1),
        data: data.subarray(0, data.length / 2),
      });
      const compiled = engine.compile(
        "products",
        ({ a, b, firstA, firstB }) => ({
          batched: tf.matMul(a!, b!, false, true),
          plain: tf.matMul(firstA as tf.Tensor2D, firstB as tf.Tensor2D, false, true),
          other: tf.mul(a!, 3),
        }),
        { a: [2, "n", 5], firstA: ["n", 5] },
        { precision },
      );
      const { batched, plain, other } = await compiled.run({ a, b, firstA: first(a), firstB: first(b) });
      const expected = product(a, b, precision);
      // Sums of five products of numbers up to 2, which a GPU may round on the way.
      const tolerance = 6 * HALF_UNIT[precision];
      assertClose(batched.data, expected, tolerance, "batched");
      assertClose(plain.data, expected.slice(0, 12), tolerance, "plain");
      assertEquals([...batched.data], [...batched.data].map((value) => roundTo(precision, value)));
      assertEquals([...plain.data], [...plain.data].map((value) => roundTo(precision, value)));
      assertEquals([...other.data], [...a.data].map((value) => Math.fround(3 * value)));
      compiled.dispose();
    });

    Deno.test(`${name} rounds both operands of a product in ${precision}`, async () => {
      const compiled = engine.compile(
        "differences",
        ({ x, ones }) => ({
          left: tf.matMul(x!, ones!, false, true),
          right: tf.matMul(ones!, x!, false, true),
        }),
        {},
        { precision },
      );
      const { left, right } = await compiled.run({
        x: { shape: [1, 2], data: Float32Array.of(1 + 2 ** -12, -1) },
        ones: { shape: [1, 2], data: Float32Array.of(1, 1) },
      });
      assertEquals([left.data[0], right.data[0]], [0, 0]);
      compiled.dispose();
    });

    Deno.test(`${name} computes products beyond float16 in ${precision} as the type has them`, async () => {
      const compiled = engine.compile("large", ({ a }) => ({ y: tf.matMul(a!, a!) }), {}, { precision });
      const { y } = await compiled.run({ a: { shape: [1, 1], data: Float32Array.of(512) } });
      assertEquals(y.data[0], precision === "float16" ? Infinity : 512 ** 2);
      compiled.dispose();
    });

    Deno.test(`createGradientGraph() gives gradients in ${precision} on ${name}, of a loss that is scaled or not`, async () => {
      const x = randomArray([1, 6, 5]);
      const inputs = { x: { ...x, shape: [6, 5] }, w: { ...randomArray([4, 5]), shape: [4, 5] } };
      const run = async (engine: Engine) => {
        const graph = createGradientGraph({
          engine,
          label: "squares",
          loss: (p) =>
            tf.mul(1e-7, tf.sum(tf.square(tf.matMul(p.x as tf.Tensor2D, p.w as tf.Tensor2D, false, true)))),
          parameterNames: ["w"],
          inputNames: ["x"],
          axes: { x: ["n", 5] },
          dropoutAxes: {},
        });
        const { loss, gradients, byInput } = await graph.run(inputs);
        const found = { loss, w: gradients.w!.data.slice(), x: byInput.x.data.slice() };
        graph.dispose();
        return found;
      };
      const plain = await run(engine);
      const largest = Math.max(...plain.w.map(Math.abs));
      const errorOf = (w: Float32Array) =>
        Math.max(...w.map((one, i) => Math.abs(one - plain.w[i]!))) / largest;
      const scaled = await run(mixedEngine(engine, { precision, lossScale: { scale: 2 ** 16 } }));
      // Scale and unscaling cancel: what is left is the rounding.
      assert(errorOf(scaled.w) < 8 * HALF_UNIT[precision], `${errorOf(scaled.w)}`);
      assert(scaled.w.some((value, i) => value !== plain.w[i]), "nothing was rounded");
      assertClose([scaled.loss / plain.loss], [1], 8 * HALF_UNIT[precision], "loss");
      assertClose(
        scaled.x.map((value) => value / largest),
        plain.x.map((value) => value / largest),
        16 * HALF_UNIT[precision],
        "x",
      );
      const unscaled = await run(mixedEngine(engine, { precision }));
      // Gradients of 1e-7 lie below float16's least normal number, so that a part of them is lost; bfloat16 has them.
      const isLost = errorOf(unscaled.w) > 8 * HALF_UNIT[precision];
      assertEquals(isLost, precision === "float16", `${errorOf(unscaled.w)}`);
    });
  }
}

Deno.test("mixedEngine() and compile() refuse a precision that the engine lacks, and name those that have it", async () => {
  for (const name of ["onnx", "wasm", "cpu"] as const) {
    const engine = await createEngine(name);
    for (
      const [precision, able] of [["float16", "cuda, and webgpu on a GPU with shader-f16"], [
        "bfloat16",
        "cuda",
      ]] as const
    ) {
      const expected = `Cannot use "precision": must be null on the engine ${name} (${engine.version}): ` +
        `the engines that have ${precision} are ${able}, current value is "${precision}"`;
      assertEquals(assertThrows(() => mixedEngine(engine, { precision }), Error).message, expected);
      const inputs = { x: { shape: [1, 1], data: Float32Array.of(1) } };
      const compiling = async () =>
        await engine.compile("product", ({ x }) => ({ y: tf.matMul(x!, x!) }), {}, { precision }).run(inputs);
      assertEquals((await assertRejects(compiling, Error)).message, expected);
    }
  }
});

Deno.test("valueAndGradients() multiplies gradients by a scale from the start, and not the value", async () => {
  const engine = await createEngine("cpu");
  const compiled = engine.compile("square", ({ x, scale }) => {
    const { value, gradients } = valueAndGradients(({ x }) => tf.sum(tf.square(x!)), { x: x! }, scale);
    return { value, x: gradients.x! };
  });
  const { value, x } = await compiled.run({
    x: { shape: [2], data: Float32Array.of(1, 2) },
    scale: { shape: [], data: Float32Array.of(8) },
  });
  assertEquals([value!.data[0], [...x!.data]], [5, [16, 32]]);
});
