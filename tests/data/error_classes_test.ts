import { assertEquals, assertThrows } from "@std/assert";
import { ENTITY_CLASSES, errorClasses, errorDifferences, surfaceForms } from "../../data/error_classes.ts";
import { confusionMatrix, matchEntities, matchTags } from "../../data/entity_errors.ts";
import { createRandom } from "../../data/random.ts";
import { scoreSpans } from "../../data/scores.ts";
import { tagsToSpans } from "../../data/tag_scheme.ts";

/** "task:0-2 org:3" as spans, ends exclusive; one number is one word. */
function spans(text: string) {
  return text.split(" ").filter((one) => one !== "").map((one) => {
    const [entityType, range] = one.split(":"), [start, end] = range.split("-").map(Number);
    return { start, end: end ?? start + 1, entityType };
  });
}

function show(gold: string, predicted: string): string[] {
  return matchEntities(spans(gold), spans(predicted)).map(({ kind, gold, predicted }) =>
    `${kind}: ${gold ? `${gold.entityType}${gold.start}` : "-"} ${
      predicted ? `${predicted.entityType}${predicted.start}` : "-"
    }`
  );
}

Deno.test("matchEntities() names every kind of error", () => {
  assertEquals(show("a:0-2 b:3 c:5-7 d:8 e:10-12", "a:0-2 x:3 c:6-7 y:10 z:14"), [
    "correct: a0 a0",
    "type: b3 x3",
    "boundary: c5 c6",
    "missed: d8 -",
    "boundary and type: e10 y10",
    "spurious: - z14",
  ]);
  assertEquals(show("", ""), []);
});

Deno.test("matchEntities() gives each entity its best partner, whatever the order", () => {
  // The right type on other words goes before another type on more of them.
  assertEquals(show("a:0-4", "b:0-3 a:3-5"), ["boundary: a0 a3", "spurious: - b0"]);
  // The same words go before the right type on other words.
  assertEquals(show("a:2-4", "b:2-4 a:0-3"), ["spurious: - a0", "type: a2 b2"]);
  // More shared words, then the left one.
  assertEquals(show("a:0-5", "a:0-1 a:1-3"), ["boundary: a0 a1", "spurious: - a0"]);
  assertEquals(show("a:1-3", "a:0-2 a:2-4"), ["boundary: a1 a0", "spurious: - a2"]);
  // A right entity is never taken by another that overlaps it.
  assertEquals(show("a:0-3 a:3-5", "a:2-5 a:3-5"), ["boundary: a0 a2", "correct: a3 a3"]);
});

Deno.test("matchEntities() has every entity once, and as many right ones as scoreSpans()", () => {
  const random = createRandom(2), tags = ["O", "B-a", "I-a", "B-b", "I-b"];
  for (let round = 0; round < 300; round++) {
    const draw = () => Array.from({ length: 12 }, () => tags[random.integer(tags.length)]);
    const gold = draw(), predicted = draw(), matches = matchTags({ gold, predicted });
    const places = (side: "gold" | "predicted") =>
      matches.map((match) => match[side]).filter((span) => span !== null).map((span) => JSON.stringify(span))
        .sort();
    assertEquals(places("gold"), tagsToSpans(gold).map((span) => JSON.stringify(span)).sort());
    assertEquals(places("predicted"), tagsToSpans(predicted).map((span) => JSON.stringify(span)).sort());
    const { nGold, nFound, nCorrect } = scoreSpans([gold], [predicted]);
    const count = (kind: string) => matches.filter((match) => match.kind === kind).length;
    assertEquals(count("correct"), nCorrect);
    assertEquals([matches.length - count("spurious"), matches.length - count("missed")], [nGold, nFound]);

    const matrix = confusionMatrix([{ gold, predicted }]),
      total = (values: number[]) => values.reduce((s, v) => s + v, 0);
    matrix.types.forEach((type, t) => {
      const ofGold = total(matrix.counts[t]) + matrix.boundary[t] + matrix.boundaryAndType[t] +
        matrix.missed[t];
      assertEquals(ofGold, tagsToSpans(gold).filter(({ entityType }) => entityType === type).length);
    });
    assertEquals(total(matrix.types.map((_, t) => matrix.counts[t][t])), nCorrect);
    assertEquals(total(matrix.spurious), count("spurious"));
  }
});

