import { assertEquals, assertThrows } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { vectorTable } from "../../../data/words/vector_table.ts";
import {
  createVocabulary,
  FIRST_WORD,
  PAD,
  spellingsOf,
  UNK,
  vocabularyFromJson,
} from "../../../data/words/word_vocabulary.ts";

Deno.test("createVocabulary() orders words by frequency, then by text, after PAD and UNK", () => {
  const vocabulary = createVocabulary(["b", "é", "a", "b", "Z", "c", "c"], { also: ["y", "c", "x"] });
  assertEquals(vocabulary.words, ["b", "c", "Z", "a", "é", "x", "y"]);
  assertEquals(vocabulary.counts, [2, 2, 1, 1, 1, 0, 0]);
  assertEquals([PAD, UNK, FIRST_WORD, vocabulary.size], [0, 1, 2, 9]);
  assertEquals([...vocabulary.idsOf(["b", "c", "y", "z", "<pad>", "", "constructor", "__proto__"])], [
    2,
    3,
    8,
    UNK,
    UNK,
    UNK,
    UNK,
    UNK,
  ]);
});

Deno.test("createVocabulary() leaves out rare words, but not those of word vectors", () => {
  const vocabulary = createVocabulary(["a", "a", "b", "c"], { minCount: 2, also: ["c", "d"] });
  assertEquals(vocabulary.words, ["a", "c", "d"]);
  assertEquals(vocabulary.counts, [2, 0, 0]);
});

Deno.test("idOf() finds a word as it is, then in lower case where it is allowed to", () => {
  const occurrences = ["Bonn", "bonn", "us", "1996"];
  const cased = createVocabulary(occurrences);
  const both = createVocabulary(occurrences, { lowercaseFallback: true });
  const word = (vocabulary: typeof both, text: string) =>
    vocabulary.words[vocabulary.idOf(text) - FIRST_WORD];
  assertEquals(["Bonn", "BONN", "US"].map((text) => word(both, text)), ["Bonn", "bonn", "us"]);
  assertEquals(["Bonn", "BONN", "US"].map((text) => word(cased, text)), ["Bonn", undefined, undefined]);
});

Deno.test("idOf() takes every digit for 0 where it is told to", () => {
  const vocabulary = createVocabulary(["1996", "2024", "B-52", "٣"], {
    digitsToZero: true,
    lowercaseFallback: true,
    also: ["b-00", "1997", "0"],
  });
  // No look-up could reach 1997: every digit that is asked for is 0 by then.
  assertEquals(vocabulary.words, ["0000", "0", "B-00", "b-00"]);
  assertEquals([...vocabulary.idsOf(["1871", "B-17", "b-29", "7", "12"])], [2, 4, 5, 3, UNK]);
  assertEquals(spellingsOf("B-52", vocabulary), ["B-00", "b-00"]);
  assertEquals(spellingsOf("B-52"), ["B-52"]);
});

Deno.test("createVocabulary() makes a vocabulary of characters from characters", () => {
  const characters = createVocabulary([..."a\u{1F600}a b"]);
  assertEquals(characters.words, ["a", " ", "b", "\u{1F600}"]);
  assertEquals([...characters.idsOf("b\u{1F600}c")], [4, 5, UNK]);
});

Deno.test("createVocabulary() refuses empty words and a minCount that is none", () => {
  assertThrows(() => createVocabulary(["a", ""]), Error, 'with "": a word must not be empty');
  assertThrows(() => createVocabulary(["a"], { also: [""] }), Error, "a word must not be empty");
  assertThrows(() => createVocabulary([], { minCount: 0 }), Error, "current value is 0");
});

Deno.test("vocabularyFromJson() gives the vocabulary that was written", () => {
  const options = { also: ["x"], lowercaseFallback: true, digitsToZero: true };
  const vocabulary = createVocabulary(["b", "a", "b", "7"], options);
  const back = vocabularyFromJson(JSON.parse(JSON.stringify(vocabulary.toJson())));
  assertEquals(back.toJson(), vocabulary.toJson());
  const asked = ["b", "A", "9", "X", "z"];
  assertEquals([...back.idsOf(asked)], [...vocabulary.idsOf(asked)]);
  assertEquals(back.size, 6);
});

Deno.test("vocabularyFromJson() refuses anything else, naming the key", () => {
  const good = createVocabulary(["b", "b", "a", "c"], { digitsToZero: true }).toJson();
  const cases: [change: object, message: string][] = [
    [{ words: "b" }, "at words: it must be a list"],
    [{ words: ["b", "a", "a"] }, 'at words[2]: a word must come once, current value is "a"'],
    [{ words: ["b", "c", "a"] }, "at words[2]: words must be ordered by count, then by text"],
    [{ words: ["b", "", "c"] }, "at words[1]: it must be text"],
    [{ words: ["b", 7, "c"] }, "at words[1]: it must be text, current value is 7"],
    [{ words: ["b", "1", "c"] }, "at words[1]: digits must be 0"],
    [{ counts: [2, 1] }, "at counts: it must be a list of 3 numbers"],
    [{ counts: [1, 1, 2] }, "at words[1]: words must be ordered"],
    [{ counts: [2, 1, -1] }, "at counts[2]: it must be a whole number from 0, current value is -1"],
    [{ counts: [2, 1, 0.5] }, "at counts[2]"],
    [{ digitsToZero: 1 }, "at digitsToZero: it must be true or false, current value is 1"],
    [{ lowercaseFallback: undefined }, "at lowercaseFallback"],
    [{ unk: 1 }, "at unk: there must be no other key"],
  ];
  for (const [change, message] of cases) {
    assertThrows(() => vocabularyFromJson({ ...good, ...change }, "v.json"), Error, `"v.json" ${message}`);
  }
  assertThrows(() => vocabularyFromJson(null), Error, "at the top: it must be an object");
  assertEquals(vocabularyFromJson(good).words, ["b", "a", "c"]);
});

Deno.test("vectorTable() gives capitalised words the uncased vector, and others drawn numbers", () => {
  const vectors = { words: ["bonn", "Us", "us"], width: 3, data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9) };
  const occurrences = ["Bonn", "Bonn", "Us", "US", "zzz"];
  const table = (lowercaseFallback: boolean, seed = 1) =>
    vectorTable(createVocabulary(occurrences, { lowercaseFallback }), vectors, createRandom(seed));
  const { data, found } = table(true);
  const row = (data: Float32Array, i: number) => [...data.subarray(3 * i, 3 * i + 3)];
  // Padding, unknown words, then Bonn, US, Us and zzz.
  assertEquals([0, 2, 3, 4].map((i) => row(data, i)), [[0, 0, 0], [1, 2, 3], [7, 8, 9], [4, 5, 6]]);
  assertEquals(found, { exact: 1, lowercase: 2, missing: 1 });
  // U(±1) at width 3.
  const missing = row(data, 5);
  for (const x of [...row(data, 1), ...missing]) assertEquals(Math.abs(x) < 1 && x !== 0, true);
  assertEquals(table(true).data, data);
  assertEquals(row(table(true, 2).data, 2), row(data, 2));
  assertEquals(row(table(true, 2).data, 5).some((x, i) => x === missing[i]), false);
  const cased = table(false);
  assertEquals(cased.found, { exact: 1, lowercase: 0, missing: 3 });
  assertEquals(row(cased.data, 5), missing);
  const wide = vectorTable(
    createVocabulary(["a"]),
    { words: [], width: 1e5, data: new Float32Array() },
    createRandom(1),
  );
  const most = wide.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  assertEquals(Math.abs(most / Math.sqrt(3 / 1e5) - 1) < 1e-3, true);
});
