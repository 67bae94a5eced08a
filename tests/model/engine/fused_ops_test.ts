import { assert, assertEquals } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import type { Axes } from "../../../model/engine/engine.ts";
import { fusedOp } from "../../../model/engine/fused_ops.ts";
import { valueAndGradients } from "../../../model/engine/gradients.ts";
import type { NdArray } from "../../../model/engine/nd_array.ts";
import { record } from "../../../model/engine/onnx_recorder.ts";
import { tf } from "../../../model/engine/tf.ts";
import { withWeights } from "../../../model/engine/weights.ts";
import { gelu, linear } from "../../../model/nn/ops.ts";
import { assertClose } from "../../close.ts";

const random = createRandom(3);
const normal = (...shape: number[]) => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((n, size) => n * size) }, () => 2 * random.normal()),
});
const INPUTS = { x: normal(7, 5), weight: normal(4, 5), bias: normal(4) };
const AXES: Axes = { x: ["N", 5] };
const layer = ({ x, weight, bias }: Record<string, tf.Tensor>) => ({ y: gelu(linear(x!, weight!, bias!)) });

for (const name of ["onnx", "onnx-ffi", "wasm"] as const) {
  Deno.test(`fusedOp() computes on ${name} what the ops compute that it stands for`, async () => {
    const exact = await (await createEngine("cpu")).compile("layer", layer, AXES).run(INPUTS);
    const engine = await createEngine(name, { nThreads: 1 });
    // With the weights as constants, and as inputs because there are too many.
    for (const constants of [new Set([INPUTS.weight, INPUTS.bias]), new Set<unknown>()]) {
      const compiled = withWeights(engine, { constants }).compile("layer", layer, AXES);
      const { y } = await compiled.run(INPUTS);
      assertEquals(y!.shape, [7, 4]);
      assertClose(y!.data, exact.y!.data, 1e-5, name);
      compiled.dispose();
    }
  });
}

Deno.test("fusedOp() makes one node of an op, in graphs for prediction alone", async () => {
  const count = (weights?: ReadonlyMap<string, NdArray>) =>
    record("layer", layer, INPUTS, AXES, {}, undefined, weights).nNodes;
  // And one that names the output.
  assertEquals(count(new Map()), 3);
  assertEquals(fusedOp("FusedGelu", {}), null);
  const composed = count();
  assert(composed > 6, `${composed}`);
  // A recording that fails leaves nothing behind.
  try {
    record("failing", ({ x }) => ({ y: tf.cumsum(x!) }), INPUTS, AXES, {}, undefined, new Map());
  } catch { /* as it should */ }
  assertEquals(count(), composed);
  const engine = await createEngine("onnx", { nThreads: 1 });
  const step = engine.compile(
    "step",
    (x) => valueAndGradients((p) => tf.sum(layer({ ...x, ...p }).y), { bias: x.bias! }).gradients,
    AXES,
  );
  assertEquals((await step.run(INPUTS)).bias!.shape, [4]);
  step.dispose();
});
