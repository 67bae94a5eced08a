import { assertEquals } from "@std/assert";
import { createEngine } from "../../../model/engine/create_engine.ts";
import { tf } from "../../../model/engine/tf.ts";
import { createGraphBlock } from "../../../model/nn/graph_block.ts";

const row = (...values: number[]) => ({ shape: [1, values.length], data: Float32Array.from(values) });

Deno.test("createGraphBlock() knows its inputs, outputs and gradients by name", async () => {
  const block = createGraphBlock(await createEngine("cpu"), {
    label: "product",
    compute: ({ x, w, offset }) => ({ y: tf.add(tf.mul(x, w), offset) }),
    axes: { x: ["n", 2], offset: ["n", 2] },
    outputs: { y: ["n", 2] },
    by: ["w"],
  });
  const { y } = await block.forward({ x: row(2, 3), w: row(4, 5), offset: row(1, 1) });
  assertEquals([...y.data], [9, 16]);
  const { w, ...others } = await block.backward({ y: row(1, 10) });
  assertEquals([[...w.data], Object.keys(others)], [[2, 30], []]);
  block.dispose();

  /** Is compiled, not run. */
  const _misspelt = () => {
    // @ts-expect-error There is no output of this name.
    void block.forward({ x: row(1), w: row(1), offset: row(1) }).then(({ z }) => z);
    // @ts-expect-error An input is left out.
    void block.forward({ x: row(1), w: row(1) });
    // @ts-expect-error It is not differentiated by x.
    void block.backward({ y: row(1) }).then(({ x }) => x);
  };
});
