import { assertEquals, assertThrows } from "@std/assert";
import { scoreSemEval } from "../../../data/scores/semeval.ts";

function span(entityType: string, start: number, end: number) {
  return { start, end, entityType };
}

Deno.test("scoreSemEval() gives each scenario its own credit when an entity is found in part", () => {
  const { overall } = scoreSemEval([[span("a", 0, 2)]], [[span("a", 1, 3)]], [3]);
  const outcome = {
    correct: 0,
    incorrect: 0,
    partial: 0,
    missed: 0,
    spurious: 0,
    precision: 0,
    recall: 0,
    f1: 0,
  };
  assertEquals(overall.strict, { ...outcome, incorrect: 1 });
  assertEquals(overall.exact, { ...outcome, incorrect: 1 });
  assertEquals(overall.partial, { ...outcome, partial: 1, precision: 0.5, recall: 0.5, f1: 0.5 });
  assertEquals(overall.entityType, { ...outcome, correct: 1, precision: 1, recall: 1, f1: 1 });
});

Deno.test("scoreSemEval() prefers a full match to an earlier overlap", () => {
  const gold = [span("a", 0, 4), span("a", 2, 4)];
  const { overall } = scoreSemEval([gold], [[span("a", 2, 4)]], [4]);
  assertEquals([overall.strict.correct, overall.strict.missed], [1, 1]);
});

Deno.test("scoreSemEval() matches by type the gold with the nearest ends", () => {
  const gold = [span("a", 0, 9), span("a", 2, 4)];
  const predicted = [span("a", 2, 5), span("a", 5, 9)];
  // The first prediction takes the second gold and so leaves the first to the second prediction.
  assertEquals(scoreSemEval([gold], [predicted], [9]).overall.entityType.correct, 2);
});

Deno.test("scoreSemEval() does not call touching spans an overlap", () => {
  const { overall } = scoreSemEval([[span("a", 0, 2)]], [[span("a", 2, 4)]], [4]);
  assertEquals([overall.partial.missed, overall.partial.spurious], [1, 1]);
});

Deno.test("scoreSemEval() sums counts over documents and matches within each alone", () => {
  const first = { gold: [span("a", 0, 2)], predicted: [span("a", 0, 2), span("b", 3, 4)] };
  const second = { gold: [span("b", 3, 4), span("b", 0, 1)], predicted: [] };
  const { overall, perType } = scoreSemEval(
    [first.gold, second.gold],
    [first.predicted, second.predicted],
    [5, 5],
  );
  const { correct, spurious, missed, precision, recall } = overall.strict;
  assertEquals([correct, spurious, missed, precision, recall], [1, 1, 2, 1 / 2, 1 / 3]);
  assertEquals(Object.keys(perType), ["a", "b"]);
  assertEquals([perType.b!.strict.spurious, perType.b!.strict.missed], [1, 2]);
});

Deno.test("scoreSemEval() takes one document's spans and length as they are", () => {
  const gold = [span("a", 0, 2)];
  assertEquals(scoreSemEval(gold, [], 5), scoreSemEval([gold], [[]], [5]));
});

Deno.test("scoreSemEval() throws naming the document when spans or lengths do not fit", () => {
  const message = "Cannot score document 2: ";
  assertThrows(() => scoreSemEval([[], []], [[], []], [5]), Error, message);
  assertThrows(() => scoreSemEval([[], []], [[]], [5, 5]), Error, message);
  assertThrows(
    () => scoreSemEval([[], []], [[], [span("a", 4, 6)]], [5, 5]),
    Error,
    `${message}Cannot use span [4, 6)`,
  );
});
