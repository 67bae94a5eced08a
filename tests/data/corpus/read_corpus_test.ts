import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { corpusTags } from "../../../data/corpus/corpus.ts";
import { parseCorpus, readCorpus } from "../../../data/corpus/read_corpus.ts";
import { withFolder } from "../../temporary_folder.ts";

/** As many sentences, each with a word of its own. */
const sentences = (n: number, name = "w") =>
  Array.from({ length: n }, (_, i) => `${name}${i} B-a\n`).join("\n");
const wordsOf = (some: { words: readonly string[] }[]) => some.map(({ words }) => words.join(" "));

Deno.test("parseCorpus() reads the parts, and holds dev out of train where there is none", () => {
  const given = parseCorpus({ train: sentences(3), dev: sentences(2, "d"), test: sentences(1, "t") });
  assertEquals([given.train, given.dev, given.test].map(wordsOf), [["w0", "w1", "w2"], ["d0", "d1"], ["t0"]]);
  const { train, dev, test } = parseCorpus({ train: sentences(20) }, { devFraction: 0.25, devSeed: 3 });
  assertEquals([train.length, dev.length, test.length], [15, 5, 0]);
  const all = [...wordsOf(train), ...wordsOf(dev)].sort();
  assertEquals(all, wordsOf(parseCorpus({ train: sentences(20), dev: "d O\n" }).train).sort());
  // Each part is in the order of the whole.
  const places = wordsOf(train).map((word) => Number(word.slice(1)));
  assertEquals(places, places.toSorted((a, b) => a - b));
});

Deno.test("parseCorpus() names part and line of what is wrong", () => {
  const cases: [Parameters<typeof parseCorpus>, string][] = [
    [[{ train: "a B-x\nb\n" }], "train:2"],
    [[{ train: sentences(20), test: "a I-x\n" }], "test:1"],
    [[{ train: "a B-x\n" }], 'Cannot split "train": must have enough sentences to hold 0.1 of them out'],
  ];
  for (const [args, message] of cases) assertThrows(() => parseCorpus(...args), Error, message);
  assertEquals(parseCorpus({ train: "a I-x\n", dev: "b O\n" }, { scheme: "IOB1" }).train.length, 1);
});

Deno.test("readCorpus() reads a folder by path and address, with what files it has", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "train.txt"), sentences(20));
    for (const location of [folder, new URL(`file://${folder}`)]) {
      const { train, dev, test } = await readCorpus(location);
      assertEquals([train.length, dev.length, test.length], [18, 2, 0]);
    }
    await Deno.writeTextFile(join(folder, "dev.txt"), "x B-b\n");
    await Deno.writeTextFile(join(folder, "test.txt"), "y I-c\n");
    await assertRejects(() => readCorpus(folder), Error, "test.txt:1");
    await Deno.writeTextFile(join(folder, "test.txt"), "y B-c\n");
    const corpus = await readCorpus(folder);
    assertEquals([corpus.train.length, corpus.dev.length, corpus.test.length], [20, 1, 1]);
    assertEquals(corpusTags(corpus, "IOB2").entityTypes, ["a", "b", "c"]);
    await Deno.remove(join(folder, "train.txt"));
    await assertRejects(() => readCorpus(folder), Error, 'Cannot read "train.txt"');
  }));
