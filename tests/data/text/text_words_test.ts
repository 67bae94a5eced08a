import { assertEquals } from "@std/assert";
import { splitSentences, splitWords } from "../../../data/text/text_words.ts";

const words = (text: string) => splitWords(text).map(({ text }) => text).join("|");
const sentences = (text: string) => splitSentences(text).map(({ text }) => text);

Deno.test("splitWords() splits as CoNLL corpora do", () => {
  const cases: [string, string][] = [
    ["", ""],
    [" \n\t", ""],
    ["He left.", "He|left|."],
    ["Germany's team didn't win", "Germany|'s|team|did|n't|win"],
    ["it’s can't CAN'T", "it|’s|ca|n't|CA|N'T"],
    ["the boys' 'own'", "the|boys|'|'|own|'"],
    ["in the U.S. (U.N.-led, e.g. here)", "in|the|U.S.|(|U.N.-led|,|e.g.|here|)"],
    ["Mr. Smith and J. K. Rowling", "Mr.|Smith|and|J.|K.|Rowling"],
    ["plan B. No more", "plan|B.|No|more"],
    ["plan B.", "plan|B|."],
    ["$1,000.50, 3.5% on 19/11/96 at 12:30.", "$|1,000.50|,|3.5|%|on|19/11/96|at|12:30|."],
    ["5-year-old e-mail O'Brien AT&T", "5-year-old|e-mail|O'Brien|AT&T"],
    ["amazon.com. The end.Next", "amazon.com|.|The|end|.|Next"],
    ["see https://a.b/c?d=1, or x@y.org.", "see|https://a.b/c?d=1|,|or|x@y.org|."],
    ["wait... no -- yes ``so''", "wait|...|no|--|yes|``|so|''"],
    ["“Hi”—she", "“|Hi|”|—|she"],
    ["cafe\u0301 na\u00efve", "cafe\u0301|na\u00efve"],
    ["北京Ab", "北|京|Ab"],
    ["👩‍👧 👍🏽!", "👩‍👧|👍🏽|!"],
    ["a\u00a0b\u3000c", "a|b|c"],
  ];
  for (const [text, expected] of cases) assertEquals(words(text), expected, text);
});

Deno.test("splitWords() puts every character that is not white space into one word, in place", () => {
  let state = 1;
  const alphabet = [..."aB1.,'’-&/$% \n京é👍:U"].concat("\u0301", "\ud800", "http://", "n't", "Mr.");
  for (let round = 0; round < 300; round++) {
    let text = "";
    for (let i = 0; i < 20; i++) {
      state = (state * 48271) % 2147483647;
      text += alphabet[state % alphabet.length];
    }
    let at = 0;
    for (const word of splitWords(text)) {
      assertEquals(text.slice(at, word.start).trim(), "", text);
      assertEquals(word.text, text.slice(word.start, word.end), text);
      assertEquals(/\s/.test(word.text), false, text);
      at = word.end;
    }
    assertEquals(text.slice(at).trim(), "", text);
  }
});

Deno.test("splitWords() and splitSentences() go through a long run of one kind once", () => {
  const n = 300_000;
  assertEquals(splitWords("+".repeat(n)).length, n);
  assertEquals(splitWords("a+".repeat(n)).length, 2 * n);
  assertEquals(splitSentences("a.".repeat(n) + " B").length, 1);
  assertEquals(words(`${"a".repeat(64)}@b.c`), `${"a".repeat(64)}@b.c`);
});

Deno.test("splitSentences() ends sentences at stops and line ends, not after titles, initials and abbreviations", () => {
  assertEquals(sentences("Dr. Smith met J. Smith. He left the U.S. in May. Then?  Yes!"), [
    "Dr. Smith met J. Smith.",
    "He left the U.S. in May.",
    "Then?",
    "Yes!",
  ]);
  assertEquals(sentences("Title\nThe U.S.\nNext line\r\n\r\n last "), [
    "Title",
    "The U.S.",
    "Next line",
    "last",
  ]);
  assertEquals(sentences(" \n "), []);
});

Deno.test("splitSentences() says where each sentence stands", () => {
  const text = "  One 👍.  Two. \n\nThree";
  for (const { text: sentence, start, end } of splitSentences(text)) {
    assertEquals(text.slice(start, end), sentence);
  }
  assertEquals(splitSentences(text).map(({ start }) => start), [2, 11, 18]);
});
