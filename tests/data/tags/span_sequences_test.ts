import { assert, assertEquals, assertThrows } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import {
  lengthRatioOf,
  maxSequenceLength,
  sequenceToSpans,
  spansToSequence,
  withoutOverlaps,
} from "../../../data/tags/span_sequences.ts";
import type { Span } from "../../../data/tags/tag_scheme.ts";

const TYPES = ["person", "place", "work"];
const span = (start: number, end: number, entityType: string): Span => ({ start, end, entityType });

Deno.test("spansToSequence() writes words, then the type, entity after entity, then the end", () => {
  const cases: [Span[], number[]][] = [
    [[], [1]],
    [[span(0, 1, "person")], [5, 2, 1]],
    [[span(4, 6, "work"), span(0, 3, "place")], [5, 6, 7, 3, 9, 10, 4, 1]],
    // Next to each other, of one type; and one inside another, the shorter first.
    [[span(0, 2, "place"), span(2, 3, "place")], [5, 6, 3, 7, 3, 1]],
    [[span(0, 2, "place"), span(0, 1, "person")], [5, 2, 5, 6, 3, 1]],
  ];
  for (const [spans, sequence] of cases) assertEquals(spansToSequence(spans, 6, TYPES), sequence);
});

Deno.test("sequenceToSpans() gives back any spans", () => {
  const random = createRandom(1);
  let nSpans = 0;
  for (let i = 0; i < 2000; i++) {
    const nWords = 1 + random.integer(9);
    const spans = new Map<string, Span>();
    for (let n = random.integer(5); n > 0; n--) {
      const start = random.integer(nWords);
      const end = start + 1 + random.integer(nWords - start);
      const entityType = TYPES[random.integer(3)]!;
      spans.set(`${start} ${end} ${entityType}`, span(start, end, entityType));
    }
    nSpans += spans.size;
    const expected = [...spans.values()].sort((a, b) => a.start - b.start || a.end - b.end);
    assertEquals(sequenceToSpans(spansToSequence(expected, nWords, TYPES), nWords, TYPES), expected);
  }
  assert(nSpans > 2000);
});

Deno.test("sequenceToSpans() leaves out what is no entity of consecutive words", () => {
  const cases: [string, number[], Span[]][] = [
    ["a type alone, twice, before an entity", [2, 3, 5, 2, 1], [span(0, 1, "person")]],
    ["words without a type, at the end and where it was stopped", [5, 2, 6, 7, 1], [span(0, 1, "person")]],
    ["no end", [5, 2, 6, 7], [span(0, 1, "person")]],
    ["words that fall", [6, 5, 2, 7, 3, 1], [span(2, 3, "place")]],
    ["a word twice", [5, 5, 2, 1], []],
    ["a gap", [5, 7, 2, 1], []],
    ["what stands after the end", [5, 2, 1, 6, 2], [span(0, 1, "person")]],
    ["an entity twice", [5, 2, 6, 3, 5, 2, 1], [span(0, 1, "person"), span(1, 2, "place")]],
    ["nothing", [], []],
  ];
  for (const [what, sequence, spans] of cases) assertEquals(sequenceToSpans(sequence, 4, TYPES), spans, what);
  // The same words with another type are another entity.
  assertEquals(sequenceToSpans([5, 2, 5, 3, 1], 4, TYPES).length, 2);
});

Deno.test("sequenceToSpans() and spansToSequence() refuse numbers, types and spans that there are not", () => {
  const rule = "with 3 types and 4 words it is from 1 to 8, current value is";
  assertThrows(
    () => sequenceToSpans([5, 9], 4, TYPES),
    Error,
    `Cannot read number 2 of a span sequence: ${rule} 9`,
  );
  assertThrows(() => sequenceToSpans([0], 4, TYPES), Error, `${rule} 0`);
  assertThrows(() => sequenceToSpans([NaN], 4, TYPES), Error, `${rule} NaN`);
  assertThrows(
    () => spansToSequence([span(0, 1, "city")], 4, TYPES),
    Error,
    "must be one of person, place, work",
  );
  assertThrows(() => spansToSequence([span(3, 5, "work")], 4, TYPES), Error, "0 <= start < end <= 4 (words)");
});

Deno.test("withoutOverlaps() keeps the first of spans that share a word", () => {
  const spans = [
    span(2, 4, "work"),
    span(0, 3, "place"),
    span(4, 5, "person"),
    span(4, 5, "place"),
    span(0, 2, "work"),
  ];
  assertEquals(withoutOverlaps(spans), [spans[0], spans[2], spans[4]]);
});

Deno.test("lengthRatioOf() is the smallest ratio with room for all sequences", () => {
  const random = createRandom(2);
  for (let i = 0; i < 300; i++) {
    const sequences = Array.from(
      { length: 5 },
      () => ({ nWords: 1 + random.integer(30), length: 1 + random.integer(40) }),
    );
    const ratio = lengthRatioOf(sequences);
    assert(sequences.every(({ nWords, length }) => length <= maxSequenceLength(nWords, ratio)));
    assert(
      ratio === 0 ||
        sequences.some(({ nWords, length }) => length > maxSequenceLength(nWords, ratio - 1 / nWords - 1e-9)),
    );
  }
  assertEquals(lengthRatioOf([{ nWords: 3, length: 10 }]), 0);
  assertEquals(maxSequenceLength(7, 0.6), 15);
});
