/** Bricks that keep what their way back reads, called by several at once. */
import { assertEquals, assertRejects } from "@std/assert";
import { charBlocks } from "../../data/batches/char_blocks.ts";
import { createRandom } from "../../data/random.ts";
import { createTagStrings, tagHistories } from "../../data/tags/tag_history.ts";
import { createCharLm, initialCharLm } from "../../model/char_lm/char_lm.ts";
import { createEngine } from "../../model/engine/create_engine.ts";
import type { NdArray } from "../../model/engine/nd_array.ts";
import { tf } from "../../model/engine/tf.ts";
import { createBiLstm } from "../../model/nn/bilstm.ts";
import { biLstmShapes } from "../../model/nn/bilstm_shapes.ts";
import { charCnnShapes, createCharCnn } from "../../model/nn/char_cnn.ts";
import { createGraphBlock } from "../../model/nn/graph_block.ts";
import { labelEncoderShapes } from "../../model/systems/laner/label_encoder.ts";
import { createLabelStates } from "../../model/systems/laner/label_states.ts";
import { initialParameters } from "../../model/weights/parameters.ts";

const engine = await createEngine("onnx");

/** Random values, float32 [rows, width]. */
function matrix(rows: number, width: number): NdArray {
  const random = createRandom(rows);
  return {
    shape: [rows, width],
    data: Float32Array.from({ length: rows * width }, () => random.uniform() - 0.5),
  };
}

/** Compares what calls give at once with what each gives alone. */
async function checkOverlap(call: (n: number) => Promise<unknown>) {
  const expected = [];
  for (let n = 1; n <= 6; n++) expected.push(structuredClone(await call(n)));
  assertEquals(await Promise.all([1, 2, 3, 4, 5, 6].map(call)), expected);
}

Deno.test("forward() of a graph block gives the same in overlapping calls", async () => {
  const block = createGraphBlock(engine, {
    label: "tanh",
    compute: ({ x }) => ({ y: tf.tanh(x!) }),
    axes: { x: ["n", 3] },
    outputs: { y: ["n", 3] },
    by: ["x"],
  });
  await checkOverlap((n) => block.forward({ x: matrix(n, 3) }));
  block.dispose();
});

Deno.test("forward() of a BiLSTM gives the same in overlapping calls", async () => {
  const options = { name: "lstm", inputWidth: 3, width: 4, nLayers: 2 };
  const lstm = createBiLstm(engine, options);
  const parameters = initialParameters(biLstmShapes(options), createRandom(1));
  await checkOverlap((n) => lstm.forward(parameters, matrix(n + 2, 3), [n, 2]));
  lstm.dispose();
});

Deno.test("forward() of a character convolution gives the same in overlapping calls", async () => {
  const options = { nCharacters: 9, characterWidth: 3, nFilters: 4 };
  const cnn = createCharCnn(engine, options);
  const parameters = initialParameters(charCnnShapes(options), createRandom(1));
  await checkOverlap((n) =>
    cnn.forward(parameters, [Int32Array.from({ length: n }, (_, i) => 2 + i), Int32Array.of(n)])
  );
  cnn.dispose();
});

Deno.test("a character language model gives the same states and gradients in overlapping calls", async () => {
  const sizes = { characterWidth: 3, width: 4 };
  const parameters = initialCharLm(9, sizes, createRandom(1));
  const lm = createCharLm(engine, 9, sizes);
  await checkOverlap((n) =>
    lm.states(parameters, Int32Array.from({ length: n + 1 }, (_, i) => 2 + i), [n, 1])
  );
  const blocks = [1, 2, 3, 4, 5, 6].map((n) =>
    charBlocks(Array.from({ length: 8 + n }, (_, i) => 2 + (i * n) % 7), { nStreams: 1 })[0]
  );
  await checkOverlap((n) => lm.lossAndGradients(parameters, blocks[n - 1]!));
  lm.dispose();
});

Deno.test("compute() of label states refuses the strings of a second caller until it is reset", async () => {
  const D = 3;
  const K = 5;
  const states = createLabelStates(engine, D, K);
  const parameters = initialParameters(labelEncoderShapes(D, K), createRandom(1));
  const one = createTagStrings(K);
  const other = createTagStrings(K);
  const levels = (strings: typeof one) => tagHistories(strings, [[1, 2, 0]], K).levels;
  await states.reset(parameters, false);
  await states.compute(one, levels(one));
  await assertRejects(() => states.compute(other, levels(other)), Error, "call reset() before");
  await states.reset(parameters, false);
  await states.compute(other, levels(other));
  states.dispose();
});