const WORDS = ["Bell", "Labs", "and", "Ann", "use", "SVM", "in", "Rome"];
const GOLD = ["B-org", "I-org", "O", "B-per", "O", "B-alg", "O", "B-loc"];
const FIRST = ["B-org", "O", "O", "B-per", "O", "B-field", "B-alg", "O"];
const SECOND = ["B-org", "I-org", "O", "O", "O", "B-alg", "B-alg", "O"];
const OPTIONS = {
  seenForms: new Set(["ann", "in", "bell labs"]),
  sharedTypes: new Set(["org", "per", "loc"]),
};

Deno.test("confusionMatrix() counts types by types, and the rest at the sides", () => {
  const { types, counts, boundary, boundaryAndType, missed, spurious } = confusionMatrix([
    { gold: GOLD, predicted: FIRST },
  ]);
  assertEquals(types, ["alg", "field", "loc", "org", "per"]);
  const [alg, field, loc, org, per] = [0, 1, 2, 3, 4];
  assertEquals([counts[alg][field], counts[per][per], counts.flat().reduce((s, v) => s + v)], [1, 1, 2]);
  assertEquals([boundary[org], missed[loc], spurious[alg]], [1, 1, 1]);
  assertEquals([boundaryAndType, types[field], types[per]], [[0, 0, 0, 0, 0], "field", "per"]);
});

Deno.test("surfaceForms() has gold entities in lower case", () => {
  assertEquals([...surfaceForms([{ words: WORDS, tags: GOLD }])], ["bell labs", "ann", "svm", "rome"]);
});

Deno.test("errorClasses() counts by form and type of the gold entity, of a spurious one the predicted", () => {
  const counts = errorClasses([{ words: WORDS, gold: GOLD, predicted: FIRST }], OPTIONS);
  assertEquals(counts.map(({ form, type }) => ({ form, type })), [...ENTITY_CLASSES]);
  const [seenShared, seenNew, unseenShared, unseenNew] = counts;
  assertEquals([seenShared.nGold, seenShared.nCorrect, seenShared.errors.boundary], [2, 1, 1]);
  // "in" was an entity in training, and alg is a new type.
  assertEquals([seenNew.nGold, seenNew.errors.spurious], [0, 1]);
  assertEquals([unseenShared.nGold, unseenShared.errors.missed], [1, 1]);
  assertEquals([unseenNew.nGold, unseenNew.errors.type, unseenNew.errors.spurious], [1, 1, 0]);
});

Deno.test("errorDifferences() gives what only one of two systems gets wrong", () => {
  const first = [{ words: WORDS, gold: GOLD, predicted: FIRST }];
  const second = [{ words: WORDS, gold: GOLD, predicted: SECOND }];
  const { onlyFirst, onlySecond } = errorDifferences(first, second, OPTIONS);
  // Both miss Rome and both have the spurious "in".
  assertEquals(onlyFirst.places.map(({ kind, span }) => [kind, span.start]), [["boundary", 0], ["type", 5]]);
  assertEquals(onlySecond.places.map(({ kind, span }) => [kind, span.start]), [["missed", 3]]);
  assertEquals(onlyFirst.counts[0].errors.boundary, 1);
  assertEquals(onlyFirst.counts[0].nGold, 2);
  assertEquals(onlyFirst.counts.map(({ errors }) => errors.spurious + errors.missed), [0, 0, 0, 0]);
  const same = errorDifferences(first, first, OPTIONS);
  assertEquals([same.onlyFirst.places, same.onlySecond.places], [[], []]);
  assertThrows(() => errorDifferences(first, [], OPTIONS), Error, "the same sentences");
});

Deno.test("errorDifferences() gives a spurious entity that only one system has", () => {
  const words = ["a", "b"], gold = ["O", "O"];
  const { onlyFirst, onlySecond } = errorDifferences(
    [{ words, gold, predicted: ["B-x", "O"] }],
    [{ words, gold, predicted: ["O", "O"] }],
    OPTIONS,
  );
  assertEquals([onlyFirst.places.map(({ kind }) => kind), onlySecond.places], [["spurious"], []]);
});
