import { assertEquals } from "@std/assert";
import { type ReadOptions, readSettings } from "../../../data/formats/read_settings.ts";
import { plainTags, readTags } from "../../../data/formats/tag_reading.ts";
import type { Scheme } from "../../../data/tags/tag.ts";
import { linesOf, withOrigin } from "../../../data/text/sentence.ts";

const sentenceOf = (text: string) => {
  const tags = text.split(" ");
  return withOrigin({ words: tags.map((_, w) => `w${w}`), tags }, {
    source: "a.txt",
    lines: tags.map((_, w) => w + 1),
  });
};
const read = (text: string, options: ReadOptions, to: Scheme = "IOB2") =>
  readTags(sentenceOf(text), readSettings(options), to);

const TABLE: [options: ReadOptions, tags: string, to: Scheme, written: string][] = [
  [{ scheme: "IOB1" }, "I-x I-x B-x O I-y", "IOB2", "B-x I-x B-x O B-y"],
  [{ scheme: "IOBES" }, "S-x O B-y I-y E-y", "IOB1", "I-x O I-y I-y I-y"],
  [{ scheme: "BILOU" }, "U-x U-x O", "IOB2", "B-x B-x O"],
  [{ scheme: "BMES" }, "B-x M-x E-x S-y O", "IOB2", "B-x I-x I-x B-y O"],
  [{ scheme: "IO" }, "I-x I-x y x O", "IOB2", "B-x I-x B-y B-x O"],
  [{ scheme: "bare" }, "B-x x-1 x-1 O", "IOB2", "B-B-x B-x-1 I-x-1 O"],
  [{ scheme: "raw" }, "x x O", "IOBES", "S-x S-x O"],
  [{ scheme: "brackets" }, "(x* * *) * (y) (x)", "IOB2", "B-x I-x I-x O B-y B-x"],
  [{ tagOrder: "PER-B" }, "x-B x-I O a-b-B", "IOB2", "B-x I-x O B-a-b"],
  [{ scheme: "BMES", tagOrder: "PER-B" }, "x-B x-M x-E", "IOB2", "B-x I-x I-x"],
  [{ outside: ["O", "_", "-"] }, "B-x _ - O", "IOB2", "B-x O O O"],
  [{ labels: { x: "person", y: null } }, "B-x I-x B-y I-y B-z", "IOB2", "B-person I-person O O B-z"],
  // Types that become one stay two entities.
  [{ scheme: "IO", labels: { x: "z", y: "z" } }, "x y y", "IOB2", "B-z B-z I-z"],
  [{ mendTags: true }, "I-x I-x I-y O I-y", "IOB2", "B-x I-x B-y O B-y"],
];

for (const [options, tags, to, written] of TABLE) {
  Deno.test(`readTags() reads "${tags}" with ${JSON.stringify(options)} as "${written}"`, () => {
    const { sentence, problems } = read(tags, options, to);
    assertEquals([sentence.tags.join(" "), problems], [written, []]);
    assertEquals(linesOf(sentence), tags.split(" ").map((_, w) => w + 1));
  });
}

Deno.test("readTags() returns the very sentence when its tags are what is wanted", () => {
  const sentence = sentenceOf("B-x I-x O");
  assertEquals(readTags(sentence, readSettings({ scheme: "IOB2" }), "IOB2").sentence === sentence, true);
  assertEquals(readTags(sentence, readSettings(), "IOB2").sentence === sentence, true);
});

const REFUSED: [options: ReadOptions, tags: string, ...problems: string[]][] = [
  [{}, "O I-x I-x", 'a.txt:2: IOB2 has "B-x" after "O" here, current value is "I-x"'],
  [{ scheme: "IOB1" }, "B-x O", 'a.txt:1: IOB1 has "I-x" at the start of a sentence here'],
  [{ scheme: "BMES" }, "O M-x E-x", 'a.txt:2: BMES has "B-x" after "O" here, current value is "M-x"'],
  [{ scheme: "BMES" }, "B-x M-x O", 'a.txt:2: BMES has "E-x" after "B-x" here'],
  [{ scheme: "IO" }, "B-x", "a.txt:1: expected a tag of IO (O I- or a type)"],
  [{ tagOrder: "PER-B" }, "B-x O x-I", "a.txt:1: expected a tag of IOB2 (O -B -I)"],
  [{ scheme: "brackets" }, "(x* (y) O", "a.txt:2: entities must not be nested", "a.txt:3"].slice(0, 3) as [
    ReadOptions,
    string,
    string,
  ],
  [
    { scheme: "brackets" },
    "*) (x*",
    "a.txt:1: a bracket must be opened",
    "a.txt:2: a bracket must be closed",
  ],
  [{ mendTags: true }, "E-x I-x", "a.txt:1: expected a tag of IOB2 (O B- I-)"],
];

for (const [options, tags, ...expected] of REFUSED) {
  Deno.test(`readTags() refuses "${tags}" with ${JSON.stringify(options)}, naming file and line`, () => {
    const { problems } = read(tags, options);
    assertEquals(
      problems.map((problem, i) => problem.includes(expected[i] ?? "nothing")),
      expected.map(() => true),
      problems.join("\n"),
    );
  });
}

Deno.test("readTags() counts what it mends, converts and renames", () => {
  const { counts } = read("I-x O I-x B-y", { mendTags: true, labels: { x: "z", q: "r" } });
  assertEquals(counts, { nMended: 2, nConverted: 0, ofLabels: { x: 2 } });
  assertEquals(read("I-x I-x O", { scheme: "IOB1" }).counts, { nMended: 0, nConverted: 1, ofLabels: {} });
});

Deno.test("plainTags() leaves stray tags as they are", () => {
  const plain = (tags: string, options: ReadOptions) => {
    const settings = readSettings(options);
    const { plain, scheme } = plainTags(sentenceOf(tags), settings, settings.scheme ?? "IOB2");
    return [plain.join(" "), scheme];
  };
  assertEquals(plain("x-I O x-B", { tagOrder: "PER-B" }), ["I-x O B-x", "IOB2"]);
  assertEquals(plain("M-x O", { scheme: "BMES" }), ["I-x O", "IOBES"]);
  assertEquals(plain("x x O", { scheme: "raw" }), ["B-x B-x O", "IOB2"]);
  assertEquals(plain("x x O", { scheme: "bare" }), ["I-x I-x O", "IOB1"]);
});
