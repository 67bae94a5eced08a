import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { scoreSpans } from "../../../data/scores/scores.ts";
import { confusionTable } from "../../../tasks/report/confusion.ts";
import { errorDifferenceTable, errorTables } from "../../../tasks/report/error_tables.ts";
import type { ScoredSentence } from "../../../tasks/report/report_data.ts";
import { significanceTable } from "../../../tasks/report/significance_table.ts";
import type { Table } from "../../../tasks/report/table.ts";
import { makeExperiment, type RunSketch } from "./make_experiment.ts";

/** A run whose score is that of its sentences. */
function runOf(rest: Partial<RunSketch>, test: ScoredSentence[]): RunSketch {
  const scores = scoreSpans(test.map(({ gold }) => gold), test.map(({ predicted }) => predicted));
  return { ...rest, f1: 100 * scores.f1, test };
}

const WORDS = ["Bell", "Labs", "made", "LeNet", "in", "Paris"];
const GOLD = ["B-org", "I-org", "O", "B-model", "O", "B-location"];

/** One sentence with the predicted tags of each system. */
function sentence(...predicted: string[]): ScoredSentence[] {
  return [{ words: WORDS, gold: GOLD, predicted }];
}

const textsOf = ({ rows }: Table) => rows.map((row) => row.map(({ text }) => text));
const CLASSES = { seenForms: new Set(["paris"]), sharedTypes: new Set(["org", "location"]) };

const EXPERIMENT = makeExperiment([
  // Boundary error of org, the model taken for an org, a spurious model.
  runOf({ seed: 1 }, sentence("B-org", "O", "B-model", "B-org", "O", "B-location")),
  // All right but the model, which is missed.
  runOf({ seed: 2 }, sentence("B-org", "I-org", "O", "O", "O", "B-location")),
  // The location is missed.
  runOf({ system: "bert-tagger", seed: 1 }, sentence("B-org", "I-org", "O", "B-model", "O", "O")),
  { system: "bert-tagger", seed: 2, f1: null },
  { system: "bert-crf", seed: 1, f1: null },
]);

Deno.test("errorTables() counts errors by kind, means over seeds", () => {
  const kinds = errorTables(EXPERIMENT, "ai", CLASSES)[0]!;
  assertEquals(kinds.header, [
    "system",
    "gold",
    "correct",
    "boundary",
    "type",
    "boundary and type",
    "missed",
    "spurious",
  ]);
  assertEquals(textsOf(kinds), [
    ["laner", "3", "1.5 (50.0)", "0.5 (16.7)", "0.5 (16.7)", "0 (0.0)", "0.5 (16.7)", "0.5 (16.7)"],
    ["bert-tagger", "3", "2 (66.7)", "0 (0.0)", "0 (0.0)", "0 (0.0)", "1 (33.3)", "0 (0.0)"],
  ]);
});

Deno.test("errorTables() counts errors by class of entity", () => {
  const classes = errorTables(EXPERIMENT, "ai", CLASSES)[1]!;
  const laner = textsOf(classes).filter(([, system]) => system === "laner");
  assertEquals(laner.map(([name, , ...counts]) => [name, ...counts]), [
    // Paris.
    ["seen form, shared type", "1", "1 (100.0)", ...Array(5).fill("0 (0.0)")],
    ["seen form, new type", "0", "0", "0", "0", "0", "0", "0"],
    // Bell Labs.
    ["unseen form, shared type", "1", "0.5 (50.0)", "0.5 (50.0)", ...Array(4).fill("0 (0.0)")],
    // LeNet, and the spurious one.
    ["unseen form, new type", "1", "0 (0.0)", "0 (0.0)", "0.5 (50.0)", "0 (0.0)", "0.5 (50.0)", "0.5 (50.0)"],
  ]);
  assertEquals(errorTables(makeExperiment([{ f1: null }]), "ai", CLASSES), []);
});

Deno.test("errorDifferenceTable() shows what one system gets wrong and the other right, on common seeds", () => {
  const table = errorDifferenceTable(EXPERIMENT, "ai", ["laner", "bert-tagger"], CLASSES)!;
  const all = textsOf(table).filter(([, entities]) => entities === "all");
  assertEquals(all, [
    // Seed 1 alone is common: the boundary and the type error are only laner's, so is the spurious entity.
    ["laner, not bert-tagger", "all", "1 (33.3)", "1 (33.3)", "0 (0.0)", "0 (0.0)", "1 (33.3)"],
    ["bert-tagger, not laner", "all", "0 (0.0)", "0 (0.0)", "0 (0.0)", "1 (33.3)", "0 (0.0)"],
  ]);
  assertEquals(table.rows.length, 10);
  assertEquals(errorDifferenceTable(EXPERIMENT, "ai", ["laner", "bert-crf"], CLASSES), null);
  const message = assertThrows(
    () => errorDifferenceTable(EXPERIMENT, "ai", ["laner", "bert-cfr"], CLASSES),
    Error,
  )
    .message;
  assertStringIncludes(message, 'Cannot show "bert-cfr" at table_2');
  assertStringIncludes(message, 'did you mean "bert-crf"?');
});

