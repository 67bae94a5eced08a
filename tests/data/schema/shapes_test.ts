import { assertEquals } from "@std/assert";
import { checkValue } from "../../../data/schema/check_value.ts";
import {
  anyText,
  choice,
  expectedOf,
  fileName,
  finite,
  flag,
  integer,
  keyOf,
  nameOf,
  numberFrom,
  orNone,
  positive,
  scalar,
  seed,
  type Shape,
  share,
  text,
} from "../../../data/schema/shapes.ts";

/** Shapes, what each expects, values that it reads as they are, and values that it refuses. */
const CASES: [Shape<unknown>, string, unknown[], unknown[]][] = [
  [text(), "text", ["a", " é "], ["", " ", "a\nb", "\u0000", "\ud800", 1, null]],
  [text("a file"), "a file", ["a"], [""]],
  [anyText(), "text", ["", "a\nb"], [1, null, ["a"]]],
  [
    fileName(),
    "a name of letters, digits, dots, dashes and underscores",
    ["a.b-c_1"],
    [".a", "a/b", "a b", ""],
  ],
  [scalar(), "a number, text, true or false", [0, "", false], [null, [], {}]],
  [flag(), "true or false", [true, false], [0, "true", null]],
  [integer(), "a whole number of at least 0", [0, 2 ** 53 - 1], [-1, 0.5, 2 ** 53, "1", NaN]],
  [integer(2, 3), "a whole number from 2 to 3", [2, 3], [1, 4]],
  [seed(), "a whole number from 0 to 4294967295", [0, 2 ** 32 - 1], [2 ** 32, -1]],
  [finite(), "a finite number", [-1.5], [Infinity, -Infinity, NaN, "1"]],
  [numberFrom(0), "a number from 0", [0, 1e300], [-1e-9, Infinity, null]],
  [positive(), "a number above 0", [1e-9], [0, -1, Infinity]],
  [share(), "a number from 0 to below 1", [0, 0.999], [1, -0.1]],
  [share({ zero: false }), "a number above 0 and below 1", [0.001], [0, 1]],
  [choice("a", "b"), "one of a, b", ["a", "b"], ["c", "A", 1, "toString"]],
  [keyOf({ a: 1, b: 2 }), "one of a, b", ["a", "b"], ["c", "toString", "__proto__"]],
  [nameOf(() => ["a", "b"]), "one of a, b", ["a"], ["c", "toString", null]],
];

Deno.test("a shape reads the values that it expects as they are, and says of others what it expects", () => {
  for (const [shape, expected, good, bad] of CASES) {
    assertEquals(expectedOf(shape), expected);
    for (const value of good) assertEquals(checkValue(shape, value), { value }, expected);
    for (const value of bad) {
      const { path, rule, value: shown } = checkValue(shape, value).problem!;
      assertEquals([path, rule, shown], ["", `expected ${expected}`, value], `${value} is no ${expected}`);
    }
  }
});

Deno.test("orNone() reads null and 0 as null, and expects of others what the number's shape does", () => {
  const shape = orNone(integer(1));
  assertEquals([0, null, 3].map((value) => checkValue(shape, value).value), [null, null, 3]);
  assertEquals(expectedOf(shape), "a whole number of at least 1, or null or 0 for none");
  assertEquals(checkValue(shape, -1).problem!.rule, "expected a whole number of at least 1");
});

Deno.test("nameOf() asks for the names when a value is read", () => {
  const names = ["a"];
  const shape = nameOf(() => names);
  names.push("b");
  assertEquals(checkValue(shape, "b").value, "b");
  const { rule, known, name } = checkValue(shape, "c").problem!;
  assertEquals([rule, known, name], ["expected one of a, b", ["a", "b"], "c"]);
});
