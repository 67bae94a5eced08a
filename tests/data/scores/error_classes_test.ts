import { assert, assertEquals, assertThrows } from "@std/assert";
import { createRandom, type Random } from "../../../data/random.ts";
import { confusionMatrix, ERROR_KINDS } from "../../../data/scores/entity_errors.ts";
import {
  ENTITY_CLASSES,
  errorClasses,
  errorDifferences,
  surfaceForms,
  type TaggedPair,
} from "../../../data/scores/error_classes.ts";
import { scoreSpans } from "../../../data/scores/scores.ts";

const WORDS = ["Bell", "Labs", "and", "Ann", "use", "SVM", "in", "Rome"];
const GOLD = ["B-org", "I-org", "O", "B-per", "O", "B-alg", "O", "B-loc"];
const FIRST = ["B-org", "O", "O", "B-per", "O", "B-field", "B-alg", "O"];
const SECOND = ["B-org", "I-org", "O", "O", "O", "B-alg", "B-alg", "O"];
const OPTIONS = {
  seenForms: new Set(["ann", "in", "bell labs"]),
  sharedTypes: new Set(["org", "per", "loc"]),
};

Deno.test("surfaceForms() has gold entities in lower case", () => {
  assertEquals([...surfaceForms([{ words: WORDS, tags: GOLD }])], ["bell labs", "ann", "svm", "rome"]);
  // Not the words outside of entities, and each form once.
  assertEquals(surfaceForms([{ words: ["A", "b", "a"], tags: ["B-x", "O", "B-y"] }]), new Set(["a"]));
  assertEquals(surfaceForms([{ words: ["a"], tags: ["I-x"] }], { mode: "strict" }), new Set());
});

Deno.test("errorClasses() takes forms without regard to case, and reads tags as it is told", () => {
  const sentence = { words: ["BELL", "labs"], gold: ["B-org", "I-org"], predicted: ["I-org", "I-org"] };
  const seenShared = errorClasses([sentence], OPTIONS)[0]!;
  assertEquals([seenShared.nGold, seenShared.nCorrect], [1, 1]);
  const strictly = errorClasses([sentence], { ...OPTIONS, mode: "strict" })[0]!;
  assertEquals([strictly.nGold, strictly.nCorrect, strictly.errors.missed], [1, 0, 1]);
  const difference = errorDifferences([sentence], [{ ...sentence, predicted: sentence.gold }], {
    ...OPTIONS,
    mode: "strict",
  }).onlyFirst.places[0]!;
  assertEquals(difference.kind, "missed");
});

Deno.test("errorClasses() throws naming the sentence when words and tags do not fit", () => {
  const good = { words: ["a"], gold: ["O"], predicted: ["O"] };
  for (const wrong of [{ words: ["a", "b"] }, { predicted: ["O", "O"] }, { gold: ["X-a"] }]) {
    const sentences = [good, { ...good, ...wrong }];
    assertThrows(() => errorClasses(sentences, OPTIONS), Error, "Cannot score sentence 2: ");
    assertThrows(() => errorDifferences(sentences, sentences, OPTIONS), Error, "Cannot score sentence 2: ");
  }
});

