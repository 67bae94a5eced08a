import { assertEquals } from "@std/assert";
import { wrapWords } from "../../../tasks/terminal/wrap_words.ts";

Deno.test("wrapWords() fills lines up to the width and gives a longer word a line of its own", () => {
  assertEquals(wrapWords("one two three", 7), ["one two", "three"]);
  assertEquals(wrapWords("a unbreakable b", 4), ["a", "unbreakable", "b"]);
  assertEquals(wrapWords("", 4), [""]);
});

Deno.test("wrapWords() measures lines as it is told", () => {
  assertEquals(wrapWords("one two three", 14, (line) => 2 * line.length), ["one two", "three"]);
});
