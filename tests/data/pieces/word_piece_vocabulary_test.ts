import { assertEquals, assertThrows } from "@std/assert";
import { Tokenizer } from "npm:@huggingface/tokenizers@0.2.0";
import { tokenizerJson } from "../../../data/pieces/word_piece_tokenizer_json.ts";
import { SPECIAL_PIECES, trainWordPieces } from "../../../data/pieces/word_piece_vocabulary.ts";
import { createSampleCorpora } from "../../../data/sample/corpora.ts";

const CORPORA = createSampleCorpora(4, { source: { text: 1500 }, target: { text: 300 } });

/** Merges as defined, counting every pair anew each time. */
function trainNaively(words: string[], characters: string[], size: number): string[] {
  const pieces = [...characters];
  const split = words.map((word) => [...word].map((character, i) => i === 0 ? character : `##${character}`));
  while (pieces.length < size) {
    const counts = new Map<string, number>();
    for (const parts of split) {
      for (let i = 1; i < parts.length; i++) {
        const pair = `${parts[i - 1]} ${parts[i]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    }
    if (counts.size === 0) break;
    const age = (pair: string) => pair.split(" ").map((piece) => pieces.indexOf(piece));
    const [best] = [...counts].sort(([a, m], [b, n]) => {
      const [a1, a2] = age(a);
      const [b1, b2] = age(b);
      return n - m || a1! - b1! || a2! - b2!;
    })[0]!;
    const [left, right] = best.split(" ");
    const merged = left + right!.slice(2);
    if (!pieces.includes(merged)) pieces.push(merged);
    for (const parts of split) {
      for (let i = 0; i + 1 < parts.length; i++) {
        if (parts[i] === left && parts[i + 1] === right) parts.splice(i, 2, merged);
      }
    }
  }
  return pieces;
}

Deno.test("trainWordPieces() merges the most frequent pair first, the older one of equals", () => {
  const pieces = trainWordPieces(["low low low", "lower lower newest"], { vocabularySize: 24 });
  assertEquals(pieces, [
    ...SPECIAL_PIECES,
    ..."e l n o r s t w".split(" "),
    ..."##e ##o ##r ##s ##t ##w".split(" "),
    ..."lo low ##er lower ne".split(" "),
  ]);
});

Deno.test("trainWordPieces() equals a trainer that counts all pairs anew at each merge", () => {
  const texts = CORPORA.sourceText.slice(0, 60);
  const words = texts.flatMap((text) => text.replace(/[!-/:-@[-`{-~]/g, " $& ").split(/\s+/)).filter((word) =>
    word
  );
  const pieces = trainWordPieces(texts, { vocabularySize: 400 });
  const characters = pieces.filter((piece) => SPECIAL_PIECES.includes(piece) || /^(##)?.$/.test(piece));
  assertEquals(pieces.join(" "), trainNaively(words, characters, 400).join(" "));
});

Deno.test("trainWordPieces() does not depend on the order of the texts", () => {
  const train = (texts: string[]) => trainWordPieces(texts, { vocabularySize: 1000 });
  const pieces = train(CORPORA.sourceText);
  assertEquals(pieces.length, 1000);
  assertEquals(new Set(pieces).size, 1000);
  assertEquals(pieces.join(" ") === train(CORPORA.sourceText.toReversed()).join(" "), true);
});

Deno.test("trainWordPieces() stops early when nothing is left to merge", () => {
  assertEquals(trainWordPieces(["ab", "b"], { vocabularySize: 50 }), [
    ...SPECIAL_PIECES,
    "a",
    "b",
    "##b",
    "ab",
  ]);
});

Deno.test("trainWordPieces() repeats a merge inside one word without overlap", () => {
  const pieces = trainWordPieces(["xaaaa"], { vocabularySize: 20 });
  assertEquals(pieces, [...SPECIAL_PIECES, "a", "x", "##a", "##aa", "xaa", "xaaaa"]);
});

Deno.test("trainWordPieces() splits at punctuation and CJK, and drops case and accents only when lowercase", () => {
  const texts = ["É-É中É"];
  assertEquals(trainWordPieces(texts, { vocabularySize: 9 }), [...SPECIAL_PIECES, "-", "É", "中"]);
  assertEquals(trainWordPieces(texts, { vocabularySize: 9, lowercase: true }), [
    ...SPECIAL_PIECES,
    "-",
    "e",
    "中",
  ]);
});

Deno.test("trainWordPieces() keeps the most frequent characters when maxCharacters is reached", () => {
  const pieces = trainWordPieces(["aa ab aa"], { vocabularySize: 9, maxCharacters: 1 });
  assertEquals(pieces, [...SPECIAL_PIECES, "a", "##a", "aa"]);
});

Deno.test("trainWordPieces() refuses a size without room for the characters", () => {
  assertThrows(
    () => trainWordPieces(["abc"], { vocabularySize: 9 }),
    Error,
    "5 special pieces and 5 characters, current value is 9",
  );
  assertThrows(() => trainWordPieces(["abc"], { vocabularySize: NaN }), Error, "current value is NaN");
});

Deno.test("tokenizerJson() gives a tokenizer that splits training words into known pieces only", () => {
  for (const lowercase of [false, true]) {
    const vocabulary = trainWordPieces(CORPORA.sourceText, { vocabularySize: 600, lowercase });
    const json = JSON.parse(JSON.stringify(tokenizerJson(vocabulary, { lowercase })));
    const tokenizer = new Tokenizer(json, {});
    for (const text of CORPORA.sourceText.slice(0, 300)) {
      const { ids, tokens } = tokenizer.encode(text);
      assertEquals(ids.map((id: number) => vocabulary[id]), tokens);
      assertEquals([tokens[0], tokens.at(-1)], ["[CLS]", "[SEP]"]);
      assertEquals(tokens.includes("[UNK]"), false);
      const spelled = tokens.slice(1, -1).map((token: string) => token.replace(/^##/, "")).join("");
      const expected = text.replaceAll(" ", "");
      assertEquals(spelled, lowercase ? expected.toLowerCase() : expected);
    }
    assertEquals(tokenizer.encode("[MASK]", { add_special_tokens: false }).ids, [
      vocabulary.indexOf("[MASK]"),
    ]);
  }
});

Deno.test("tokenizerJson() keeps accents unless lowercase is set", () => {
  const vocabulary = [...SPECIAL_PIECES, "É", "E", "é", "e"];
  const split = (lowercase: boolean) =>
    new Tokenizer(tokenizerJson(vocabulary, { lowercase }), {}).encode("É E é", { add_special_tokens: false })
      .tokens;
  assertEquals(split(false), ["É", "E", "é"]);
  assertEquals(split(true), ["e", "e", "e"]);
});

Deno.test("tokenizerJson() takes the longest piece first when several fit", () => {
  const vocabulary = [...SPECIAL_PIECES, "a", "ab", "##b", "##c", "##bc", "abb"];
  const tokenizer = new Tokenizer(tokenizerJson(vocabulary), {});
  assertEquals(tokenizer.encode("abbc abc ad", { add_special_tokens: false }).tokens, [
    "abb",
    "##c",
    "ab",
    "##c",
    "[UNK]",
  ]);
});

Deno.test("tokenizerJson() refuses a vocabulary without special pieces or with a piece twice", () => {
  assertThrows(() => tokenizerJson(["[PAD]", "[UNK]", "a"]), Error, "must hold [CLS]");
  assertThrows(() => tokenizerJson([...SPECIAL_PIECES, "a", "b", "a"]), Error, '"a" at 5 and 7');
});
