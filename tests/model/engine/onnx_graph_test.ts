/** Recorded graphs as they are written. */
import { assertEquals } from "@std/assert";
import proto from "npm:onnx-proto@8.0.1";
import { valueAndGradients } from "../../../model/engine/gradients.ts";
import { record } from "../../../model/engine/onnx_recorder.ts";
import { tf } from "../../../model/engine/tf.ts";

Deno.test("record() leaves out nodes and constants that no output depends on", () => {
  const inputs = { x: { shape: [2, 2], data: new Float32Array(4) } };
  const { model } = record(
    "gradients alone",
    ({ x }) => {
      // The value and what it alone needs are not handed out.
      const { gradients } = valueAndGradients((p) => tf.sum(tf.mul(tf.exp(p.x!), tf.tensor([5, 6]))), {
        x: x!,
      });
      return gradients;
    },
    inputs,
    {},
  );
  const { node, initializer, output } = proto.onnx.ModelProto.decode(model).graph!;
  const read = new Set([...node!.flatMap(({ input }) => input!), ...output!.map(({ name }) => name!)]);
  assertEquals(node!.filter((one) => !one.output!.some((name) => read.has(name))), []);
  assertEquals(initializer!.filter(({ name }) => !read.has(name!)), []);
  assertEquals(node!.some(({ opType }) => opType === "ReduceSum"), false);
  assertEquals(node!.filter(({ opType }) => opType === "Exp").length, 1);
});
