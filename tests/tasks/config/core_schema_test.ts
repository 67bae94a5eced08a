import { assertEquals, assertThrows } from "@std/assert";
import { parseYaml, YamlError } from "../../../tasks/config/parse_yaml.ts";

/** Plain scalars, by the tables of YAML 1.2.2, section 10.3.2. */
const SCALARS: [value: unknown, ...texts: string[]][] = [
  [null, "~", "null", "Null", "NULL"],
  [true, "true", "True", "TRUE"],
  [false, "false", "False", "FALSE"],
  [0, "0", "-0", "+0", "00", "000", "0o0", "0x0", "0.", "0.0", ".0", "+.0", "0e0", "0E-5", "1e-400"],
  [12, "12", "+12", "012", "0012", "0o14", "0xC", "0xc", "0x0C", "12.", "12.0", "1.2e1", "1.2E+1", "120e-1"],
  [-12, "-12", "-012", "-12.", "-12.0", "-1.2e1", "-120E-1"],
  [9, "09", "0o11", "9", "009"],
  [15, "0o17", "0xf", "0xF", "15"],
  [0.5, ".5", "0.5", "+.5", "00.5", "5e-1", "5.e-1", ".5e0", ".05E1"],
  [-0.5, "-.5", "-0.5", "-5e-1", "-5.E-1"],
  [1000, "1e3", "1E3", "1e+3", "1.e3", "1000", "0x3e8", "0o1750", "01000"],
  [5e-5, "5e-5", "0.00005", "5.0e-5", ".00005", "5E-05"],
  [Infinity, ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "1e999"],
  [-Infinity, "-.inf", "-.Inf", "-.INF", "-1e999"],
  [NaN, ".nan", ".NaN", ".NAN"],
  [2 ** 53, "9007199254740992", "0x20000000000000"],
];

/** Plain text that looks like something else, or is read as something else by other versions of YAML. */
const TEXTS = [
  // YAML 1.1: other words for true and false, other numbers, base 60.
  ..."yes Yes YES no No NO on On ON off Off OFF y Y n N".split(" "),
  ..."1_000 1_0.5 0x_ff 0xF_F 0o1_7 1_ _1 0b11 0b1 +0b1 0b 0o 0x 0o8 0o78 0xg 0X1F 0O17 0B1".split(" "),
  ..."+0x10 -0x10 +0o17 -0o17 1:30 190:20:30 1:30.5 -1:30 12:30:45".split(" "),
  ..."2001-01-01 2001-1-1 2001-01-01T00:00:00Z 2001-12-14t21:59:43.10-05:00 12-14".split(" "),
  // Near numbers.
  ..."1e 1e+ e3 .e3 . .. +. -. + 1.2.3 1..2 1,000 1e3.5 1e1e1 --1 ++1 +-1 1- 1+ 1f 1L 1n ½ ١ ² 1%".split(" "),
  ..."inf Inf INF infinity Infinity -inf nan NaN NAN .infinity .iNf .nAn +.nan -.nan .NaN. 1.inf".split(" "),
  // Near words.
  ..."nULL nil Nil none None nan undefined void tRUE tRue truе TRUe fALSE FALSe t f T F ~~ ~a null0".split(
    " ",
  ),
  ..."__proto__ constructor toString a a.b a-b a/b C:\\a http://a.b/c?d=e a:b ::a x#y <<".split(" "),
  "1 a",
  "a 1",
  "true false",
  "1 000",
  "null null",
  "a 'b' \"c\"",
];

