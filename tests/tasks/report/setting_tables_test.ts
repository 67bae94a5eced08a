import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseConfig } from "../../../tasks/config/read_config.ts";
import type { DataStatistics } from "../../../tasks/data_sets/data_statistics.ts";
import { dataTable, settingsTable } from "../../../tasks/report/setting_tables.ts";
import { makePaper } from "./make_experiment.ts";

/** Statistics with these sentences and entities in train, dev and test. */
function statistics(name: string, sentences: number[], entities: number[], nTypes: number): DataStatistics {
  const split = (i: number) => ({
    nSentences: sentences[i]!,
    nWords: 9,
    nEntities: entities[i]!,
    entityTypes: {},
  });
  const splits = { train: split(0), dev: split(1), test: split(2) };
  return { name, nTypes, devOrigin: "file", files: {}, splits };
}

Deno.test("dataTable() puts what the paper prints beside what the files have, with the remarks", () => {
  const movie = statistics("movie", [7035, 781, 1953], [20710, 2289, 5686], 12);
  const table = dataTable({
    dataSets: [
      statistics("conll2003", [14041, 3250, 3453], [23499, 5942, 5648], 4),
      { ...movie, devOrigin: "held out of train (dev.txt is test.txt)" },
      statistics("own", [1, 2, 3], [4, 5, 6], 7),
    ],
    paper: makePaper({
      dataSets: {
        conll2003: {
          sentences: [15, 3.5, 3.7],
          entities: [23.4, 5.9, 5.6],
          types: 4,
          remark: "counts -DOCSTART-.",
        },
        movie: { sentences: [7.8, null, 2], entities: [23, null, 5.7], types: 14, remark: "" },
      },
    }),
  });
  const split = ["train", "dev", "test"];
  const header = [...split.map((s) => `${s} sentences`), ...split.map((s) => `${s} entities`)];
  assertEquals(table.header, ["data set", ...header, "types"]);
  assertEquals(table.rows.map((row) => row.map(({ text }) => text)), [
    [
      ...["conll2003", "14,041 (15.0k)", "3,250 (3.5k)", "3,453 (3.7k)"],
      ...["23,499 (23.4k)", "5,942 (5.9k)", "5,648 (5.6k)", "4 (4)"],
    ],
    [
      ...["movie", "7,035 (7.8k)", "781", "1,953 (2.0k)"],
      ...["20,710 (23.0k)", "2,289", "5,686 (5.7k)", "12 (14)"],
    ],
    ["own", "1", "2", "3", "4", "5", "6", "7"],
  ]);
  assertEquals([table.rows[0]![1]!.value, table.rows[0]![1]!.parts], [14041, { printed: 15000 }]);
  assertEquals(table.notes, [
    "conll2003: counts -DOCSTART-.",
    "movie: dev is held out of train (dev.txt is test.txt).",
  ]);
});

const CONFIG = parseConfig(
  "name: a\nencoder: { hiddenWidth: 32 }\ndata: { targets: [ai, movie] }\ntrain: { batchSize: 8 }\n" +
    "perTarget: { movie: { train: { epochs: 3 } } }\n",
  { source: "e.yaml" },
);

Deno.test("settingsTable() makes bold what differs from the paper", () => {
  const settings = {
    "encoder": "bert-base-cased",
    "train.batchSize": 16,
    "train.learningRate": "5e-5",
    "perTarget.restaurant.train.learningRate": 1e-5,
    "perTarget.movie.train.epochs": 100,
    "seeds": "555, 666, 777",
  };
  const table = settingsTable({ config: CONFIG, paper: makePaper({ settings }) });
  const texts = table.rows.map((row) => row.map(({ text, strong }) => strong ? `*${text}*` : text));
  assertStringIncludes(texts[0]![1]!, "hiddenWidth 32");
  assertEquals(texts.slice(1), [
    ["train.batchSize", "*8*", "16"],
    ["train.learningRate", "5e-5", "5e-5"],
    // Ours for restaurant is that of all targets.
    ["perTarget.restaurant.train.learningRate", "*5e-5*", "1e-5"],
    ["perTarget.movie.train.epochs", "*3*", "100"],
    ["seeds", "555, 666, 777", "555, 666, 777"],
  ]);
  assertEquals(table.rows[1]![1]!.value, 8);
  assertEquals(table.notes, ["Bold: differs from the paper."]);
});

Deno.test("settingsTable() throws when the paper has a key that the configuration lacks", () => {
  const paper = (key: string) => makePaper({ settings: { [key]: 1 } });
  for (const key of ["train.batchsize", "train.constructor", "perTarget.ai.train.x", "train.epochs.length"]) {
    const error = assertThrows(() => settingsTable({ config: CONFIG, paper: paper(key) }), Error);
    assertStringIncludes(error.message, `Cannot compare "${key}"`);
  }
});
