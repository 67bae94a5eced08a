/** Values against the formulas written plainly, gradients against slopes of the values, on the cpu engine. */
import { assert, assertEquals } from "@std/assert";
import { padWords } from "../../../data/batches/batch.ts";
import { createRandom } from "../../../data/random.ts";
import { historyLayout } from "../../../data/tags/history_layout.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import { valueAndGradients } from "../../../model/engine/gradients.ts";
import type { NdArray } from "../../../model/engine/nd_array.ts";
import { type Tensor, type Tensors, tf } from "../../../model/engine/tf.ts";
import { crossEntropy, gatherRows, gelu, layerNorm, linear, maskGradient } from "../../../model/nn/ops.ts";
import {
  type HistoryLayout,
  labelBackground,
  labelContext,
  type WordPadding,
} from "../../../model/systems/laner/biattention.ts";
import { sizeOf } from "../../../model/weights/parameters.ts";
import { assertClose } from "../../close.ts";

// deno-lint-ignore no-explicit-any
type Op = (x: any) => Tensor;
const random = createRandom(11);

function normal(...shape: number[]): NdArray {
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => random.normal()) };
}
const rowsOf = ({ shape, data }: NdArray): number[][] =>
  Array.from({ length: shape[0]! }, (_, i) => [...data.subarray(i * shape[1]!, (i + 1) * shape[1]!)]);
const ints = (values: number[], shape = [values.length]) => tf.tensor(values, shape, "int32");

const tensorsOf = (arrays: Record<string, NdArray | NdArray<Int32Array>>): Tensors =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [
      name,
      tf.tensor(data, shape, data instanceof Int32Array ? "int32" : "float32"),
    ]),
  );

async function valuesOf(op: Op, inputs: Record<string, NdArray>): Promise<Float32Array> {
  await createEngine("cpu");
  return tf.tidy(() => op(tensorsOf(inputs)).dataSync() as Float32Array);
}

/**
 * Asserts that the gradients of Σ c · op(x), c random, are its slopes, by each input in three random directions; what
 * the op computes in places where `counts` is 0 has no part in the sum.
 */
async function assertSlopes(op: Op, inputs: Record<string, NdArray>, counts = tf.scalar(1)): Promise<void> {
  await createEngine("cpu");
  const shape = tf.tidy(() => op(tensorsOf(inputs)).shape);
  const { data: c } = normal(...shape);
  const loss = (x: Tensors) => tf.sum(tf.mul(tf.mul(op(x), tf.tensor(c, shape)), counts));
  const lossAt = (x: typeof inputs) => tf.tidy(() => loss(tensorsOf(x)).dataSync()[0]!);
  const gradients = tf.tidy(() => {
    const { gradients } = valueAndGradients(loss, tensorsOf(inputs));
    return Object.entries(gradients).map(([name, g]) => [name, g.shape, g.dataSync()] as const);
  });
  assertEquals(gradients.map(([name]) => name), Object.keys(inputs));
  for (const [name, gradientShape, gradient] of gradients) {
    assertEquals(gradientShape, inputs[name]!.shape);
    for (let direction = 0; direction < 3; direction++) {
      const { data: d } = normal(...gradientShape);
      const step = 1e-2;
      const moved = (by: number) => ({
        ...inputs,
        [name]: { shape: gradientShape, data: inputs[name]!.data.map((x, i) => x + by * d[i]!) },
      });
      const slope = (lossAt(moved(step)) - lossAt(moved(-step))) / (2 * step);
      const expected = d.reduce((sum, x, i) => sum + x * gradient[i]!, 0);
      assertClose([expected], [slope], 5e-3, `slope by ${name}`);
    }
  }
}

