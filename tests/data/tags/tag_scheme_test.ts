import { assertEquals, assertThrows } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { SCHEME_PREFIXES } from "../../../data/tags/tag.ts";
import { type Scheme, type Span, spansToTags, tagsToSpans } from "../../../data/tags/tag_scheme.ts";

const SCHEMES = Object.keys(SCHEME_PREFIXES) as Scheme[];

function span(start: number, end: number, entityType: string): Span {
  return { start, end, entityType };
}

const LENIENT: [string, Span[]][] = [
  ["", []],
  ["O O", []],
  ["B-a I-a O", [span(0, 2, "a")]],
  ["O I-a I-a", [span(1, 3, "a")]], // a stray I- opens
  ["B-a I-b I-b", [span(0, 1, "a"), span(1, 3, "b")]], // one that changes the type, too
  ["I-a B-a I-a", [span(0, 1, "a"), span(1, 3, "a")]],
  ["B-a B-a", [span(0, 1, "a"), span(1, 2, "a")]],
  ["I-a E-a I-a", [span(0, 2, "a"), span(2, 3, "a")]],
  ["E-a E-a", [span(0, 1, "a"), span(1, 2, "a")]],
  ["S-a S-a E-a", [span(0, 1, "a"), span(1, 2, "a"), span(2, 3, "a")]],
  ["B-a L-a U-a I-a", [span(0, 2, "a"), span(2, 3, "a"), span(3, 4, "a")]],
  ["B-a-b I-a-b I-a-c", [span(0, 2, "a-b"), span(2, 3, "a-c")]],
  ["B I", [span(0, 2, "_")]],
];

for (const [tags, expected] of LENIENT) {
  Deno.test(`tagsToSpans() reads as conlleval.pl does when the tags are "${tags}"`, () => {
    assertEquals(tagsToSpans(tags === "" ? [] : tags.split(" ")), expected);
  });
}

const STRICT: [Scheme, string, Span[]][] = [
  ["IOB2", "O I-a B-a I-a I-b", [span(2, 4, "a")]],
  ["IOB1", "I-a B-a I-b B-a", [span(0, 1, "a"), span(1, 2, "a"), span(2, 3, "b")]],
  ["IOE2", "I-a E-a E-a I-a", [span(0, 2, "a"), span(2, 3, "a")]],
  ["IOBES", "B-a I-a S-b B-b E-b E-b", [span(2, 3, "b"), span(3, 5, "b")]],
  ["BILOU", "U-a I-a B-b L-a L-b", [span(0, 1, "a")]],
  // An entity of one word right before another of its type: the ones that seqeval does not see.
  ["IOE1", "E-a I-a I-a", [span(0, 1, "a"), span(1, 3, "a")]],
  ["IOE1", "O E-a E-a I-a", [span(1, 2, "a"), span(2, 3, "a"), span(3, 4, "a")]],
  ["IOE1", "I-b E-a I-a", [span(0, 1, "b"), span(1, 2, "a"), span(2, 3, "a")]],
  ["IOE1", "I-b E-b E-a I-a", [span(2, 3, "a"), span(3, 4, "a")]], // E-b is not before another b
];

for (const [scheme, tags, expected] of STRICT) {
  Deno.test(`tagsToSpans() reads strictly when the tags are ${scheme} "${tags}"`, () => {
    assertEquals(tagsToSpans(tags.split(" "), { scheme, mode: "strict" }), expected);
  });
}

Deno.test("tagsToSpans() throws when a prefix is not the scheme's", () => {
  const message = 'Cannot read tag "X-a"';
  assertThrows(() => tagsToSpans(["O", "X-a"]), Error, message);
  assertThrows(() => tagsToSpans(["O", "X-a"], { mode: "strict" }), Error, message);
  assertThrows(() => tagsToSpans(["S-a"], { mode: "strict" }), Error, "IOB2 has the prefixes O, B, I");
  assertThrows(
    () => tagsToSpans(["S-a"], { scheme: "IOE1" }),
    Error,
    "IOE1 must be one of O, I-type, E-type",
  );
  for (const tag of ["", "-a", "o", "Ba", "O-a", "b-a"]) {
    assertThrows(() => tagsToSpans([tag]), Error, "Cannot read");
  }
  assertThrows(() => tagsToSpans(["O"], { scheme: "IOB" as Scheme }), Error, "must be one of IOB1, IOB2");
  assertThrows(
    () => tagsToSpans(["O"], { mode: "lenient" as "strict" }),
    Error,
    "mode must be conlleval or strict",
  );
});

const WRITTEN: [Scheme, string][] = [
  ["IOB1", "I-a I-a B-a I-b O I-b"],
  ["IOB2", "B-a I-a B-a B-b O B-b"],
  ["IOE1", "I-a E-a I-a I-b O I-b"],
  ["IOE2", "I-a E-a E-a E-b O E-b"],
  ["IOBES", "B-a E-a S-a S-b O S-b"],
  ["BILOU", "B-a L-a U-a U-b O U-b"],
];

for (const [scheme, tags] of WRITTEN) {
  Deno.test(`spansToTags() writes ${scheme} when entities touch`, () => {
    const spans = [span(5, 6, "b"), span(0, 2, "a"), span(2, 3, "a"), span(3, 4, "b")];
    assertEquals(spansToTags(spans, 6, { scheme }), tags.split(" "));
  });
}

Deno.test("spansToTags() writes IOB2 when no scheme is given", () => {
  assertEquals(spansToTags([span(1, 4, "a")], 4), ["O", "B-a", "I-a", "I-a"]);
});

for (const scheme of SCHEMES) {
  Deno.test(`tagsToSpans() gives back the spans that spansToTags() wrote as ${scheme}, in both modes`, () => {
    const random = createRandom(7);
    for (let i = 0; i < 500; i++) {
      const spans: Span[] = [];
      let at = random.integer(3);
      while (at < 12) {
        const end = at + 1 + random.integer(3);
        spans.push(span(at, end, random.integer(2) === 0 ? "a" : "b-c"));
        at = end + Math.max(0, random.integer(4) - 1);
      }
      const tags = spansToTags(spans, 15, { scheme });
      assertEquals(tagsToSpans(tags, { scheme, mode: "strict" }), spans, tags.join(" "));
      assertEquals(tagsToSpans(tags, { scheme }), spans, tags.join(" "));
    }
  });
}

Deno.test("spansToTags() throws when spans overlap or reach out of the sentence", () => {
  const write = (...spans: Span[]) => () => spansToTags(spans, 4);
  assertThrows(
    write(span(2, 4, "b"), span(0, 3, "a")),
    Error,
    'Cannot write span [2, 4) "b" as tags: spans must not overlap, current value overlaps span [0, 3) "a"',
  );
  assertThrows(write(span(1, 2, "a"), span(1, 2, "a")), Error, "spans must not overlap");
  assertThrows(write(span(3, 5, "a")), Error, "0 <= start < end <= 4");
  assertThrows(write(span(-1, 2, "a")), Error, "0 <= start < end <= 4");
  assertThrows(write(span(2, 2, "a")), Error, "0 <= start < end <= 4");
  assertThrows(write(span(0, 1.5, "a")), Error, "0 <= start < end <= 4");
  assertThrows(write(span(0, 1, "")), Error, "it needs an entity type");
});
