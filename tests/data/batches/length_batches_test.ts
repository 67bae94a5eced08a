import { assertEquals } from "@std/assert";
import { lengthBatches } from "../../../data/batches/length_batches.ts";

const lengthOf = (text: string) => text.length;

Deno.test("lengthBatches() begins with the longest, and keeps the order of those of one length", () => {
  const texts = ["bb", "a", "dddd", "cc", "eee"];
  assertEquals(lengthBatches(texts, { lengthOf, limit: 2 }), [[2, 4], [0, 3], [1]]);
  assertEquals(lengthBatches(texts, { lengthOf, limit: 5 }), [[2, 4, 0, 3, 1]]);
  assertEquals(lengthBatches([], { lengthOf, limit: 2 }), []);
});

Deno.test("lengthBatches() fills batches by what things add to them, one that is too large being alone", () => {
  const texts = ["a", "a".repeat(9), "aa", "aaa", "aaaa"];
  assertEquals(lengthBatches(texts, { lengthOf, sizeOf: lengthOf, limit: 7 }), [[1], [4, 3], [2, 0]]);
});
