import { assertEquals } from "@std/assert";
import { shapesOfPieces, WORD_SHAPES, type WordShape, wordShape } from "../../../data/words/word_shapes.ts";

const CASES: Record<WordShape, string[]> = {
  "neither letters nor digits": [".", "--", "…", "#", "“", "😀", "+", "\u0301", "", "℃"],
  "lower case": [
    "ant",
    "o'clock",
    "e-mail",
    "straße",
    "ß",
    "éclair",
    "привет",
    "ǆ",
    "東京",
    "عربي",
    "शब्द",
    "ひらがな",
    "a",
  ],
  "Capitalised": [
    "Ant",
    "O'clock",
    "E-mail",
    "Élan",
    "E\u0301lan",
    "Привет",
    "Ǆungla",
    "ǅungla",
    "Ωmega",
    "(Ant)",
    "Ա\u0580ա",
  ],
  "ALL CAPITALS": ["ANT", "U.S.", "ΑΒΓ", "США", "ÉTÉ", "E\u0301TE\u0301", "ẞẞ", "AB'"],
  "one capital letter": ["A", "A.", "Ω", "Ж", "ǅ", "É", "E\u0301", "(I)"],
  "mIxed case": ["iPhone", "McDonald", "eBay", "LaTeX", "аБв", "NeurIPS", "aB"],
  "letters and digits with a capital": ["GPT-2", "3D", "F1", "Covid19", "B٣", "Ж2", "2ǅ"],
  "digits": ["1", "3.5", "1,000", "-2", "٣", "३", "½", "²", "Ⅷ", "１２", "50%", "10/12"],
  "letters and digits without a capital": ["2nd", "h2o", "4k", "第3", "v1.0", "١ب"],
};

for (const [shape, words] of Object.entries(CASES)) {
  Deno.test(`wordShape() is "${shape}" when the word is ${words.join(" ")}`, () => {
    for (const word of words) assertEquals(wordShape(word), shape, word);
  });
}

Deno.test("shapesOfPieces() gives every piece its word's row, and none to those around the words", () => {
  const shapes = shapesOfPieces(["Ant", "GPT-2", "."], [-1, 0, 1, 1, 1, 2, -1]);
  const [capitalised, both] = [2, 6];
  assertEquals([...shapes], [-1, capitalised, both, both, both, 0, -1]);
  // Stored tables have a row for each class: neither their number nor their order may change.
  assertEquals(Object.keys(CASES), [...WORD_SHAPES]);
});
