import { assertEquals } from "@std/assert";
import { checkValue } from "../../../data/schema/check_value.ts";
import {
  closedObject,
  listOf,
  mapOf,
  maybe,
  objectOf,
  only,
  pairOf,
  present,
  texts,
  whole,
} from "../../../data/schema/file_shapes.ts";
import { flag, type Shape } from "../../../data/schema/shapes.ts";

/** Shapes, values that each reads as they are, and values that it refuses with path and rule. */
const CASES: [Shape<unknown>, unknown[], [unknown, string][]][] = [
  [whole(1), [1, 2 ** 53 - 1], [
    [0, ": expected a whole number from 1"],
    [1.5, ": expected a whole number from 1"],
    [2 ** 53, ": expected a whole number from 1"],
  ]],
  [whole(0, 3), [0, 3], [[4, ": expected a whole number from 0 to 3"]]],
  [only("a"), ["a"], [["b", ': expected "a"'], [["a"], ': expected "a"']]],
  [only(false, "false for a"), [false], [[true, ": expected false for a"]]],
  [texts(), [[], ["", "a", "a"]], [["a", ": expected a list of texts"], [
    ["a", 1],
    ": expected a list of texts",
  ]]],
  [listOf(flag()), [[], [true, true]], [[{}, ": expected a list"], [
    [true, 1],
    "[1]: expected true or false",
  ]]],
  [pairOf(flag()), [[true, false]], [[[true], ": expected a list of 2"]]],
  [mapOf(flag()), [{}, { toString: true }], [[[], ": expected an object"], [
    { a: 1 },
    "a: expected true or false",
  ]]],
  [present(), [null, 0, {}], [[undefined, ": expected a value"]]],
  [objectOf({ a: flag(), b: maybe(flag()) }), [{ a: true, b: true }, { a: true, other: 1 }], [
    [null, ": expected an object"],
    [{}, "a: expected true or false"],
    [{ a: true, b: null }, "b: expected true or false"],
  ]],
  [closedObject({ a: flag(), b: maybe(flag()) }), [{ a: true }, { a: true, b: false }], [
    [[], ": expected an object"],
    [{ a: true, other: 1 }, "other: unknown key, known here are a, b"],
    [{ a: 1, toString: 1 }, "toString: unknown key, known here are a, b"],
  ]],
];

Deno.test("a shape of files reads what programs wrote as it is, and refuses the rest by its path", () => {
  for (const [shape, good, bad] of CASES) {
    for (const value of good) assertEquals(checkValue(shape, value), { value });
    for (const [value, expected] of bad) {
      const { path, rule } = checkValue(shape, value).problem!;
      assertEquals(`${path}: ${rule}`, expected);
    }
  }
});
