import { assertEquals, assertThrows } from "@std/assert";
import type { ReadOptions } from "../../../data/formats/read_settings.ts";
import { type InputKind, readSentences } from "../../../tasks/data_sets/predict_input.ts";

/** The words of each sentence, each of which must stand where it is said to. */
function read(text: string, kind: InputKind): string[][] {
  return readSentences(text, kind, "in.txt").map((words) =>
    words.map((word) => {
      assertEquals(text.slice(word.start, word.end), word.text);
      return word.text;
    })
  );
}

/** Where each word begins. */
function starts(text: string, kind: InputKind): number[] {
  return readSentences(text, kind, "in.txt").flat().map(({ start }) => start);
}

Deno.test("readSentences() takes any white space between words, and a line for a sentence", () => {
  const text = "\uFEFFEU  rejects\u00a0it\r\n\r\n\ta\u2028b\u3000c\f\rd\u200be";
  assertEquals(read(text, "words"), [["EU", "rejects", "it"], ["a", "b", "c"], ["d\u200be"]]);
  assertEquals(read("\uFEFFEU rejects\u00a0it.\r\nNext\u2028line", "text"), [
    ["EU", "rejects", "it", "."],
    ["Next"],
    ["line"],
  ]);
});

Deno.test("readSentences() takes control characters for white space, save in columns", () => {
  const text = "\uFEFFOmar\x02Mirmar\x1b[0m\0\x85left\n\uFEFF \uFEFFa\uFEFFb";
  assertEquals(read(text, "words"), [["Omar", "Mirmar", "[0m", "left"], ["a\uFEFFb"]]);
  assertEquals(read(text, "text"), [["Omar", "Mirmar", "[", "0m"], ["left"], ["a\uFEFFb"]]);
  assertThrows(() => read("Omar\x02 O\n", "conll"), Error, "at in.txt:1: a text must hold neither control");
});

Deno.test("readSentences() ends sentences of paragraphs at blank lines and stops alone", () => {
  const text = "Bank of New\r\nYork. Ann\r\nLee\r\n \r\nEnd\n";
  assertEquals(read(text, "paragraphs"), [["Bank", "of", "New", "York", "."], ["Ann", "Lee"], ["End"]]);
  assertEquals(read(text, "text"), [["Bank", "of", "New"], ["York", "."], ["Ann"], ["Lee"], ["End"]]);
});

Deno.test("readSentences() finds the words of columns in their own lines", () => {
  // A word that begins the mark of a document, one that begins the word before, spaces before a word.
  const text = "\uFEFF-DOCSTART- -X- O\n\n- : O\nEUR N O\r\n  EU N O\n\nE\u00a0U N O\n-DOCSTART-\n- : O\n";
  assertEquals(read(text, "conll"), [["-", "EUR", "EU"], ["E\u00a0U"], ["-"]]);
  assertEquals(
    starts(text, "conll"),
    ["- :", "EUR", "EU N", "E\u00a0U", "- : O\n"].map((word, i) =>
      i < 4 ? text.indexOf(word) : text.lastIndexOf(word)
    ),
  );
  assertEquals(starts("\uFEFFEU\tO\n\nEU\tO", "conll"), [1, 7]);
});

Deno.test("readSentences() throws naming the line of a sentence that is too long", () => {
  const long = "a ".repeat(100_001);
  const message = "at in.txt:3: a sentence must have at most 100000 words, current value is 100001";
  for (const kind of ["text", "words"] as const) {
    assertThrows(() => readSentences(`One.\n\n${long}`, kind, "in.txt"), Error, message);
  }
  assertEquals(readSentences("a ".repeat(100_000), "words", "in.txt")[0]!.length, 100_000);
});

Deno.test("readSentences() finds the words of columns that are laid out as it is told", () => {
  const words = (text: string, layout: ReadOptions) =>
    readSentences(text, "conll", "in.txt", layout).map((sentence) =>
      sentence.map((word) => [word.text, text.slice(word.start, word.end) === word.text, word.start] as const)
    );
  // No tags, of which the words could be told.
  assertEquals(words("Ona\nsat\n\nUlm\n", {}), [[["Ona", true, 0], ["sat", true, 4]], [["Ulm", true, 9]]]);
  const multiconer = "\uFEFF# id 1\tdomain=test\nOna _ _ _\n# _ _ O\n\n\n# id 2\nUlm _ _ _\n";
  assertEquals(
    words(multiconer, { format: "multiconer" }).map((sentence) => sentence.map(([word]) => word)),
    [["Ona", "#"], ["Ulm"]],
  );
  assertEquals(words("1\t1\tO\n2\t2\tO\n", { format: "conllu" }), [[["1", true, 2], ["2", true, 8]]]);
  assertEquals(words("de:e\tO\nde:d\tO\n", { format: "wikiann" }), [[["e", true, 3], ["d", true, 10]]]);
  assertThrows(
    () => words("a b\nc\n\nd\n", {}),
    Error,
    "in.txt:1: a line must have 1 space-separated columns",
  );
});