/** Σ_k softmax_k(query · x_k) x_k. */
function attend(query: number[], xs: number[][]): number[] {
  const weights = xs.map((x) => Math.exp(x.reduce((sum, value, j) => sum + value * query[j]!, 0)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return query.map((_, j) => xs.reduce((sum, x, k) => sum + weights[k]! / total * x[j]!, 0));
}

Deno.test("valueAndGradients() gives the value, and gradients by the named tensors alone", async () => {
  await createEngine("cpu");
  tf.tidy(() => {
    const [x, w] = [tf.tensor([1, 2, 3]), tf.tensor([4, -5, 6])];
    const { value, gradients } = valueAndGradients(({ w }) => tf.sum(tf.mul(x, tf.square(w))), { w });
    assertEquals([...value.dataSync()], [16 + 50 + 108]);
    assertEquals(Object.keys(gradients), ["w"]);
    assertEquals([...gradients.w!.dataSync()], [8, -20, 36]);
  });
});

Deno.test("valueAndGradients() has the slopes of sums and means over any axes", async () => {
  const x = normal(2, 3, 4);
  for (const reduce of [tf.sum, tf.mean]) {
    for (const axis of [undefined, 0, -1, [0, 2], [1, 2], []]) {
      for (const keepDims of [false, true]) {
        await assertSlopes(({ x }) => tf.square(reduce(x, axis, keepDims)), { x });
      }
    }
  }
});

Deno.test("linear() computes x Wᵀ + b with a row of the weight for each output", async () => {
  const inputs = {
    x: { shape: [2, 3], data: Float32Array.of(1, 2, 3, -1, 0, 1) },
    weight: { shape: [2, 3], data: Float32Array.of(1, 10, 100, 2, 0, -1) },
    bias: { shape: [2], data: Float32Array.of(0.5, -0.5) },
  };
  const op: Op = ({ x, weight, bias }) => linear(x, weight, bias);
  assertEquals([...await valuesOf(op, inputs)], [321.5, -1.5, 99.5, -3.5]);
  await assertSlopes(op, { x: normal(3, 4), weight: normal(2, 4), bias: normal(2) });
});

Deno.test("gatherRows() gives rows in another order, and their gradients back", async () => {
  const x = { shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
  await createEngine("cpu");
  const index = ints([2, 0, 1]);
  const inverse = ints([1, 2, 0]);
  const op: Op = ({ x }) => gatherRows(x, index, inverse);
  assertEquals([...await valuesOf(op, { x })], [5, 6, 1, 2, 3, 4]);
  await assertSlopes(op, { x });
});

Deno.test("gatherRows() pads rows, and takes gradients from real places alone", async () => {
  await createEngine("cpu");
  // Sentences of one and three words; what stands at padding is word 0 again.
  const index = ints([0, 0, 0, 1, 2, 3], [2, 3]);
  const inverse = ints([0, 3, 4, 5]);
  const real = tf.tensor([1, 0, 0, 1, 1, 1], [2, 3, 1]) as unknown as tf.Scalar;
  const op: Op = ({ x }) => gatherRows(x, index, inverse);
  const x = normal(4, 2);
  const words = rowsOf(x);
  assertEquals([...await valuesOf(op, { x })], [0, 0, 0, 1, 2, 3].flatMap((row) => words[row]));
  await assertSlopes(op, { x }, real);
});

Deno.test("gatherRows() gives no gradient to rows that are not used", async () => {
  await createEngine("cpu");
  const index = ints([2, 0]);
  const inverse = ints([1, 0, 0, 1]);
  const used = tf.tensor([1, 0, 1, 0], [4, 1]);
  const op: Op = ({ x }) => gatherRows(x, index, inverse, used);
  await assertSlopes(op, { x: normal(4, 3) });
});

Deno.test("layerNorm() normalises each row, also one without variance", async () => {
  const op: Op = ({ x, weight, bias }) => layerNorm(x, weight, bias, 1e-3);
  const inputs = { x: normal(3, 5), weight: normal(5), bias: normal(5) };
  inputs.x.data.fill(7, 5, 10);
  const expected = rowsOf(inputs.x).flatMap((row) => {
    const mean = row.reduce((sum, v) => sum + v, 0) / 5;
    const variance = row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 5;
    return row.map((v, j) =>
      (v - mean) / Math.sqrt(variance + 1e-3) * inputs.weight.data[j]! + inputs.bias.data[j]!
    );
  });
  assertClose(await valuesOf(op, inputs), expected, 1e-5, "normalised");
  await assertSlopes(op, { ...inputs, x: normal(3, 5) });
});

Deno.test("gelu() is exact, x Φ(x)", async () => {
  const x = { shape: [7], data: Float32Array.of(-10, -2, -1, 0, 1, 2, 10) };
  // Φ(1) = 0.8413447461, Φ(2) = 0.9772498681; the tanh approximation gives 0.84119 for gelu(1).
  const expected = [0, -0.0455002638, -0.1586552539, 0, 0.8413447461, 1.9544997361, 10];
  const op: Op = ({ x }) => gelu(x);
  assertClose(await valuesOf(op, { x }), expected, 1e-6, "gelu");
  await assertSlopes(op, { x: normal(4, 5) });
});

Deno.test("crossEntropy() is the mean over the rows that count, finite for any logits", async () => {
  const { log, exp } = Math;
  const inputs = {
    logits: { shape: [3, 2], data: Float32Array.of(1, 2, 5, 5, 1000, -1000) },
    targets: { shape: [3, 2], data: Float32Array.of(0, 1, 0, 0, 0, 1) },
    perRow: { shape: [], data: Float32Array.of(1 / 2) },
  };
  const op: Op = ({ logits, targets, perRow }) => crossEntropy(logits, targets, perRow);
  assertClose(await valuesOf(op, inputs), [(log(1 + exp(-1)) + 2000) / 2], 1e-6, "loss");
  const { targets, perRow } = tensorsOf(inputs);
  await assertSlopes(({ logits }) => crossEntropy(logits, targets!, perRow!), { logits: normal(3, 2) });
});

Deno.test("labelBackground() attends over the words of each word's own sentence", async () => {
  await createEngine("cpu");
  const nWords = [2, 4, 1];
  const words = normal(7, 3);
  const rows = rowsOf(words);
  const sentenceOf = [0, 0, 1, 1, 1, 1, 2];
  // All words, and those from a word of each sentence on.
  const cases = [{ from: [0, 0, 0], asked: [0, 1, 2, 3, 4, 5, 6] }, { from: [1, 3, 0], asked: [1, 5, 6] }];
  for (const { from, asked } of cases) {
    const queries = normal(asked.length, 3);
    const padding = tensorsOf(padWords(nWords, from)) as unknown as WordPadding;
    const op: Op = ({ queries, words }) => labelBackground(queries, words, padding);
    const expected = rowsOf(queries).flatMap((query, i) =>
      attend(query, rows.filter((_, row) => sentenceOf[row] === sentenceOf[asked[i]!]))
    );
    assertClose(await valuesOf(op, { queries, words }), expected, 1e-5, `from ${from}`);
    await assertSlopes(op, { queries, words });
  }
});

Deno.test("labelContext() attends over the places of each word's own history", async () => {
  await createEngine("cpu");
  const nWords = [3, 1, 2];
  const cases = [{ from: [0, 0, 0], lengths: [1, 2, 3, 1, 1, 2] }, { from: [2, 1, 1], lengths: [3, 2] }];
  for (const { from, lengths } of cases) {
    const layout = historyLayout(nWords, from);
    const queries = normal(lengths.length, 4);
    const history = normal(lengths.reduce((sum, n) => sum + n), 4);
    const tensors = tensorsOf({ ...layout }) as unknown as HistoryLayout;
    const op: Op = ({ queries, history }) => labelContext(queries, history, tensors);
    const states = rowsOf(history);
    const expected = rowsOf(queries).flatMap((query, w) => attend(query, states.splice(0, lengths[w]!)));
    assert(states.length === 0);
    assertClose(await valuesOf(op, { queries, history }), expected, 1e-5, `from ${from}`);
    await assertSlopes(op, { queries, history });
  }
});

Deno.test("maskGradient() changes no value, and no gradient of a place that counts", async () => {
  await createEngine("cpu");
  tf.tidy(() => {
    const x = tf.tensor([[1, NaN], [3, 4]]);
    const mask = tf.tensor([[1], [0]]);
    assertEquals([...maskGradient(x, mask).dataSync()], [1, NaN, 3, 4]);
    const square = ({ x }: Tensors) => tf.sum(tf.square(maskGradient(x!, mask)));
    const { gradients } = valueAndGradients(square, { x: tf.tensor([[1, 2], [3, 4]]) });
    assertEquals([...gradients.x!.dataSync()], [2, 4, 0, 0]);
  });
});