/** Values of whole documents. */
const DOCUMENTS: [yamlText: string, value: unknown][] = [
  // Nothing.
  ["", null],
  [" \n\n ", null],
  ["# only a comment", null],
  ["---", null],
  ["---\n...\n", null],
  ["a:", { a: null }],
  ["a: \nb: # none\n", { a: null, b: null }],
  ["- \n-\n- a", [null, null, "a"]],
  ["{a, b: , c: 1}", { a: null, b: null, c: 1 }],
  ["[]", []],
  ["{}", {}],
  // Quotes make text of anything.
  ["['1', \"1\", 'true', \"~\", '', \"\", '.inf', \"0o17\"]", [
    "1",
    "1",
    "true",
    "~",
    "",
    "",
    ".inf",
    "0o17",
  ]],
  ["'a''b'", "a'b"],
  ["'a\\nb'", "a\\nb"],
  ['"a\\nb\\tc\\\\d\\"e\\/f"', 'a\nb\tc\\d"e/f'],
  [
    '"\\x41\\u00e9\\U0001F600\\0\\a\\b\\e\\f\\v\\r\\N\\_\\L\\P\\ "',
    "Aé😀\0\x07\b\x1b\f\v\r\x85\xa0\u2028\u2029 ",
  ],
  ["'a\n  b\n\n  c'", "a b\nc"],
  ['"a\n  b\\\n  c"', "a bc"],
  ["a\n b\n\n c", "a b\nc"],
  // Block scalars.
  ["|\n a\n  b\n", "a\n b\n"],
  ["|-\n 1\n", "1"],
  ["|+\n a\n\n", "a\n\n"],
  [">\n a\n b\n\n c\n", "a b\nc\n"],
  [">-\n true", "true"],
  ["a: |2\n   b\n", { a: " b\n" }],
  ["a: |\n  # no comment\n", { a: "# no comment\n" }],
  // Comments and spaces.
  ["a: 1 # one", { a: 1 }],
  ["a: b#c", { a: "b#c" }],
  ["# c\na: 1\n  # d\nb: 2", { a: 1, b: 2 }],
  ["a:\t1", { a: 1 }],
  ["a: 1\t# c", { a: 1 }],
  ["[1,\t2]", [1, 2]],
  ["  a: 1\n  b: 2", { a: 1, b: 2 }],
  // Line ends, a byte order mark, a lack of either.
  ["a: 1\r\nb: 2\r\n", { a: 1, b: 2 }],
  ["a: 1\rb: 2\r", { a: 1, b: 2 }],
  ["\uFEFFa: 1", { a: 1 }],
  ["a: \u2028b", { a: "\u2028b" }],
  ["a: é😀", { a: "é😀" }],
  // Collections.
  ["a:\n- 1\n- 2", { a: [1, 2] }],
  ["a:\n  - 1\n  - b: 2\n    c: 3", { a: [1, { b: 2, c: 3 }] }],
  ["- - 1\n  - 2\n- 3", [[1, 2], 3]],
  ["a: {b: {c: [1, {d: e}]}}", { a: { b: { c: [1, { d: "e" }] } } }],
  ["[a: 1, b: 2]", [{ a: 1 }, { b: 2 }]],
  ["[a, b, ]", ["a", "b"]],
  ["{a: 1, }", { a: 1 }],
  ['{"a":1, "b":2}', { a: 1, b: 2 }],
  ["{a: 1,\nb: 2\n}", { a: 1, b: 2 }],
  ["{a:1}", { "a:1": null }],
  ["? a\n: 1\n? b", { a: 1, b: null }],
  ["{a: [1], b: 'x', c: {d: 1}, e: 2}", { a: [1], b: "x", c: { d: 1 }, e: 2 }],
  ["a: [1] # b: 2\nc: 'd' # e: 1", { a: [1], c: "d" }],
  ["a: it's 'so', \"x\"", { a: "it's 'so', \"x\"" }],
  ["a: wow !\nb: rock 'n roll\nc: 'd'", { a: "wow !", b: "rock 'n roll", c: "d" }],
  ["a: R & D * x\nb: one,, two", { a: "R & D * x", b: "one,, two" }],
  ["a: \n- \n- b", { a: [null, "b"] }],
  ["a: |\n  x: ? y\n  \tz\n  ---\n  !\nb: 1", { a: "x: ? y\n\tz\n---\n!\n", b: 1 }],
  ["a: \"x\n  \ty: 'z' u: 1\"", { a: "x y: 'z' u: 1" }],
  ["a: b:c", { a: "b:c" }],
  // Keys are text.
  ["1: a", { "1": "a" }],
  ["'1': a", { "1": "a" }],
  ["true: a\nyes: b", { true: "a", yes: "b" }],
  ["'': a", { "": "a" }],
  ["a b: c", { "a b": "c" }],
  ["a.b: c", { "a.b": "c" }],
  ["__proto__: 1", JSON.parse('{"__proto__": 1}')],
  ["{__proto__: {a: 1}, constructor: 2}", JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}')],
  // Anchors and aliases; no merge keys.
  ["a: &x 1\nb: *x", { a: 1, b: 1 }],
  ["a: &x [1]\nb: *x\nc: *x", { a: [1], b: [1], c: [1] }],
  ["[&a 1, &a 2, *a]", [1, 2, 2]],
  ["a: &x 0\nb: *x", { a: 0, b: 0 }],
  ["a: &x false\nb: *x\nc: 1", { a: false, b: false, c: 1 }],
  ["[&x ~, *x, &y .nan, *y, &z 'null', *z]", [null, null, NaN, NaN, "null", "null"]],
  ["a: {&x 0: 1}\nb: *x", { a: { "0": 1 }, b: 0 }],
  ["a: &x\n- 1\nb: *x", { a: [1], b: [1] }],
  ["a: &x\n  b: 1\nc: *x", { a: { b: 1 }, c: { b: 1 } }],
  ["a: &x |\n  b\nc: *x", { a: "b\n", c: "b\n" }],
  ["a: &x\nb: 1", { a: null, b: 1 }],
  ["a: &x {c: 1}\nb: {<<: *x}", { a: { c: 1 }, b: { "<<": { c: 1 } } }],
  ["a: '*x'", { a: "*x" }],
  // Tags of the core schema.
  ["[!!str 1, !!str true, !!str , !!str '']", ["1", "true", "", ""]],
  ["[!!int '1', !!int 0x10, !!float 1, !!float '1e3', !!float '.inf']", [1, 16, 1, 1000, Infinity]],
  ["[!!bool 'true', !!bool False, !!null '', !!null ~, !!null null]", [true, false, null, null, null]],
  ["!!map {a: 1}", { a: 1 }],
  ["!!seq [1]", [1]],
  ["[! 1, ! a]", ["1", "a"]],
  ["!<tag:yaml.org,2002:str> 1", "1"],
  ["%TAG !y! tag:yaml.org,2002:\n---\n!y!str 1", "1"],
  // Markers of the document.
  ["---\na: 1", { a: 1 }],
  ["--- a", "a"],
  ["--- |\n a\n", "a\n"],
  ["a: 1\n...", { a: 1 }],
  ["a: 1\n...\n# end\n", { a: 1 }],
  ["%YAML 1.2\n---\na: 1", { a: 1 }],
  ["a: ---", { a: "---" }],
  ["a: ...", { a: "..." }],
  ["'---'", "---"],
];