/** The same sentences as two systems tag them: short ones of few words, so that every kind of error occurs. */
function drawSystems(random: Random): [TaggedPair[], TaggedPair[]] {
  const draw = <T>(from: readonly T[], n: number) =>
    Array.from({ length: n }, () => from[random.integer(from.length)]!);
  const tags = ["O", "O", "B-org", "I-org", "B-alg", "I-alg"];
  const texts = Array.from({ length: 8 }, () => ({ words: draw(WORDS, 10), gold: draw(tags, 10) }));
  const system = () =>
    texts.map((text) => ({
      ...text,
      predicted: text.gold.map((tag) => random.uniform() < 0.6 ? tag : draw(tags, 1)[0]!),
    }));
  return [system(), system()];
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

Deno.test("errorClasses() has every entity in one class, and sums to what confusionMatrix() counts", () => {
  const random = createRandom(3);
  for (let round = 0; round < 50; round++) {
    const [sentences] = drawSystems(random);
    const rows = errorClasses(sentences, OPTIONS);
    for (const { nGold, nCorrect, errors } of rows) {
      const { spurious, ...ofGold } = errors;
      assertEquals(nGold, nCorrect + sumOf(Object.values(ofGold)));
      assert(spurious >= 0);
    }
    const scores = scoreSpans(sentences.map(({ gold }) => gold), sentences.map(({ predicted }) => predicted));
    assertEquals(sumOf(rows.map(({ nGold }) => nGold)), scores.nGold);
    assertEquals(sumOf(rows.map(({ nCorrect }) => nCorrect)), scores.nCorrect);
    const { boundary, boundaryAndType, counts, missed, spurious } = confusionMatrix(sentences);
    const expected = [boundary, [sumOf(counts.flat()) - scores.nCorrect], boundaryAndType, missed, spurious];
    ERROR_KINDS.forEach((kind, k) => {
      assertEquals(sumOf(rows.map(({ errors }) => errors[kind])), sumOf(expected[k]!), kind);
    });
  }
});

Deno.test("errorDifferences() accounts for all that one system finds more than the other", () => {
  const random = createRandom(4);
  let nPlaces = 0;
  for (let round = 0; round < 50; round++) {
    const [a, b] = drawSystems(random);
    const { onlyFirst, onlySecond } = errorDifferences(a, b, OPTIONS);
    const swapped = errorDifferences(b, a, OPTIONS);
    assertEquals([swapped.onlyFirst, swapped.onlySecond], [onlySecond, onlyFirst]);
    const whole = errorClasses(a, OPTIONS);
    ENTITY_CLASSES.forEach((_, c) => {
      const ofGold = ({ errors: { spurious: _, ...rest } }: typeof whole[0]) => sumOf(Object.values(rest));
      const first = onlyFirst.counts[c]!;
      const second = onlySecond.counts[c]!;
      assertEquals([first.nGold, first.nCorrect], [whole[c]!.nGold, whole[c]!.nCorrect]);
      assertEquals(first.nCorrect - second.nCorrect, ofGold(second) - ofGold(first));
    });
    for (const { counts, places } of [onlyFirst, onlySecond]) {
      nPlaces += places.length;
      for (const kind of ERROR_KINDS) {
        const ofKind = places.filter((place) => place.kind === kind);
        assertEquals(sumOf(counts.map(({ errors }) => errors[kind])), ofKind.length);
        for (const { gold, predicted } of ofKind) {
          assertEquals([gold === null, predicted === null], [kind === "spurious", kind === "missed"]);
        }
      }
    }
  }
  assert(nPlaces > 1000);
});

Deno.test("errorClasses() counts by form and type of the gold entity, of a spurious one the predicted", () => {
  const counts = errorClasses([{ words: WORDS, gold: GOLD, predicted: FIRST }], OPTIONS);
  assertEquals(counts.map(({ form, type }) => ({ form, type })), [...ENTITY_CLASSES]);
  const seenShared = counts[0]!;
  const seenNew = counts[1]!;
  const unseenShared = counts[2]!;
  const unseenNew = counts[3]!;
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
  assertEquals(onlyFirst.places.map(({ kind, gold }) => [kind, gold?.start]), [["boundary", 0], ["type", 5]]);
  assertEquals(onlySecond.places.map(({ kind, gold }) => [kind, gold?.start]), [["missed", 3]]);
  assertEquals(onlyFirst.counts[0]!.errors.boundary, 1);
  assertEquals(onlyFirst.counts[0]!.nGold, 2);
  assertEquals(onlyFirst.counts.map(({ errors }) => errors.spurious + errors.missed), [0, 0, 0, 0]);
  assertEquals(onlyFirst.places[0], {
    sentence: 0,
    kind: "boundary",
    gold: { start: 0, end: 2, entityType: "org" },
    predicted: { start: 0, end: 1, entityType: "org" },
  });
  const same = errorDifferences(first, first, OPTIONS);
  assertEquals([same.onlyFirst.places, same.onlySecond.places], [[], []]);
  assertThrows(() => errorDifferences(first, [], OPTIONS), Error, "current value is 1 and 0 sentences");
  for (const other of [{ gold: ["O", ...GOLD.slice(1)] }, { words: ["Ring", ...WORDS.slice(1)] }]) {
    const changed = [...second, { ...second[0]!, ...other }];
    assertThrows(
      () => errorDifferences([...first, ...first], changed, OPTIONS),
      Error,
      "at sentence 2: both",
    );
  }
});

Deno.test("errorDifferences() gives a spurious entity that only one system has", () => {
  const words = ["a", "b"];
  const gold = ["O", "O"];
  const { onlyFirst, onlySecond } = errorDifferences(
    [{ words, gold, predicted: ["B-x", "O"] }],
    [{ words, gold, predicted: ["O", "O"] }],
    OPTIONS,
  );
  assertEquals([onlyFirst.places.map(({ kind }) => kind), onlySecond.places], [["spurious"], []]);
});
