import { assert, assertEquals, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { DataSetError } from "../../../tasks/data_sets/data_set_problems.ts";
import {
  type DataSet,
  findDataRoot,
  fingerprintOf,
  listDataSets,
  loadDataSet,
} from "../../../tasks/data_sets/data_sets.ts";
import { dataStatistics, formatDataStatistics } from "../../../tasks/data_sets/data_statistics.ts";
import { createSampleData } from "../../../tasks/data_sets/sample_data.ts";
import { sha256 } from "../../../tasks/files/hash.ts";
import { only } from "../../only.ts";

/** A column file of `n` sentences that differ from each other and from those of other names. */
function sentences(name: string, n: number): string {
  return Array.from({ length: n }, (_, i) => `${name}${i}\tB-person\nsings\tO\n`).join("\n");
}

/** Runs a test with a folder of data sets; `files` are by path in it. */
async function withRoot(
  files: Record<string, string | Uint8Array>,
  test: (root: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    for (const [path, content] of Object.entries(files)) {
      await Deno.mkdir(join(root, path, ".."), { recursive: true });
      await Deno.writeFile(
        join(root, path),
        typeof content === "string" ? new TextEncoder().encode(content) : content,
      );
    }
    await test(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const firstWords = (dataSet: DataSet, split: "train" | "dev" | "test") =>
  dataSet.splits[split].map(({ words }) => words[0]);

Deno.test("loadDataSet() reads the three files as they are", () =>
  withRoot(
    { "ai/train.txt": sentences("t", 3), "ai/dev.txt": sentences("d", 2), "ai/test.txt": sentences("e", 4) },
    async (root) => {
      const ai = await loadDataSet(root, "ai");
      assertEquals(firstWords(ai, "train"), ["t0", "t1", "t2"]);
      assertEquals(firstWords(ai, "dev"), ["d0", "d1"]);
      assertEquals(firstWords(ai, "test"), ["e0", "e1", "e2", "e3"]);
      assertEquals(ai.devOrigin, "file");
      assertEquals(ai.files.test, {
        path: join(root, "ai/test.txt"),
        sha256: await sha256(sentences("e", 4)),
      });
    },
  ));

Deno.test("loadDataSet() holds dev out of train and never out of test when there is no dev file", () =>
  withRoot({ "movie/train.txt": sentences("t", 50), "movie/test.txt": sentences("e", 50) }, async (root) => {
    const movie = await loadDataSet(root, "movie", { devFraction: 0.2, seed: 13 });
    const [train, dev] = [firstWords(movie, "train"), firstWords(movie, "dev")];
    assertEquals([train.length, dev.length, firstWords(movie, "test").length], [40, 10, 50]);
    assertEquals([...train, ...dev].sort(), Array.from({ length: 50 }, (_, i) => `t${i}`).sort());
    // A random choice, each part in the order of the file.
    assertNotEquals(dev, Array.from({ length: 10 }, (_, i) => `t${i + 40}`));
    for (const part of [train, dev]) {
      assertEquals(part, part.toSorted((a, b) => Number(a!.slice(1)) - Number(b!.slice(1))));
    }
    assertEquals(movie.devOrigin, "held out of train (no dev.txt)");

    const again = await loadDataSet(root, "movie", { devFraction: 0.2, seed: 13 });
    assertEquals([firstWords(again, "dev"), again.fingerprint], [dev, movie.fingerprint]);
    for (const options of [{ devFraction: 0.2, seed: 14 }, { devFraction: 0.1, seed: 13 }]) {
      const other = await loadDataSet(root, "movie", options);
      assertNotEquals(firstWords(other, "dev"), dev);
      assertNotEquals(other.fingerprint, movie.fingerprint);
    }
  }));

Deno.test("loadDataSet() takes a dev file that is a copy of test for none", () =>
  withRoot(
    { "m/train.txt": sentences("t", 20), "m/dev.txt": sentences("e", 5), "m/test.txt": sentences("e", 5) },
    async (root) => {
      const m = await loadDataSet(root, "m");
      assertEquals(m.devOrigin, "held out of train (dev.txt is test.txt)");
      assert(firstWords(m, "dev").every((word) => word!.startsWith("t")));
      assertEquals([firstWords(m, "train").length, firstWords(m, "dev").length], [18, 2]);
    },
  ));

Deno.test("loadDataSet() takes dev for a copy of test by its sentences, whatever the files' bytes", () =>
  withRoot(
    {
      "m/train.txt": sentences("t", 20),
      "m/dev.txt": "\uFEFF" + sentences("e", 5).replaceAll("\n", "\r\n").replaceAll("\t", " NN "),
      "m/test.txt": sentences("e", 5),
      // The same words in another order are another file: what they share is said, not mended.
      "n/train.txt": sentences("t", 20),
      "n/dev.txt": sentences("e", 5).split("\n\n").toReversed().join("\n\n"),
      "n/test.txt": sentences("e", 5),
    },
    async (root) => {
      const { devOrigin, heldOut } = await loadDataSet(root, "m", { seed: 7 });
      assertEquals(devOrigin, "held out of train (dev.txt is test.txt)");
      assertEquals(heldOut, { seed: 7, nSentences: 20 });
      const other = await loadDataSet(root, "n");
      assertEquals([other.devOrigin, other.heldOut], ["file", undefined]);
    },
  ));

Deno.test("loadDataSet() changes its fingerprint with every file", async () => {
  const files = {
    "a/train.txt": sentences("t", 3),
    "a/dev.txt": sentences("d", 2),
    "a/test.txt": sentences("e", 4),
  };
  const fingerprints = new Set<string>();
  for (const path of [undefined, ...Object.keys(files)]) {
    const changed = path === undefined ? files : { ...files, [path]: sentences("x", 2) };
    await withRoot(
      changed,
      async (root) => void fingerprints.add((await loadDataSet(root, "a")).fingerprint),
    );
  }
  assertEquals(fingerprints.size, 4);
});

Deno.test("a data set's fingerprint is that of its sentences, however the files were read", async () => {
  const files = { "a/train.txt": sentences("t", 20), "a/test.txt": sentences("e", 4) };
  const load = async (files: Record<string, string>) => {
    const found: DataSet[] = [];
    await withRoot(files, async (root) => void found.push(await loadDataSet(root, "a")));
    return only(found);
  };
  const first = await load(files);
  const sentence = first.splits.train[0]!;
  const blank = await load({ ...files, "a/test.txt": `\n${files["a/test.txt"]}\n\n` });
  assertEquals(blank.fingerprint, first.fingerprint);
  // As a reader would give that takes other words or tags from the same file.
  for (
    const other of [
      { ...sentence, words: sentence.words.map((word) => word.toLowerCase() + "x") },
      { ...sentence, tags: sentence.tags.map(() => "B-x") },
    ]
  ) {
    const splits = { ...first.splits, train: [other, ...first.splits.train.slice(1)] };
    assertNotEquals(await fingerprintOf(splits), first.fingerprint);
  }
  const { train, dev, test } = first.splits;
  assertNotEquals(await fingerprintOf({ train: dev, dev: train, test }), first.fingerprint);
});

Deno.test("loadDataSet() names file and line when something is wrong", async () => {
  const good = sentences("t", 20);
  const cases: [Record<string, string | Uint8Array>, ...string[]][] = [
    [{ "a/train.txt": good }, "a/test.txt", "must exist"],
    [{ "a/train.txt": "", "a/test.txt": good }, "a/train.txt"],
    [{ "a/train.txt": good + "\nword\n", "a/test.txt": good }, "a/train.txt:61"],
    [{ "a/train.txt": good, "a/test.txt": "x\tO\ny\tX-person\n" }, "a/test.txt:2", "X-person"],
    [{ "a/train.txt": good, "a/test.txt": "x\tS-person\n" }, "a/test.txt:1", "IOB2"],
    [{ "a/train.txt": good, "a/test.txt": "x\tO\ny\tI-person\n" }, "a/test.txt:2", "IOB2"],
    [
      { "a/train.txt": good, "a/test.txt": new Uint8Array([0x78, 0x09, 0x4f, 0x0a, 0xff]) },
      "a/test.txt:2",
      "UTF-8",
    ],
    [{ "a/train.txt": sentences("t", 2), "a/test.txt": good }, "a/train.txt", "current value is 2"],
    [{ "a/train.txt": good, "a/test.txt/x": "" }, "a/test.txt", "it is a folder"],
    [{ "a/train.txt": "x\tO\ny\tO\n", "a/test.txt": good }, "a/train.txt", "hold an entity, all 2 tags"],
  ];
  for (const [files, ...parts] of cases) {
    await withRoot(files, async (root) => {
      const { message } = await assertRejects(() => loadDataSet(root, "a"), Error);
      for (const part of parts) assertStringIncludes(message, part);
    });
  }
});

Deno.test("loadDataSet() tells all that is wrong with the files of a data set", () =>
  withRoot(
    {
      "a/train.txt": sentences("t", 25).replaceAll("B-", "I-"),
      "a/dev.txt": "x\tB-person\ny\n",
      "a/test.txt": "x\tO\ny\tI-person\n\nz\tB-person\n\nu\tI-person",
    },
    async (root) => {
      const error = await assertRejects(() => loadDataSet(root, "a"), DataSetError);
      const places = error.problems.map((text) =>
        (/a\/\w+\.txt:\d+/.exec(text) ?? /a\/\w+\.txt/.exec(text))![0]
      );
      const lines = Array.from({ length: 20 }, (_, i) => `a/train.txt:${3 * i + 1}`);
      assertEquals(places, [
        ...[...lines, "a/train.txt", "a/train.txt"],
        ...["a/test.txt:2", "a/test.txt:6", "a/dev.txt:2"],
      ]);
      assertStringIncludes(error.problems[20]!, "not of IOB2: 5");
      assertStringIncludes(error.problems[21]!, "are of IOB1 or IOE1");
      assertStringIncludes(error.message, "a/train.txt:1");
      assertStringIncludes(error.message, "and 24 more: deno task prepare lists them");
    },
  ));

Deno.test("loadDataSet() reads other schemes when they are asked for", () =>
  withRoot({ "a/train.txt": sentences("t", 20), "a/test.txt": "x\tS-person\n" }, async (root) => {
    await assertRejects(() => loadDataSet(root, "a", { scheme: "IOBES" }), Error, "a/train.txt:1");
    await Deno.writeTextFile(join(root, "a/train.txt"), sentences("t", 20).replaceAll("B-", "S-"));
    assertEquals((await loadDataSet(root, "a", { scheme: "IOBES" })).splits.test[0]!.tags, ["S-person"]);
  }));

Deno.test("loadDataSet() suggests the nearest data set and never leaves the folder", () =>
  withRoot({ "science/train.txt": sentences("t", 20), "readme/other.txt": "" }, async (root) => {
    const { message } = await assertRejects(() => loadDataSet(root, "sience"), Error);
    assertStringIncludes(message, 'did you mean "science"?');
    assertStringIncludes(message, "there are science");
    await assertRejects(() => loadDataSet(join(root, "readme"), "../science"), Error, "must be a folder");
    await assertRejects(() => listDataSets(join(root, "nowhere")), Error, join(root, "nowhere"));
    await assertRejects(() => listDataSets(join(root, "science/train.txt")), Error, "train.txt");
  }));

Deno.test("findDataRoot() takes what is given, then NER_DATA, and else says how to name one", () => {
  const before = Deno.env.get("NER_DATA");
  try {
    Deno.env.set("NER_DATA", "/from/variable");
    assertEquals([findDataRoot("/given"), findDataRoot(null)], ["/given", "/from/variable"]);
    Deno.env.delete("NER_DATA");
    let message = "";
    try {
      findDataRoot(undefined);
    } catch (error) {
      message = (error as Error).message;
    }
    assertStringIncludes(message, "--data DIR");
  } finally {
    if (before !== undefined) Deno.env.set("NER_DATA", before);
  }
});

Deno.test("createSampleData() makes a fingerprint of the sentences and the text", async () => {
  const sizes = {
    source: { train: 20, dev: 5, test: 5, text: 5 },
    target: { train: 10, dev: 5, test: 5, text: 5 },
  };
  const first = await createSampleData({ seed: 1, ...sizes });
  const again = await createSampleData({ seed: 1, ...sizes });
  const other = await createSampleData({ seed: 2, ...sizes });
  const moreText = await createSampleData({ seed: 1, ...sizes, target: { ...sizes.target, text: 6 } });
  assertEquals([first.source.name, first.target.name], ["news", "research"]);
  assertEquals([first.source.splits.train.length, first.target.text.length], [20, 5]);
  assertEquals(again.target.fingerprint, first.target.fingerprint);
  assertNotEquals(other.target.fingerprint, first.target.fingerprint);
  assertNotEquals(moreText.target.fingerprint, first.target.fingerprint);
  assertEquals(moreText.source.fingerprint, first.source.fingerprint);
});

Deno.test("dataStatistics() counts sentences, words, entities and types", () =>
  withRoot(
    {
      "a/train.txt": "Ann\tB-person\nLee\tI-person\nsees\tO\nOslo\tB-city\n\nBo\tB-person\n",
      "a/dev.txt": "x\tO\n",
      "a/test.txt": "Rome\tB-city\nUN\tB-group\n",
    },
    async (root) => {
      const a = await loadDataSet(root, "a");
      const { splits, nTypes } = dataStatistics(a);
      assertEquals(nTypes, 3);
      assertEquals(splits.train, {
        nSentences: 2,
        nWords: 5,
        nEntities: 3,
        entityTypes: { person: 2, city: 1 },
      });
      assertEquals(splits.dev, { nSentences: 1, nWords: 1, nEntities: 0, entityTypes: {} });
      assertEquals(Object.keys(splits.train.entityTypes), ["person", "city"]);
      const table = formatDataStatistics([a], "text").split("\n");
      assertEquals(table[1]!.split(/ +/), ["a", "train", "2", "5", "3", "2"]);
      assertEquals(table.length, 4);
    },
  ));
