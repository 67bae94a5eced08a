import { assertEquals } from "@std/assert";
import { listNames } from "../../tasks/list_names.ts";

Deno.test("listNames() lists as many as it may and counts the rest", () => {
  assertEquals(listNames(["a", "b", "c"], 3), "a, b, c");
  assertEquals(listNames(["a", "b", "c"], 2), "a, b and 1 more");
});