Deno.test("confusionTable() sums the seeds, with boundary errors, missed and spurious entities", () => {
  const experiment = makeExperiment([
    // Boundary error of org, the model taken for an org, a spurious location.
    runOf({ seed: 1 }, sentence("B-org", "O", "B-location", "B-org", "O", "B-location")),
    // Boundary error of org, the model is missed.
    runOf({ seed: 2 }, sentence("B-org", "O", "O", "O", "O", "B-location")),
    // A part of the org is taken for a model.
    runOf({ seed: 3 }, sentence("B-model", "O", "O", "B-model", "O", "B-location")),
  ]);
  const table = confusionTable(experiment, "ai", "laner")!;
  assertEquals(table.header, [
    ...["gold", "location", "model", "org"],
    ...["boundary", "boundary and type", "missed"],
  ]);
  assertEquals(textsOf(table), [
    ["location", "3", "0", "0", "0", "0", "0"],
    ["model", "0", "1", "1", "0", "0", "1"],
    ["org", "0", "0", "0", "2", "1", "0"],
    ["spurious", "1", "0", "0", "", "", ""],
  ]);
  assertStringIncludes(table.caption, "laner on ai (sum over 3 seeds)");
  assertEquals(confusionTable(EXPERIMENT, "ai", "bert-crf"), null);
});

/** Sentences of one task each, of which a system finds some. */
function found(...marks: number[]): ScoredSentence[] {
  return marks.map((mark, i) => ({
    words: [`w${i}`],
    gold: ["B-task"],
    predicted: [mark ? "B-task" : "O"],
  }));
}

Deno.test("significanceTable() compares every two systems on the seeds that both have", () => {
  const good = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
  const bad = good.map((_, i) => i < 2 ? 1 : 0);
  const experiment = makeExperiment([
    ...[1, 2, 3].map((seed) => runOf({ system: "bert-tagger", seed }, found(...bad))),
    runOf({ seed: 1 }, found(...good)),
    runOf({ seed: 2 }, found(...good)),
    runOf({ seed: 3 }, found(...good.map((_, i) => i === 0 ? 0 : 1))),
    runOf({ adapt: true, seed: 2 }, found(...good)),
    { system: "bert-crf", seed: 1, f1: null },
  ]);
  const options = { random: createRandom(5), nResamples: 999 };
  const table = significanceTable(experiment, "ai", options)!;
  // F1 of 2 of 12 found: 2 · 2 / 14; of 11 found: 22 / 23.
  const tagger = 2 / 7;
  const laner = (1 + 1 + 22 / 23) / 3;
  const difference = (100 * (laner - tagger)).toFixed(2);
  assertEquals(table.rows.map((row) => row.slice(0, 3).map(({ text }) => text)), [
    ["laner − bert-tagger", "3", `+${difference}`],
    ["laner + DAPT − bert-tagger", "1", "+71.43"],
    ["laner + DAPT − laner", "1", "0.00"],
  ]);
  const first = table.rows[0]!;
  const second = table.rows[1]!;
  const third = table.rows[2]!;
  const interval = first[3]!;
  const low = interval.parts!.low!;
  const high = interval.parts!.high!;
  assert(low > 30 && low < Number(difference) && high > Number(difference) && high <= 100);
  assertEquals(interval.text, `${low.toFixed(2)} to ${high.toFixed(2)}`);
  // 10 of 12 sentences differ: by chance alone that happens in 2 of 2^10 swappings of a run, and less for three.
  assert(second[5]!.value! < 0.02 && second[5]!.strong);
  assertEquals(second[5]!.text, second[5]!.value!.toFixed(3));
  // The differences over seeds are 71.43, 71.43, 67.08: t = 48.29, p = 0.00043 (scipy 1.17.1, stats.ttest_rel).
  assertEquals([first[6]!.text, first[6]!.strong, second[6]!.text], ["< 0.001", true, ""]);
  assertEquals(third.slice(3, 6).map(({ text, strong }) => [text, strong ?? false]), [
    ["0.00 to 0.00", false],
    ["1.000", false],
    ["1.000", false],
  ]);
  assertStringIncludes(table.notes[0]!, "999 resamples");
  assertStringIncludes(
    table.notes[1]!,
    "not corrected for 3 comparisons; Bonferroni's limit for 0.05 is 0.017",
  );
});

Deno.test("significanceTable() compares with given systems only, whose numbers no other system changes", () => {
  const experiment = makeExperiment(
    ["a", "b", "c", "d"].map((system, i) =>
      runOf({ system }, found(...Array.from({ length: 12 }, (_, k) => k % (i + 2) ? 1 : 0)))
    ),
  );
  const options = { random: createRandom(5), nResamples: 200 };
  const all = significanceTable(experiment, "ai", options)!;
  const some = significanceTable(experiment, "ai", { ...options, against: ["b"] })!;
  assertEquals(textsOf(some).map(([systems]) => systems), ["a − b", "c − b", "d − b"]);
  // The generator is not used up either.
  assertEquals(textsOf(significanceTable(experiment, "ai", options)!), textsOf(all));
  const both = textsOf(all).filter(([systems]) => ["c − b", "d − b"].includes(systems!));
  assertEquals(textsOf(some).slice(1), both);
  const fewer = makeExperiment([]);
  assertEquals(significanceTable(fewer, "ai", options), null);
});

Deno.test("significanceTable() leaves the t test out when two systems share two seeds only", () => {
  const experiment = makeExperiment([
    ...[1, 2, 3].map((seed) => runOf({ seed }, found(1, 1))),
    ...[2, 3].map((seed) => runOf({ system: "bert-tagger", seed }, found(1, 0))),
  ]);
  const row = significanceTable(experiment, "ai", { random: createRandom(1), nResamples: 10 })!.rows[0]!;
  assertEquals([row[0]!.text, row[1]!.text, row[6]!.text], ["bert-tagger − laner", "2", ""]);
});

Deno.test("significanceTable() is null when no two systems have a seed in common", () => {
  const experiment = makeExperiment([
    runOf({ seed: 1 }, found(1, 0)),
    runOf({ system: "bert-tagger", seed: 2 }, found(1, 1)),
  ]);
  assertEquals(significanceTable(experiment, "ai", { random: createRandom(1) }), null);
});
