import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { chooseShots } from "../../../data/corpus/choose_shots.ts";
import type { Corpus } from "../../../data/corpus/corpus.ts";
import { splitCorpus } from "../../../data/corpus/split_corpus.ts";
import { tagsToSpans } from "../../../data/tags/tag_scheme.ts";

/** Sentences w0, w1, …, with documents of so many. */
const sentences = (n: number, ofDocument?: number) =>
  Array.from({ length: n }, (_, i) => ({
    sentence: { words: [`w${i}`], tags: ["O"] },
    ...(ofDocument === undefined ? {} : { document: Math.floor(i / ofDocument) }),
  }));
const split = (n: number, ofDocument?: number, seed = 5, shares = "80/10/10") =>
  splitCorpus(sentences(n, ofDocument), { shares, seed, source: "a" });
const numbersOf = (part: Corpus["train"]) => part.map(({ words }) => Number(words[0]!.slice(1)));
const sizesOf = ({ train, dev, test }: Corpus) => [train.length, dev.length, test.length];

Deno.test("splitCorpus() meets the shares, uses every sentence once and keeps their order", () => {
  for (const n of [3, 10, 48, 1000]) {
    const { train, dev, test } = split(n);
    const all = [train, dev, test].map(numbersOf);
    assertEquals(all.flat().toSorted((a, b) => a - b), Array.from({ length: n }, (_, i) => i));
    for (const part of all) assertEquals(part, part.toSorted((a, b) => a - b));
  }
  assertEquals(sizesOf(split(1000)), [800, 100, 100]);
  assertEquals(sizesOf(split(1000, undefined, 5, "60/15/25")), [600, 150, 250]);
  assertEquals(sizesOf(split(3)), [1, 1, 1]);
});

Deno.test("splitCorpus() gives the same parts for one seed, others for another", () => {
  assertEquals(split(100, undefined, 7), split(100, undefined, 7));
  assertNotEquals(split(100, undefined, 7), split(100, undefined, 8));
});

Deno.test("splitCorpus() keeps documents whole", () => {
  const { train, dev, test } = split(200, 10);
  const documents = [train, dev, test].map((part) => new Set(numbersOf(part).map((i) => Math.floor(i / 10))));
  assertEquals(documents.map(({ size }) => size), [16, 2, 2]);
  assertEquals(documents.reduce((sum, { size }) => sum + size, 0), 20);
});

Deno.test("splitCorpus() throws when a part would be empty", () => {
  assertThrows(
    () => split(100, 50),
    Error,
    "train of 80/10/10 must get a sentence, current value is 2 documents",
  );
});

/** Sentences with entities of the types in each word: "xy" has two. */
const withTypes = (texts: string[]) =>
  texts.map((types, i) => ({
    words: [...types].map((_, w) => `${i}.${w}`),
    tags: [...types].map((type) => `B-${type}`),
  }));

Deno.test("chooseShots() chooses k entities of each type, and no sentence that could be left out", () => {
  const all = withTypes(Array.from({ length: 60 }, (_, i) => ["x", "xy", "yz", "xxx", "w"][i % 5]!));
  for (const k of [1, 2, 5]) {
    for (const seed of [1, 2, 3]) {
      const chosen = chooseShots(all, k, seed);
      const counts = (some: typeof chosen) => {
        const types = some.flatMap(({ tags }) => tagsToSpans(tags).map(({ entityType }) => entityType));
        return Map.groupBy(types, (type) => type);
      };
      for (const type of "xyzw") assertEquals((counts(chosen).get(type)?.length ?? 0) >= k, true);
      for (const one of chosen) {
        const rest = counts(chosen.filter((other) => other !== one));
        assertEquals([..."xyzw"].some((type) => (rest.get(type)?.length ?? 0) < k), true);
      }
      assertEquals(chosen, all.filter((one) => chosen.includes(one)));
      assertEquals(chooseShots(all, k, seed), chosen);
    }
  }
  assertNotEquals(chooseShots(all, 5, 1), chooseShots(all, 5, 2));
});

Deno.test("chooseShots() takes all entities of a type that has fewer", () => {
  const all = withTypes(["x", "x", "x", "y"]);
  assertEquals(chooseShots(all, 2, 1).length, 3);
  assertEquals(chooseShots([{ words: ["a"], tags: ["O"] }], 2, 1), []);
});
