import { assert, assertEquals, assertThrows } from "@std/assert";
import { splitLongSentence } from "../../../data/pieces/sentence_pieces.ts";

/** Each word has as many pieces as letters. */
const letters = { encodeWord: (word: string) => Array.from(word, () => 1) };

Deno.test("splitLongSentence() leaves a sentence whole when it just fits", () => {
  assertEquals(splitLongSentence(["aaa", "b"], letters, 6), [{ start: 0, end: 2 }]);
  assertEquals(splitLongSentence(["aaa", "b"], letters, 5), [{ start: 0, end: 1 }, { start: 1, end: 2 }]);
  assertEquals(splitLongSentence([], letters, 5), []);
});

Deno.test("splitLongSentence() covers all words in order within the limit", () => {
  for (let limit = 3; limit < 40; limit++) {
    const words = Array.from({ length: 50 }, (_, i) => "x".repeat((i * 7 + limit) % 5));
    const parts = splitLongSentence(words, letters, limit);
    assertEquals(parts.flatMap(({ start, end }) => words.slice(start, end)), words);
    for (const { start, end } of parts) {
      const size = words.slice(start, end).reduce((sum, word) => sum + Math.max(1, word.length), 2);
      assert(
        end > start && (size <= limit || end === start + 1),
        `limit ${limit}: ${start}-${end} has ${size}`,
      );
    }
  }
});

Deno.test("splitLongSentence() makes parts of about equal length", () => {
  const parts = splitLongSentence(Array(11).fill("a"), letters, 12);
  assertEquals(parts.map(({ start, end }) => end - start), [6, 5]);
});

Deno.test("splitLongSentence() counts words without pieces, as they get [UNK]", () => {
  assertEquals(splitLongSentence(["", "", "", ""], letters, 4).length, 2);
});

Deno.test("splitLongSentence() gives a word over the limit a part of its own", () => {
  const parts = splitLongSentence(["a", "b".repeat(100), "c"], letters, 10);
  assertEquals(parts, [{ start: 0, end: 1 }, { start: 1, end: 2 }, { start: 2, end: 3 }]);
});

Deno.test("splitLongSentence() refuses a limit without room for a piece", () => {
  assertThrows(() => splitLongSentence(["a"], letters, 2), RangeError, "current value is 2");
});
