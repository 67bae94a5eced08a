import { assertEquals } from "@std/assert";
import { showValue } from "../../data/show_value.ts";

Deno.test("showValue() writes JSON and cuts what is too long to read", () => {
  for (const value of [[1, "a", null], { a: { b: [] }, c: true }, "ü\n", 0, null, []]) {
    assertEquals(showValue(value), JSON.stringify(value));
  }
  assertEquals(showValue(Infinity), "Infinity");
  assertEquals(showValue("x".repeat(500)).length, 80);
});

Deno.test("showValue() shows the beginning of what is nested more deeply than its stack", () => {
  const deep = JSON.parse("[".repeat(1e5) + "]".repeat(1e5));
  assertEquals(showValue(deep), "[".repeat(79) + "…");
});

Deno.test("showValue() does not write out what aliases have multiplied", () => {
  let value: unknown = "x";
  for (let i = 0; i < 200; i++) value = [value, value, value];
  assertEquals(showValue(value), "[".repeat(79) + "…");
});
