import { assertEquals } from "@std/assert";
import { parametersTable, taggerParameters } from "../../../tasks/report/parameters_table.ts";
import { perTypeTable, typeScores } from "../../../tasks/report/per_type_table.ts";
import { makeExperiment } from "./make_experiment.ts";

Deno.test("perTypeTable() gives F1 by type, shared types first with a star", () => {
  const experiment = makeExperiment([
    { seed: 1, f1: 50, types: { task: 40, person: 80, misc: 10 } },
    { seed: 2, f1: 50, types: { task: 44, person: 82 } },
    { system: "bert-tagger", seed: 1, f1: 50, types: { task: 50, person: 81 } },
    { system: "bert-tagger", seed: 2, f1: null },
    { target: "music", f1: 60, types: { band: 1 } },
  ], { name: "figure_2" });
  const table = perTypeTable(experiment, "ai", ["person", "location"])!;
  assertEquals(table.header, ["type", "entities", "laner", "bert-tagger"]);
  assertEquals(table.rows.map((row) => row.map(({ text, strong }) => strong ? `*${text}*` : text)), [
    ["person *", "10", "*81.0 ± 1.4*", "*81.0 (1 of 2)*"],
    // Of types with equally many entities the first in the alphabet comes first; a type not found has F1 0.
    ["misc", "10", "*5.0 ± 7.1*", "0.0 (1 of 2)"],
    ["task", "10", "42.0 ± 2.8", "*50.0 (1 of 2)*"],
  ]);
  assertEquals(table.notes, ["* shared with the source."]);
  assertEquals(table.name, "figure_2_types_ai");
});

Deno.test("perTypeTable() is null when no run on the target is done", () => {
  const experiment = makeExperiment([{ f1: null }, { target: "music", f1: 1, types: { band: 1 } }]);
  assertEquals(perTypeTable(experiment, "ai", []), null);
  assertEquals(perTypeTable(experiment, "movie", []), null);
});

Deno.test("typeScores() has no score for a system without a run", () => {
  const experiment = makeExperiment([{ f1: 50, types: { task: 40 } }, { system: "bert-crf", f1: null }]);
  const { systems, types } = typeScores(experiment, "ai", []);
  assertEquals(systems, ["laner", "bert-crf"]);
  assertEquals(types.map(({ f1 }) => f1.map((value) => value?.mean ?? null)), [[40, null]]);
});

const WIDTHS = [
  { value: 50, f1: null, seed: 1 },
  { value: 50, f1: 50, seed: 2, nParameters: { encoder: 10_000, head: 150 } },
  { value: 100, f1: 50, nParameters: { encoder: 10_000, head: 300 } },
  { value: 200, f1: null },
];
const SWEEP = makeExperiment(WIDTHS, { name: "figure_3", vary: { key: "model.labelWidth", values: [] } });

Deno.test("parametersTable() counts what each value adds to the tagger", () => {
  const table = parametersTable(SWEEP, { encoder: 10_000, head: 50 })!;
  assertEquals(table.rows.map((row) => row.map(({ text }) => text)), [
    ["laner, model.labelWidth 50", "ai", "10,150", "100", "1.00 %"],
    ["laner, model.labelWidth 100", "ai", "10,300", "250", "2.49 %"],
  ]);
  assertEquals(table.rows[1]![4]!.value!.toFixed(6), (100 * 250 / 10_050).toFixed(6));
  assertEquals(table.caption, "Parameters, and how many of them are added to the BERT tagger");
});

Deno.test("parametersTable() counts from the encoder when there is no tagger, and is null without a run", () => {
  const table = parametersTable(SWEEP, null)!;
  assertEquals(table.rows.map((row) => row[4]!.text), ["1.50 %", "3.00 %"]);
  assertEquals(table.caption, "Parameters, and how many of them are added to the encoder");
  assertEquals(parametersTable(makeExperiment([{ f1: null }]), null), null);
});

Deno.test("taggerParameters() finds a tagger of the target in any experiment", () => {
  const nParameters = { encoder: 7, head: 3 };
  const experiments = [
    SWEEP,
    makeExperiment([
      { system: "bert-tagger", f1: null },
      { system: "bert-tagger", target: "music", f1: 1, nParameters: { encoder: 1, head: 1 } },
      { system: "bert-tagger", f1: 1, nParameters },
    ]),
  ];
  assertEquals(taggerParameters(experiments, "ai"), nParameters);
  assertEquals(taggerParameters(experiments, "movie"), null);
  assertEquals(taggerParameters([SWEEP], "ai"), null);
});
