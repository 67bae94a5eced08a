import { assertEquals } from "@std/assert";
import { formatDifferences } from "../../../tasks/config/differences.ts";

Deno.test("formatDifferences() names the path of each value that differs, with both", () => {
  const then = { a: 1, b: { c: [1, 2], d: "x", e: null }, same: { y: [], x: 1 } };
  const now = { same: { x: 1, y: [] }, b: { c: [1, 3], e: { f: 1 }, g: true }, a: "1" };
  assertEquals(formatDifferences(then, now), [
    'a: 1 then, "1" now',
    "b.c: [1,2] then, [1,3] now",
    'b.d: "x" then, nothing now',
    'b.e: null then, {"f":1} now',
    "b.g: nothing then, true now",
  ]);
  assertEquals(formatDifferences(then, structuredClone(then)), []);
  assertEquals(formatDifferences({ toString: 1 }, {}), ["toString: 1 then, nothing now"]);
});
