import { assertEquals } from "@std/assert";
import { showValue } from "../../data/show_value.ts";

Deno.test("showValue() shows scalars as JSON, and of lists and objects only what they are", () => {
  const cases: [unknown, string][] = [
    [undefined, "undefined"],
    [null, "null"],
    [1e308, "1e+308"],
    [false, "false"],
    ['a"\n\x1b[2J', '"a\\"\\n\\u001b[2J"'],
    ["x".repeat(80), `"${"x".repeat(80)}"`],
    ["x".repeat(1e6), `"${"x".repeat(80)}…"`],
    [[1, 2], "a list of 2"],
    [JSON.parse("[".repeat(1e5) + "]".repeat(1e5)), "a list of 1"],
    [{ toString: 1 }, "an object"],
  ];
  for (const [value, shown] of cases) assertEquals(showValue(value), shown);
});