/** What is refused, and the line that is named. */
const REFUSED: [yamlText: string, line: number][] = [
  // Collections that are not closed, or closed wrongly.
  ["[", 1],
  ["{", 1],
  ["a: [1\nb: 2", 2],
  ["[1, 2", 1],
  ["{a: 1", 1],
  ["[1}", 1],
  ["{a: 1]", 1],
  ["]", 1],
  ["a: }", 1],
  ["a: 1\nb: [1, 2\n", 2],
  ["[1 2", 1],
  ["[,]", 1],
  ["[1,,2]", 1],
  ["[1] 2", 1],
  ["{a: 1} b", 1],
  ["[1]]", 1],
  // Indentation, tabs.
  ["a: 1\n b: 2", 2],
  ["a:\n  b: 1\n c: 2", 3],
  ["- a\n b: 1", 2],
  ["a: 1\n- b", 2],
  ["- a\nb", 2],
  ["- a\nb: 1", 2],
  ["a:\n\tb: 1", 2],
  ["a: 1\n\tb: 2", 2],
  ["\ta: 1", 1],
  ["a: b: c", 1],
  ["a: 1\nb", 2],
  ["a: |\n  b\n c\n", 3],
  // Keys twice, in whatever spelling.
  ["a: 1\na: 2", 2],
  ["{a: 1, a: 1}", 1],
  ["a: 1\nb: 2\n'a': 3", 3],
  ["a:\n  b: 1\n  c: 2\n  b: 3", 4],
  ["1: a\n0x1: b", 2],
  ["1: a\n'1': b", 2],
  ["__proto__: 1\n__proto__: 2", 2],
  ["constructor: 1\nconstructor: 2", 2],
  ["<<: {a: 1}\n<<: {b: 1}", 2],
  // Quotes.
  ["'a", 1],
  ['"a', 1],
  ["a: 'b\nc: 1", 2],
  ["'a' b", 1],
  ['"a" "b"', 1],
  ["a: 'b' 'c'", 1],
  ['"\\q"', 1],
  ['"\\x4"', 1],
  ['"\\x4g"', 1],
  ['"\\u12"', 1],
  ['"a\\', 1],
  ['a: 1\nb: "\\ud"', 2],
  // Anchors, aliases, tags.
  ["*a", 1],
  ["a: *b", 1],
  ["a: 1\nb: *c", 2],
  ["a: *", 1],
  ["a: &", 1],
  ["&a &b c", 1],
  ["a: &x *x", 1],
  ["a: &x\nb: *y", 2],
  // Programs differ in what stands there.
  ["a: &x\nb: *x", 1],
  ["b: 1\na: &x # none\nc: [*x]", 2],
  ["[&x , *x]", 1],
  ["- &x\n- *x", 1],
  ["a:\n  b: &x ''\nc: *x", 2],
  ['a: &x !!str ""\nc: *x', 1],
  ["a: &x |\nc: *x", 1],
  ["a: &x\n  b\nc: *x", 1],
  ["a: &x\n  |-\n   b\nc: *x", 1],
  ["a: &x\n  {b: 1}\nc: *x", 1],
  ["a: &__proto__ [1]\nb: *__proto__", 1],
  ["!!str !!str a", 1],
  ["!!int a", 1],
  ["!!str\n...\n", 1],
  ["a: 1\nb: !!int\n  |-\n", 2],
  ["!<?> [1]", 1],
  ["!!int 1.5", 1],
  ["!!int", 1],
  ["!!float a", 1],
  ["!!bool yes", 1],
  ["!!null a", 1],
  ["!!map [1]", 1],
  ["!!seq {a: 1}", 1],
  ["!!timestamp 2001-01-01", 1],
  ["!!binary aGk=", 1],
  ["!!set {a}", 1],
  ["!!omap [a: 1]", 1],
  ["!!pairs [a: 1]", 1],
  ["!!merge <<", 1],
  ["!!js/function 'x'", 1],
  ["!!js/regexp /a/", 1],
  ["!!js/undefined ''", 1],
  ["!!python/object/apply:os.system [x]", 1],
  ["a: 1\nb: !own c", 2],
  ["!<x> a", 1],
  ["!y!str 1", 1],
  // Documents, directives.
  ["a\n---\nb", 2],
  ["--- a\n--- b", 2],
  ["a: 1\n---\n", 2],
  ["---\n---", 2],
  ["a: 1\n...\nb: 2", 2],
  // Of a directive it is known when its line has been read.
  ["%YAML 2.0\n---\na", 2],
  ["%YAML\n---\na", 2],
  ["%YAML 1.2\n%YAML 1.2\n---\na", 3],
  ["%YAML 1.2\na: 1", 2],
  // Characters that no document has.
  ["a: \0", 1],
  ["a: 1\nb: 2\nc: \0", 3],
  ["\uFEFFa: 1\r\n\0", 2],
  ["a: 1\nb: \x07", 2],
  ["a: \x1b[0m", 1],
  ["a: \x7f", 1],
  ["a: \ud800", 1],
  ["a: \ufffe", 1],
  ["'\x01'", 1],
  // Indicators at the start of a word.
  ["@a", 1],
  ["`a`", 1],
  ["a: @b", 1],
  ["a: `b`", 1],
  ["%a", 1],
  ["a: %b", 1],
  ["- , a", 1],
  ["a: ? b\n", 1],
  ["a: - b", 1],
  ["a: 'x' b: 1", 1],
  ['a: 1\nb: "" c: 1', 2],
  ["a: [1] b: 2", 1],
  ["a: {b: 1} c: 2", 1],
  ["a: &x 1\nb: *x c: 2", 2],
  ["a: !!map ? b\n", 1],
  ["{a, , b}", 1],
  ["a: [1,\n # c\n , 2]", 3],
  ["|x\n a", 1],
  ["|0\n a", 1],
  ["| a", 1],
];

