import { assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { formatClassificationReport, formatScores } from "../../../data/scores/score_report.ts";
import { scoreSpans, scoreSpanSets } from "../../../data/scores/scores.ts";

const GOLD = [["B-a", "I-a", "O", "B-b"], ["B-a", "O"]];
const PREDICTED = [["B-a", "I-a", "O", "B-a"], ["O", "I-a"]];

Deno.test("scoreSpans() counts entities and words", () => {
  const scores = scoreSpans(GOLD, PREDICTED);
  assertEquals([scores.nGold, scores.nFound, scores.nCorrect], [3, 3, 1]);
  assertEquals([scores.nWords, scores.nCorrectWords, scores.accuracy], [6, 3, 0.5]);
  assertEquals(scores.perType, {
    a: { nGold: 2, nFound: 3, nCorrect: 1, precision: 1 / 3, recall: 1 / 2, f1: 0.4 },
    b: { nGold: 1, nFound: 0, nCorrect: 0, precision: 0, recall: 0, f1: 0 },
  });
  assertEquals(scores.micro, { precision: 1 / 3, recall: 1 / 3, f1: 1 / 3 });
  assertEquals(scores.f1, 1 / 3);
  assertAlmostEquals(scores.macro.f1, 0.2);
  assertAlmostEquals(scores.weighted.f1, 0.4 * 2 / 3);
});

Deno.test("scoreSpans() reads tags in the mode asked for", () => {
  assertEquals(scoreSpans([["I-a"]], [["I-a"]]).nCorrect, 1);
  assertEquals(scoreSpans([["I-a"]], [["I-a"]], { mode: "strict" }).nGold, 0);
  assertEquals(scoreSpans([["I-a"]], [["I-a"]], { mode: "strict", scheme: "IOB1" }).nCorrect, 1);
});

Deno.test("scoreSpans() does not let entities cross a sentence end", () => {
  assertEquals(scoreSpans([["B-a"], ["I-a"]], [["B-a"], ["I-a"]]).nGold, 2);
});

Deno.test("scoreSpans() gives 0 where a score is undefined", () => {
  for (const sentences of [[], [[]], [["O"]]]) {
    const { precision, recall, f1, macro, weighted, perType } = scoreSpans(sentences, sentences);
    assertEquals([precision, recall, f1], [0, 0, 0]);
    assertEquals([macro, weighted], [{ precision: 0, recall: 0, f1: 0 }, { precision: 0, recall: 0, f1: 0 }]);
    assertEquals(perType, {});
  }
  assertEquals(scoreSpans([], []).accuracy, 0);
});

Deno.test("scoreSpans() scores types whose names are those of object properties", () => {
  const tags = [["B-__proto__", "B-constructor"]];
  assertEquals(Object.keys(scoreSpans(tags, tags).perType), ["__proto__", "constructor"]);
});

Deno.test("scoreSpans() throws naming the sentence when lengths differ or a tag is unknown", () => {
  assertThrows(() => scoreSpans([["O"]], [["O"], ["O"]]), Error, "current value is 1 and 2 sentences");
  assertThrows(() => scoreSpans([["O"], ["O"]], [["O"], ["O", "O"]]), Error, "Cannot score sentence 2: ");
  assertThrows(
    () => scoreSpans([["O"], ["O"]], [["O"], ["X-a"]]),
    Error,
    "Cannot score sentence 2: Cannot read tag",
  );
});

Deno.test("scoreSpanSets() scores spans that overlap", () => {
  const outer = { start: 0, end: 3, entityType: "a" };
  const inner = { start: 1, end: 2, entityType: "a" };
  const other = { start: 1, end: 2, entityType: "b" };
  const scores = scoreSpanSets([[outer, inner]], [[other, outer]]);
  assertEquals([scores.nGold, scores.nFound, scores.nCorrect], [2, 2, 1]);
  assertThrows(
    () => scoreSpanSets([[], [outer, outer]], [[], []]),
    Error,
    "Cannot score sentence 2: its spans must",
  );
});

Deno.test("formatScores() prints conlleval.pl's report", () => {
  assertEquals(
    formatScores(scoreSpans(GOLD, PREDICTED)),
    "processed 6 tokens with 3 phrases; found: 3 phrases; correct: 1.\n" +
      "accuracy:  50.00%; precision:  33.33%; recall:  33.33%; FB1:  33.33\n" +
      "                a: precision:  33.33%; recall:  50.00%; FB1:  40.00  3\n" +
      "                b: precision:   0.00%; recall:   0.00%; FB1:   0.00  0\n",
  );
  assertEquals(
    formatScores(scoreSpans([], [])),
    "processed 0 tokens with 0 phrases; found: 0 phrases; correct: 0.\n",
  );
});

Deno.test("formatScores() and formatClassificationReport() take types of any name and number", () => {
  const types = ["b", "10", "9", "__proto__", "a"];
  const tags = types.map((type) => `B-${type}`);
  const lines = formatScores(scoreSpans([tags], [tags])).trimEnd().split("\n").slice(2);
  // As conlleval.pl sorts them: by character, numbers too.
  assertEquals(lines.map((line) => line.trim().split(":")[0]), ["10", "9", "__proto__", "a", "b"]);
  const many = Array.from({ length: 200_000 }, (_, i) => `B-t${i}`);
  const scores = scoreSpans([many], [many]);
  assertEquals(formatScores(scores).split("\n").length, many.length + 3);
  assertEquals(formatClassificationReport(scores).split("\n").length, many.length + 7);
});

Deno.test("formatScores() rounds a tie to the even digit, as printf does", () => {
  // 1 of 32 is 3.125 %, 3 of 32 is 9.375 %.
  const report = (nCorrect: number) => {
    const gold = Array.from({ length: 32 }, () => ["B-a"]);
    return formatScores(scoreSpans(gold, gold.map((tags, s) => s < nCorrect ? tags : ["O"])));
  };
  assertStringIncludes(report(1), "accuracy:   3.12%");
  assertStringIncludes(report(3), "accuracy:   9.38%");
  assertStringIncludes(report(32), "accuracy: 100.00%");
});

Deno.test("formatClassificationReport() prints seqeval's report", () => {
  assertEquals(
    formatClassificationReport(scoreSpans(GOLD, PREDICTED)),
    [
      "              precision    recall  f1-score   support",
      "",
      "           a       0.33      0.50      0.40         2",
      "           b       0.00      0.00      0.00         1",
      "",
      "   micro avg       0.33      0.33      0.33         3",
      "   macro avg       0.17      0.25      0.20         3",
      "weighted avg       0.22      0.33      0.27         3",
      "",
    ].join("\n"),
  );
});
