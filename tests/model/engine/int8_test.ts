import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import type { Axes } from "../../../model/engine/engine.ts";
import { quantizeColumns } from "../../../model/engine/int8.ts";
import type { NdArray } from "../../../model/engine/nd_array.ts";
import { tf } from "../../../model/engine/tf.ts";
import { weightsAmong, withWeights } from "../../../model/engine/weights.ts";
import { linear } from "../../../model/nn/ops.ts";

const random = createRandom(7);
const normal = (shape: [number, number], scale: number) => ({
  shape,
  data: Float32Array.from({ length: shape[0] * shape[1] }, () => scale * random.normal()),
});
const AXES: Axes = { x: ["N", 48] };
/** Linear layers by `w` and `v`, and a product by `w` that is none. */
const layers = ({ x, w, v, ofW, ofV }: Record<string, tf.Tensor>) => {
  const y = linear(x!, w!, ofW!);
  return { w: y, v: linear(x!, v!, ofV!), plain: tf.matMul(y, w!) };
};

/** Quantises values to whole numbers from 0 to 255, with 0 among what they stand for. */
function quantizeDynamically({ data }: NdArray): { steps: number[]; zero: number; scale: number } {
  const [least, most] = [Math.min(0, ...data), Math.max(0, ...data)];
  const scale = Math.fround((most - least) / 255);
  const zero = Math.round(-least / scale);
  return {
    steps: [...data].map((value) => Math.min(255, Math.max(0, Math.round(value / scale) + zero))),
    zero,
    scale,
  };
}

/** Calls `visit` with each row of x, row of w and their place in x wᵀ. */
function forPlaces(x: NdArray, w: NdArray, visit: (n: number, o: number, place: number) => void): void {
  for (let n = 0; n < x.shape[0]!; n++) {
    for (let o = 0; o < w.shape[0]!; o++) visit(n, o, n * w.shape[0]! + o);
  }
}

Deno.test("quantizeColumns() spreads each column over 64 steps of its own", () => {
  const weight = { shape: [4, 3], data: Float32Array.of(1, -2, 0.5, 0, 0, 0, 64, 1, -64, 1e-30, -1e-30, 0) };
  const { values, scales } = quantizeColumns(weight);
  assertEquals([...scales], [2 / 64, 1, 1, Math.fround(Math.fround(1e-30) / 64)]);
  assertEquals([...values], [32, 0, 64, 64, -64, 0, 1, -64, 16, 0, -64, 0]);
});

Deno.test("quantizeColumns() is wrong by half a step at most", () => {
  const weight = normal([9, 48], 0.3);
  const { values, scales } = quantizeColumns(weight);
  weight.data.forEach((value, i) => {
    const [o, k] = [Math.floor(i / 48), i % 48];
    const error = Math.abs(value - values[k * 9 + o]! * scales[o]!);
    assert(error <= scales[o]! * 0.5001, `${value} is wrong by ${error}`);
  });
});

for (const name of ["onnx", "onnx-ffi", "wasm"] as const) {
  Deno.test(`int8 products on ${name} are those of a plain implementation, within the bound of 8 bits`, async () => {
    const [w, v] = [normal([9, 48], 0.3), normal([5, 48], 0.3)];
    // The largest sums that there can be: nothing is cut off.
    w.data.fill(0.5, 0, 48).fill(-0.5, 48, 96);
    const x = normal([13, 48], 2);
    x.data.fill(9, 0, 48).fill(-8, 48, 96);
    const constants = new Set([w, v]);
    const engine = withWeights(await createEngine(name, { nThreads: 1 }), { constants, int8: new Set([w]) });
    const exact = await createEngine("cpu");
    const [ofW, ofV] = [normal([1, 9], 1), normal([1, 5], 1)].map(({ data }) => ({
      shape: [data.length],
      data,
    }));
    const inputs = { x, w, v, ofW: ofW!, ofV: ofV! };
    const compiled = engine.compile("layers", layers, AXES);
    const found = await compiled.run(inputs);
    const float32 = await exact.compile("layers", layers, AXES).run(inputs);

    const { values, scales } = quantizeColumns(w);
    const { steps, zero, scale } = quantizeDynamically(x);
    let different = 0;
    forPlaces(x, w, (n, o, place) => {
      let sum = 0;
      let bound = 1e-4;
      for (let k = 0; k < 48; k++) {
        sum += (steps[n * 48 + k]! - zero) * values[k * 9 + o]!;
        const [ofX, ofW] = [scale / 2, scales[o]! / 2];
        bound += Math.abs(x.data[n * 48 + k]!) * ofW + Math.abs(w.data[o * 48 + k]!) * ofX + ofX * ofW;
      }
      const y = found.w!.data[place]!;
      assertAlmostEquals(y, sum * scale * scales[o]! + ofW!.data[o]!, 1e-4);
      assert(Math.abs(y - float32.w!.data[place]!) <= bound);
      if (Math.abs(y - float32.w!.data[place]!) > 1e-3) different++;
    });
    assert(different > 20, "products are computed in int8");

    // In float32: the products by other weights, and those that are no linear layer.
    found.v!.data.forEach((y, i) => assertAlmostEquals(y, float32.v!.data[i]!, 1e-4));
    const plain = await exact.compile("w", ({ y, w }) => ({ y: tf.matMul(y!, w!) })).run({ y: found.w!, w });
    found.plain!.data.forEach((y, i) => assertAlmostEquals(y, plain.y!.data[i]!, 1e-3));
    compiled.dispose();
  });
}

Deno.test("withWeights() refuses int8 on an engine that has none", async () => {
  const engine = await createEngine("cpu");
  const rule = "the engine must be onnx, onnx-ffi or wasm, current value is cpu";
  const int8 = new Set<NdArray>();
  assertThrows(() => withWeights(engine, { constants: int8, int8 }), Error, rule);
});

Deno.test("int8 weights take a byte each, and are refused if they do not fit", async () => {
  const [w, v] = [normal([9, 48], 1), normal([5, 48], 1)];
  const weights = { constants: new Set([w, v]), int8: new Set([w]) };
  const names = (mostBytes: number) => [...weightsAmong({ w, v }, {}, weights, mostBytes).keys()];
  assertEquals(names(9 * 48 + 4 * 5 * 48), ["w", "v"]);
  assertEquals(names(9 * 48 + 4 * 5 * 48 - 1), ["w"]);
  const { message } = await assertRejects(() => Promise.resolve().then(() => names(9 * 48 - 1)), Error);
  assertEquals(
    message,
    "Cannot compute with w in int8: the weights before it and it must fit 431 bytes, current value is 432",
  );
});