Deno.test("parseYaml() reads plain scalars by the core schema's tables, wherever they stand", () => {
  for (const [value, ...texts] of SCALARS) {
    for (const text of texts) {
      const read = [text, `[${text}]`, `a: ${text}`, `{a: ${text} }`, `- ${text} # c`].map(parseYaml);
      assertEquals([text, ...read], [text, value, [value], { a: value }, { a: value }, [value]]);
    }
  }
});

Deno.test("parseYaml() leaves text what only looks like another scalar", () => {
  for (const text of TEXTS) {
    assertEquals(parseYaml(text), text);
    assertEquals(parseYaml(`a: ${text}\nb: 1`), { a: text, b: 1 });
  }
});

Deno.test("parseYaml() reads anything in quotes as text", () => {
  for (const text of [...SCALARS.flatMap(([_, ...texts]) => texts), ...TEXTS]) {
    assertEquals(parseYaml(`['${text.replaceAll("'", "''")}', ${JSON.stringify(text)}]`), [text, text]);
  }
});

Deno.test("parseYaml() reads whole documents", () => {
  for (const [text, value] of DOCUMENTS) assertEquals([text, parseYaml(text)], [text, value]);
});

Deno.test("parseYaml() refuses what is no YAML, or none of the core schema, with its line", () => {
  for (const [text, line] of REFUSED) {
    assertEquals([text, assertThrows(() => parseYaml(text), YamlError, "", text).line], [text, line]);
  }
});
