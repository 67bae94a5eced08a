import { assert, assertEquals, assertThrows } from "@std/assert";
import { ERROR_KINDS, matchTags } from "../../../../data/scores/entity_errors.ts";
import { tagsToSpans } from "../../../../data/tags/tag_scheme.ts";
import { doneRuns, groupRuns } from "../../../../tasks/report/run_groups.ts";
import { errorBrowserData } from "../../../../tasks/report/sections/error_browser_data.ts";
import { makeExperiment } from "../make_experiment.ts";
import { makeReportData } from "../make_report_data.ts";

Deno.test("errorBrowserData() holds gold entities and errors as indices", () => {
  const words = "Ada Lovelace met Babbage in London".split(" ");
  const gold = ["B-person", "I-person", "O", "B-person", "O", "B-location"];
  const predicted = ["B-person", "O", "O", "O", "B-task", "B-person"];
  const data = errorBrowserData([makeExperiment([{ f1: 50, seed: 7, test: [{ words, gold, predicted }] }])]);
  assertEquals(data, {
    kinds: ERROR_KINDS,
    targets: [{
      name: "ai",
      types: ["person", "location", "task"],
      sentences: [[words, [[0, 2, 0], [3, 4, 0], [5, 6, 1]]]],
      runs: [{
        group: "ai",
        system: "laner",
        seed: 7,
        // boundary, missed, spurious, type
        errors: [[[0, 0, 0, 1, 0], [3, 1], [4, -1, 4, 5, 2], [1, 2, 5, 6, 0]]],
      }],
    }],
  });
});

Deno.test("errorBrowserData() lets every run's predictions be restored from gold entities and errors", () => {
  const report = makeReportData();
  const data = errorBrowserData(report.experiments)!;
  const table = report.experiments.find(({ name }) => name === "table_3")!;
  let nErrors = 0;
  for (const { name, types, sentences, runs } of data.targets) {
    const done = groupRuns(table).filter(({ target }) => target === name).flatMap(doneRuns);
    assertEquals(runs.filter(({ group }) => !group.includes("Table 4")).length, done.length);
    for (const [r, { result }] of done.entries()) {
      result.test.forEach((sentence, s) => {
        const gold = sentences[s]![1];
        const errors = runs[r]!.errors[s]!;
        assertEquals(sentences[s]![0], sentence.words);
        const right = gold.filter((_, i) => !errors.some((error) => error[1] === i));
        const wrong = errors.flatMap(([, , ...span]) => span.length === 0 ? [] : [span]);
        const restored = [...right, ...wrong].sort(([a], [b]) => a! - b!);
        assertEquals(
          restored.map(([start, end, type]) => ({ start, end, entityType: types[type!] })),
          tagsToSpans(sentence.predicted),
        );
        const kinds = matchTags(sentence).map(({ kind }) => kind).filter((kind) => kind !== "correct");
        assertEquals(errors.map(([kind]) => data.kinds[kind]!), kinds);
        nErrors += errors.length;
      });
    }
  }
  assert(nErrors > 500);
});

Deno.test("errorBrowserData() is null when no run has sentences", () => {
  assertEquals(errorBrowserData([makeExperiment([{ f1: 50 }, { f1: null }])]), null);
});

Deno.test("errorBrowserData() refuses runs on one target that were scored on other sentences", () => {
  const one = { words: ["a"], gold: ["O"], predicted: ["O"] };
  const both = (other: typeof one) => {
    const experiment = makeExperiment([{ f1: 1, test: [one] }, { f1: 1, adapt: true, test: [other] }]);
    // A stage of its own.
    experiment.runs[1]!.result!.key = "y";
    return errorBrowserData([experiment]);
  };
  const message = "all runs on ai must have the same test sentences";
  assertThrows(() => both({ ...one, words: ["b"] }), Error, message);
  assertThrows(() => both({ ...one, gold: ["B-task"] }), Error, message);
  assertEquals(both({ ...one, predicted: ["B-task"] })!.targets[0]!.runs.length, 2);
});
