import { assertEquals, assertMatch } from "@std/assert";
import { chosenEngineName } from "../../tasks/config/chosen_engine.ts";
import { ENGINES, engines } from "../../tasks/engines.ts";
import { runForTest } from "./run_command.ts";

Deno.test("engines prints a line for each engine, and which one auto takes and why", async () => {
  const { code, printed, errors } = await runForTest(ENGINES, engines, []);
  assertEquals([code, errors], [0, ""]);
  assertMatch(printed, /^engine +runs here +version, or what is missing\n/);
  for (const name of ["onnx", "wasm"]) {
    assertMatch(printed, new RegExp(`^${name} +yes +onnxruntime-\\w+ [\\d.]+ with \\d+ threads$`, "m"));
  }
  assertMatch(printed, /^tensorflow +(yes|no) +\S/m);
  assertMatch(printed, /\nauto takes (onnx|webgpu|tensorflow): \S.*$/);
});

Deno.test("chosenEngineName() says which engine was chosen and why, where none is named", async () => {
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  assertEquals(await chosenEngineName("cpu", true, say), "cpu");
  assertEquals(said, []);
  const name = await chosenEngineName("auto", true, say);
  assertEquals(said.length, 1);
  assertMatch(said[0]!, new RegExp(`^Engine ${name}: \\S`));
});
