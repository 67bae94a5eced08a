import { assertEquals } from "@std/assert";
import { compareSystems } from "../../../tasks/report/comparison.ts";
import { experimentTable, missingNotes } from "../../../tasks/report/results_tables.ts";
import type { Table } from "../../../tasks/report/table.ts";
import { makeExperiment, makePaper } from "./make_experiment.ts";

/** The texts of a table, bold ones between stars. */
function textsOf({ rows }: Table): string[][] {
  return rows.map((row) => row.map(({ text, strong }) => strong ? `*${text}*` : text));
}

Deno.test("experimentTable() gives mean, deviation, the paper's number and the difference", () => {
  // Mean 57, deviations from it -1, 0, 1: a sample deviation of 1, where that of a population is 0.82.
  const experiment = makeExperiment([
    { f1: 56, seed: 1 },
    { f1: 57, seed: 2 },
    { f1: 58, seed: 3 },
    { f1: 59.5, seed: 1, adapt: true },
  ]);
  const paper = makePaper({
    tables: {
      table_2: [
        { system: "laner", adapt: false, f1: { ai: 61.72 } },
        { system: "laner", adapt: true, f1: { ai: 59.25 } },
      ],
      table_3: [{ system: "laner", adapt: false, f1: { ai: 1 } }],
    },
  });
  const table = experimentTable(experiment, paper);
  assertEquals(table.header, ["system", "ai"]);
  assertEquals(textsOf(table), [
    ["laner", "57.00 ± 1.00"],
    ["laner, paper", "61.72 (−4.72)"],
    ["laner + DAPT", "*59.50*"],
    ["laner + DAPT, paper", "59.25 (+0.25)"],
  ]);
  assertEquals(table.rows[0]![1]!.parts!.std!.toFixed(9), "1.000000000");
  assertEquals(table.rows[0]![1]!.parts!.seeds, 3);
  assertEquals(table.rows[1]![1]!.value, 61.72);
  assertEquals(table.rows[1]![1]!.parts!.difference!.toFixed(9), "-4.720000000");
  assertEquals(table.rows.map(([name]) => name!.muted ?? false), [false, true, false, true]);
  assertEquals(table.notes, []);
});

Deno.test("experimentTable() averages the five domains of CrossNER for each seed, before other targets", () => {
  const f1 = { politics: [70, 72], science: [60, 64], music: [50, 50], literature: [40, 42], ai: [30, 32] };
  const others = { movie: [80, 80], restaurant: [90, 90] };
  const sketches = Object.entries({ ...others, ...f1 }).flatMap(([target, values]) =>
    values.map((f1, seed) => ({ target, f1, seed }))
  );
  const printed = {
    politics: 71.65,
    science: 69.29,
    music: 73.07,
    literature: 67.98,
    ai: 61.72,
    movie: 72.41,
  };
  const paper = makePaper({ tables: { table_2: [{ system: "laner", adapt: false, f1: printed }] } });
  const table = experimentTable(makeExperiment(sketches), paper);
  assertEquals(table.header, [
    "system",
    "politics",
    "science",
    "music",
    "literature",
    "ai",
    "average of five",
    "movie",
    "restaurant",
  ]);
  const [ours, theirs] = textsOf(table);
  // Averages by seed: 250 / 5 = 50 and 260 / 5 = 52, so 51 ± √2.
  assertEquals(ours!.slice(5), ["31.00 ± 1.41", "51.00 ± 1.41", "80.00 ± 0.00", "90.00 ± 0.00"]);
  // The paper prints 68.74.
  assertEquals(theirs!.slice(5), ["61.72 (−30.72)", "68.74 (−17.74)", "72.41 (+7.59)", ""]);
});

Deno.test("experimentTable() averages what targets there are when they are not all five", () => {
  const experiment = makeExperiment([{ target: "ai", f1: 50 }, { target: "science", f1: 61 }, {
    target: "movie",
    f1: 60,
  }]);
  const table = experimentTable(experiment, makePaper());
  assertEquals([table.header.at(-1), table.rows[0]!.at(-1)!.text], ["average of 3", "57.00"]);
});

Deno.test("experimentTable() shows how many seeds are done and names the missing runs", () => {
  const experiment = makeExperiment([
    { target: "ai", seed: 1, f1: 50 },
    { target: "ai", seed: 2, f1: 54 },
    { target: "ai", seed: 3, f1: null },
    { target: "science", seed: 1, f1: null },
    { target: "science", seed: 2, f1: 60 },
    { target: "science", seed: 3, f1: null },
    { target: "ai", seed: 1, system: "bert-tagger", f1: null },
    { target: "ai", seed: 2, system: "bert-tagger", f1: null },
    { target: "science", seed: 1, system: "bert-tagger", f1: 40 },
    { target: "science", seed: 2, system: "bert-tagger", f1: 41 },
    { target: "ai", seed: 1, system: "bert-crf", f1: 42 },
  ]);
  const table = experimentTable(experiment, makePaper());
  assertEquals(textsOf(table), [
    // Only seed 2 has both targets: (54 + 60) / 2.
    ["laner", "*52.00 ± 2.83 (2 of 3)*", "*60.00 (1 of 3)*", "57.00 (1 of 3)"],
    ["bert-tagger", "–", "40.50 ± 0.71", "–"],
    ["bert-crf", "42.00", "", ""],
  ]);
  assertEquals(table.notes, [
    "5 of 11 runs are not done yet (–): laner on ai (seed 3), science (seed 1, 3); bert-tagger on ai.",
  ]);
});

