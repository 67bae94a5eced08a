import { assertEquals } from "@std/assert";
import { sweepTable } from "../../../tasks/report/sweep_table.ts";
import { makeExperiment } from "./make_experiment.ts";

const vary = { key: "data.trainSentences", values: [10, 20] };
const textsOf = (rows: ReturnType<typeof sweepTable>["rows"]) =>
  rows.map((row) => row.map(({ text, strong }) => strong ? `*${text}*` : text));

Deno.test("sweepTable() has a row for each value and a column for each system", () => {
  const experiment = makeExperiment([
    { value: 10, seed: 1, f1: 30 },
    { value: 10, seed: 2, f1: 34 },
    { value: 20, seed: 1, f1: 40 },
    { value: 20, seed: 2, f1: null },
    { value: 10, seed: 1, f1: 41, adapt: true },
    { value: 20, seed: 1, f1: null, adapt: true },
  ], { vary });
  const { header, rows, caption, notes } = sweepTable(experiment);
  assertEquals(header, ["data.trainSentences", "laner", "laner + DAPT"]);
  assertEquals(textsOf(rows), [["10", "32.00 ± 2.83", "41.00"], ["20", "*40.00 (1 of 2)*", "–"]]);
  assertEquals(caption, "Main results: test F1 in percent on ai");
  assertEquals(notes.length, 1);
});

Deno.test("sweepTable() tells targets apart and leaves out what was not planned", () => {
  const experiment = makeExperiment([
    { value: 10, f1: 30 },
    { value: 20, f1: 40 },
    { value: 10, f1: 50, target: "music" },
  ], { vary });
  const { header, rows } = sweepTable(experiment);
  assertEquals(header, ["data.trainSentences", "laner on ai", "laner on music"]);
  assertEquals(textsOf(rows), [["10", "30.00", "50.00"], ["20", "*40.00*", ""]]);
});
