import { assertEquals } from "@std/assert";
import { checkValue, type Problem } from "../../../data/schema/check_value.ts";
import {
  anything,
  group,
  list,
  mapping,
  optional,
  orNull,
  required,
  section,
  textOr,
} from "../../../data/schema/mappings.ts";
import { choice, integer, type Shape, text } from "../../../data/schema/shapes.ts";

const INNER = group({
  epochs: optional(integer(1), 3, "Epochs"),
  kind: optional(choice("fast", "slow"), "fast", "The kind"),
});
const SHAPE = group({
  first: optional(integer(), 0, "The first"),
  name: required(text(), "What it is called"),
  inner: section(INNER, "Inner keys"),
  seeds: optional(list(integer()), [1], "Seeds"),
  free: optional(anything(), {}, "Read later"),
});

function problemOf(value: unknown, shape: Shape<unknown> = SHAPE): Problem {
  return checkValue(shape, value).problem!;
}

Deno.test("checkValue() returns the first problem in the order of the keys that are declared", () => {
  const { path, rule, value } = problemOf({ seeds: [], name: 1, first: "x" });
  assertEquals([path, rule, value], ["first", "expected a whole number of at least 0", "x"]);
  assertEquals(problemOf({ seeds: [], name: 1 }).path, "name");
  assertEquals(problemOf({ name: "a", seeds: [1, -1] }).path, "seeds[1]");
});

Deno.test("checkValue() names an unknown key before wrong values beside it and below", () => {
  const unknown = problemOf({ first: "x", nam: 5, inner: { epochs: 0 } });
  assertEquals(unknown, {
    path: "nam",
    rule: "unknown key, known here are first, name, inner, seeds, free",
    value: 5,
    name: "nam",
    isUnknownKey: true,
    known: ["first", "name", "inner", "seeds", "free"],
  });
  const inner = problemOf({ name: "a", inner: { epochs: 0, epoch: 1 } });
  assertEquals([inner.path, inner.known], ["inner.epoch", ["epochs", "kind"]]);
  // An unknown key of another mapping does not come before a problem that is met earlier.
  assertEquals(problemOf({ first: "x", name: "a", inner: { epoch: 1 } }).path, "first");
});

Deno.test("checkValue() says of a missing key what it is for", () => {
  assertEquals(problemOf({}), {
    path: "name",
    rule: "missing, expected text (What it is called)",
    value: undefined,
    known: [],
  });
});

Deno.test("checkValue() says which names may be meant by a text", () => {
  const { name, known, isUnknownKey } = problemOf({ name: "a", inner: { kind: "fats" } });
  assertEquals([name, known, isUnknownKey], ["fats", ["fast", "slow"], undefined]);
  assertEquals(problemOf({ name: "a", inner: { kind: 3 } }).name, undefined);
});

Deno.test("checkValue() says of a union what is wrong with the option that the value is meant for", () => {
  const shape = group({ it: required(textOr(text("a folder"), INNER), "A folder or how to make it") });
  assertEquals(checkValue(shape, { it: "a" }).value, { it: "a" });
  assertEquals(checkValue(shape, { it: {} }).value, { it: { epochs: 3, kind: "fast" } });
  const epochs = problemOf({ it: { epochs: 0 } }, shape);
  assertEquals([epochs.path, epochs.rule], ["it.epochs", "expected a whole number of at least 1"]);
  const unknown = problemOf({ it: { epoch: 1 } }, shape);
  assertEquals([unknown.path, unknown.known], ["it.epoch", ["epochs", "kind"]]);
  assertEquals(problemOf({ it: "" }, shape).rule, "expected a folder");
  const neither = problemOf({ it: 3 }, shape);
  assertEquals(neither.path, "it");
  assertEquals(neither.rule.startsWith("expected a folder, or "), true, neither.rule);
});

Deno.test("checkValue() refuses a key __proto__ wherever it stands, with its value", () => {
  const evil = JSON.parse('{"__proto__": {"a": 1}}');
  assertEquals(problemOf({ name: "a", free: { list: [0, evil] } }), {
    path: "free.list[1].__proto__",
    rule: "unknown key",
    value: { a: 1 },
    isUnknownKey: true,
    known: [],
  });
  const numbers = mapping("name", orNull(integer()));
  assertEquals(problemOf(JSON.parse('{"__proto__": 1}'), numbers).path, "__proto__");
  assertEquals(problemOf({ name: "a", ...JSON.parse('{"x": 1}') }).path, "x");
});

Deno.test("checkValue() reads what nests a hundred thousand deep", () => {
  let free: unknown = 1;
  for (let depth = 0; depth < 1e5; depth++) free = [free];
  assertEquals(checkValue(SHAPE, { name: "a", free: { free } }).problem, undefined);
});
