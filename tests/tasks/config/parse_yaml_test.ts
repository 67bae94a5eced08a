import { assertEquals, assertThrows } from "@std/assert";
import { MAX_YAML_LENGTH, parseYaml, YamlError } from "../../../tasks/config/parse_yaml.ts";

function refusalOf(yamlText: string): [rule: string, line: number | undefined] {
  const { rule, line } = assertThrows(() => parseYaml(yamlText), YamlError);
  return [rule, line];
}

Deno.test("parseYaml() reads YAML 1.2's core schema", () => {
  const values: [string, unknown][] = [
    ["", null],
    ["[~, null, true, True, yes]", [null, null, true, true, "yes"]],
    ["[1, -0, 0x10, 0o17, 1e3, .5, .inf, 1e999]", [1, 0, 16, 15, 1000, .5, Infinity, Infinity]],
    ["[2001-01-01, '1', 1 a]", ["2001-01-01", "1", "1 a"]],
    ["a: &x [1]\nb: *x", { a: [1], b: [1] }],
    ["a: &x { c: 1 }\n<<: *x", { a: { c: 1 }, "<<": { c: 1 } }],
  ];
  for (const [text, value] of values) assertEquals(parseYaml(text), value);
});

Deno.test("parseYaml() names the line of what is no YAML", () => {
  const cases: [string, number][] = [
    ["a: 1\nb: [", 2],
    ["a: 1\nb: [\n\n\n", 2],
    ["a: 1\r\na: 2\r\n", 2],
    ["a: 1\ra: 2", 2],
    ["a: 1\nb: *c", 2],
    ["a: !!timestamp 2001-01-01", 1],
    ["a: 1\n\tb: 2", 2],
    ["# one\n---\na: 1\n---\nb: 2", 4],
    ["a: 1\n...\nb: 2", 2],
    ["---\n---\n", 2],
  ];
  for (const [text, line] of cases) assertEquals([text, refusalOf(text)[1]], [text, line]);
});

Deno.test("parseYaml() refuses what aliases multiply, without writing it out", () => {
  const many: [string, undefined] = ["it must have at most 20000 values, aliases written out", undefined];
  const laughs = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let i = 1; i < 30; i++) laughs.push(`a${i}: &a${i} [${Array(10).fill(`*a${i - 1}`).join(", ")}]`);
  assertEquals(refusalOf(laughs.join("\n")), many);
  assertEquals(refusalOf(`a: &a [${"x, ".repeat(200)}x]\nb: [${"*a, ".repeat(200)}*a]`), many);
  assertEquals((parseYaml(`[${"1, ".repeat(19_998)}1]`) as unknown[]).length, 19_999);
  assertEquals(refusalOf(`[${"1, ".repeat(19_999)}1]`), many);
});

Deno.test("parseYaml() does not copy what merge keys name", () => {
  const keys = Array.from({ length: 5000 }, (_, i) => `k${i}: 1`).join(", ");
  const text = `a: &a { ${keys} }\nb:\n${"  - <<: *a\n".repeat(12_000)}`;
  assertEquals(refusalOf(text)[0], "it must have at most 20000 values, aliases written out");
});

Deno.test("parseYaml() refuses what nests too deep, and rings", () => {
  const deep = "its lists and mappings must nest at most 32 deep";
  assertEquals(parseYaml("[".repeat(32) + "]".repeat(32)) instanceof Array, true);
  for (
    const text of [
      "[".repeat(33) + "]".repeat(33),
      "[".repeat(100_000),
      "[".repeat(90_000) + "]".repeat(90_000),
      "- ".repeat(90_000) + "a",
      "? ".repeat(90_000) + "a",
      "{a: ".repeat(40) + "}".repeat(40),
      "&a [*a]",
      "a: &a { b: *a }",
    ]
  ) assertEquals([text.slice(0, 9), refusalOf(text)[0]], [text.slice(0, 9), deep]);
});

Deno.test("parseYaml() refuses a text that is too long before it is parsed", () => {
  const text = "a".repeat(MAX_YAML_LENGTH);
  assertEquals(parseYaml(text), text);
  assertEquals(refusalOf(text + "a")[0], "it must have at most 200000 characters, not 200001");
});
