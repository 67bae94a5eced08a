import { assertEquals, assertThrows } from "@std/assert";
import { readProfileRuns } from "../../../tasks/bench/kernel_events.ts";

const kernel = (ts: number, op: string, shape: number[]) => ({
  cat: "Node",
  name: `${op}_v1_kernel_time`,
  ts,
  dur: 2000,
  args: { op_name: op, input_type_shape: [{ float: shape }, {}], output_type_shape: [{ float: shape }] },
});

Deno.test("readProfileRuns() puts each kernel into the run in which it began", () => {
  const run = (ts: number) => ({ cat: "Session", name: "model_run", ts, dur: 5000, args: {} });
  const others = [
    { cat: "Session", name: "model_loading", ts: 0, dur: 9, args: {} },
    { ...kernel(101, "Add", [1]), name: "Add_fence_before" },
  ];
  const events = [kernel(20_001, "Mul", [3]), run(100), kernel(102, "Gemm", [2, 2]), run(20_000), ...others];
  assertEquals(readProfileRuns(JSON.stringify(events), "a.json"), [
    { milliseconds: 5, kernels: [{ op: "Gemm", milliseconds: 2, inputs: [[2, 2], []], outputs: [[2, 2]] }] },
    { milliseconds: 5, kernels: [{ op: "Mul", milliseconds: 2, inputs: [[3], []], outputs: [[3]] }] },
  ]);
  assertThrows(() => readProfileRuns('[{"cat": 1}]', "a.json"), Error, "a.json");
});