Deno.test("experimentTable() without a result says so, and still has the paper's numbers", () => {
  const paper = makePaper({ tables: { table_2: [{ system: "laner", adapt: false, f1: { ai: 61.72 } }] } });
  const table = experimentTable(makeExperiment([{ seed: 1, f1: null }, { seed: 2, f1: null }]), paper);
  assertEquals(textsOf(table), [["laner", "–"], ["laner, paper", "61.72"]]);
  assertEquals(table.notes, ["None of the 2 runs is done yet (–)."]);
  assertEquals(experimentTable(makeExperiment([]), makePaper()).rows, []);
});

Deno.test("experimentTable() puts systems that only the paper has last", () => {
  const paper = makePaper({
    tables: {
      table_2: [
        { system: "Flair", adapt: false, f1: { ai: 52.48 } },
        { system: "laner", adapt: true, f1: { ai: 65.79 } },
        { system: "laner", adapt: false, f1: { ai: 61.72 } },
        { system: "Coach", adapt: false, f1: { movie: 67.62 } },
      ],
    },
  });
  const table = experimentTable(makeExperiment([{ f1: 57 }]), paper);
  assertEquals(textsOf(table), [
    ["laner", "57.00"],
    ["laner, paper", "61.72 (−4.72)"],
    ["Flair, paper", "52.48"],
    ["laner + DAPT, paper", "65.79"],
  ]);
});

Deno.test("experimentTable() makes all systems bold that are shown alike, and none that stands alone", () => {
  const experiment = makeExperiment([
    { system: "a", f1: 50.001 },
    { system: "b", f1: 49.999 },
    { system: "c", f1: 49.98 },
    { system: "c", target: "movie", f1: 30 },
  ]);
  assertEquals(textsOf(experimentTable(experiment, makePaper())), [
    ["a", "*50.00*", "", ""],
    ["b", "*50.00*", "", ""],
    ["c", "49.98", "30.00", "39.99"],
  ]);
});

Deno.test("experimentTable() has a row for each value of what the experiment varies", () => {
  const vary = { key: "model.labelWidth", values: [50, 100] };
  const experiment = makeExperiment([{ value: 50, f1: 55 }, { value: 100, f1: 56 }], { vary });
  assertEquals(textsOf(experimentTable(experiment, makePaper())), [
    ["laner, model.labelWidth 50", "55.00"],
    ["laner, model.labelWidth 100", "*56.00*"],
  ]);
});

Deno.test("experimentTable() writes a difference that rounds to nothing without a sign", () => {
  const paper = makePaper({ tables: { table_2: [{ system: "laner", adapt: false, f1: { ai: 57.001 } }] } });
  const table = experimentTable(makeExperiment([{ f1: 57 }]), paper);
  assertEquals(textsOf(table)[1], ["laner, paper", "57.00 (0.00)"]);
  const other = experimentTable(makeExperiment([{ f1: 57.002 }]), paper);
  assertEquals(textsOf(other)[1], ["laner, paper", "57.00 (0.00)"]);
});

Deno.test("compareSystems() does not average the paper over targets that it does not report", () => {
  const paper = makePaper({ tables: { table_2: [{ system: "laner", adapt: false, f1: { ai: 60 } }] } });
  const experiment = makeExperiment([{ target: "ai", f1: 50 }, { target: "movie", f1: 60 }]);
  assertEquals(compareSystems(experiment, paper).rows[0]!.paper, [60, undefined, undefined]);
});

Deno.test("missingNotes() counts many missing runs without naming them", () => {
  const sketches = Array.from({ length: 14 }, (_, value) => ({ f1: value === 0 ? 50 : null, value }));
  const experiment = makeExperiment(sketches, { vary: { key: "model.labelWidth", values: [] } });
  assertEquals(missingNotes(experiment), ["13 of 14 runs are not done yet (–)."]);
  const few = makeExperiment(sketches.slice(0, 3), { vary: { key: "model.labelWidth", values: [] } });
  assertEquals(missingNotes(few), [
    "2 of 3 runs are not done yet (–): laner, model.labelWidth 1 on ai; laner, model.labelWidth 2 on ai.",
  ]);
});

Deno.test("compareSystems() gives the paper's average of the five domains as it is printed", () => {
  const five = { politics: 1, science: 2, music: 3, literature: 4, ai: 5 };
  const experiment = makeExperiment(Object.keys(five).map((target) => ({ target, f1: 50 })));
  const averageIn = (f1: Record<string, number>) =>
    compareSystems(experiment, makePaper({ tables: { table_2: [{ system: "laner", adapt: false, f1 }] } }))
      .rows[0]!.paper[5];
  assertEquals(averageIn({ ...five, average: 3.01 }), 3.01);
  assertEquals(averageIn(five), 3);
});
