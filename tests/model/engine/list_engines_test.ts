import { assert, assertEquals, assertMatch } from "@std/assert";
import { ENGINE_NAMES } from "../../../model/engine/engine.ts";
import { listEngines } from "../../../model/engine/list_engines.ts";

Deno.test("listEngines() tells of every engine with what it runs, or what it lacks", async () => {
  const reports = await listEngines();
  assertEquals(reports.map(({ name }) => name), [...ENGINE_NAMES]);
  for (const { name, runs, about } of reports) {
    if (["onnx", "wasm", "cpu"].includes(name)) assert(runs, `${name}: ${about}`);
    if (runs) assertMatch(about, /\d+\.\d+\.\d+/);
    else assert(about !== "" && !about.startsWith("Cannot"), about);
  }
});
