import { assert, assertEquals } from "@std/assert";
import { createBuffers } from "../../../model/engine/buffers.ts";

Deno.test("createBuffers() gives the same array again, and keeps its values where it grows", () => {
  const buffer = createBuffers();
  buffer("a", 3).set([1, 2, 3]);
  assertEquals([...buffer("a", 2)], [1, 2]);
  assert(buffer("a", 2).buffer === buffer("a", 3).buffer);
  assertEquals([...buffer("a", 5)], [1, 2, 3, 0, 0]);
  assertEquals([...buffer("b", 1)], [0]);
});
