import { assertEquals } from "@std/assert";
import { checkValue } from "../../../data/schema/check_value.ts";
import {
  anything,
  contentOf,
  group,
  list,
  mapping,
  optional,
  orNull,
  partial,
  required,
  section,
  textOr,
} from "../../../data/schema/mappings.ts";
import { expectedOf, integer, type Shape, text } from "../../../data/schema/shapes.ts";

const KEYS = {
  n: optional(integer(1), 7, "How many"),
  name: required(text(), "What it is called"),
};

const problemOf = <T>(shape: Shape<T>, value: unknown) => {
  const { path, rule } = checkValue(shape, value).problem!;
  return `${path}: ${rule}`;
};

Deno.test("group() fills in the defaults of keys that are left out, at every depth", () => {
  const inner = section(group({ deep: optional(orNull(integer()), null, "Depth") }), "Inner keys");
  const shape = group({ ...KEYS, inner });
  assertEquals(checkValue(shape, { name: "a" }), { value: { n: 7, name: "a", inner: { deep: null } } });
  assertEquals(checkValue(shape, { name: "a", n: 1, inner: { deep: 0 } }).value!.inner.deep, 0);
  assertEquals(problemOf(shape, { name: "a", inner: { deep: "x" } }).split(":")[0], "inner.deep");
});

Deno.test("group() does not change the value that it reads", () => {
  const value = { name: "a" };
  checkValue(group(KEYS), value);
  assertEquals(value, { name: "a" });
});

Deno.test("group() refuses what is no mapping, and a default that is written as null", () => {
  for (const value of [null, [], "text", 1]) {
    assertEquals(problemOf(group(KEYS), value), ": expected a mapping with the keys n, name");
  }
  assertEquals(problemOf(group(KEYS), { name: "a", n: null }), "n: expected a whole number of at least 1");
});

Deno.test("partial() leaves out what is left out, and refuses keys that it does not have", () => {
  const shape = partial(KEYS);
  assertEquals(checkValue(shape, {}), { value: {} });
  assertEquals(checkValue(shape, { n: 2 }), { value: { n: 2 } });
  assertEquals(problemOf(shape, { m: 2 }), "m: unknown key, known here are n, name");
  assertEquals(contentOf(shape).isPartial, true);
});

Deno.test("list() refuses an empty list and a value that is given twice, at the second place", () => {
  const shape = list(integer());
  assertEquals(checkValue(shape, [3, 1]), { value: [3, 1] });
  assertEquals(problemOf(shape, []), ": expected a list, each a whole number of at least 0");
  assertEquals(problemOf(shape, [1, 2, 1]), "[2]: given twice");
  assertEquals(problemOf(shape, [1, "x"]), "[1]: expected a whole number of at least 0");
});

Deno.test("mapping() takes any names, those of Object's own methods too", () => {
  const shape = mapping("target", integer());
  assertEquals(checkValue(shape, { toString: 1, a: 2 }), { value: { toString: 1, a: 2 } });
  assertEquals(problemOf(shape, { a: -1 }), "a: expected a whole number of at least 0");
  assertEquals(
    problemOf(shape, []),
    ": expected a mapping from target to a whole number of at least 0",
  );
});

Deno.test("anything() reads null as an empty mapping", () => {
  assertEquals(checkValue(anything(), null), { value: {} });
  assertEquals(checkValue(anything(), { a: [1] }), { value: { a: [1] } });
  assertEquals(problemOf(anything(), 1), ": expected a mapping of keys, or nothing");
});

Deno.test("textOr() and orNull() have the keys of the mapping that the value may be", () => {
  const inner = group(KEYS);
  assertEquals(Object.keys(contentOf(textOr(text(), inner)).keys!), ["n", "name"]);
  assertEquals(Object.keys(contentOf(orNull(inner)).keys!), ["n", "name"]);
  assertEquals(expectedOf(orNull(integer())), "a whole number of at least 0, or null");
  assertEquals(checkValue(orNull(inner), null), { value: null });
});
