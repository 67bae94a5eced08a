import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { createTokenizer, type Tokenizer } from "../data/pieces/tokenizer.ts";
import { oraclePath, readOwnOracle } from "./oracle_dir.ts";

interface Expected {
  ids: number[];
  pieces: string[];
  wordIds?: (number | null)[];
  offsets?: [number, number][];
  keptWords?: number[];
  wholeWords?: number[];
}
interface Case {
  kind: string;
  words?: string[];
  text?: string;
  maxLength?: number;
  expected: Record<string, Expected>;
}

/** Cases that the project has itself, made by tests/oracle/word_pieces/make.py. */
interface OwnCases {
  tokenizers: Record<string, Parameters<typeof createTokenizer>[0]>;
  cases: Case[];
}

/**
 * Punctuation of today's Unicode that is none in the Rust library's older tables, and so no word of its own there.
 * It is in no vocabulary of BERT: what it is attached to is unknown to the library, and split off by ours.
 */
const YOUNG_PUNCTUATION = new RegExp(
  "[\\u061D\\u09FD\\u0A76\\u0C77\\u0C84\\u1B4E\\u1B4F\\u1B7D-\\u1B7F\\u2E43-\\u2E4F\\u2E52-\\u2E5D" +
    "\\u{10D6E}\\u{10EAD}\\u{10F55}-\\u{10F59}\\u{10F86}-\\u{10F89}\\u{113D4}\\u{113D5}\\u{113D7}\\u{113D8}" +
    "\\u{1144B}-\\u{1144F}\\u{1145A}\\u{1145B}\\u{1145D}\\u{11660}-\\u{1166C}\\u{116B9}\\u{1183B}" +
    "\\u{11944}-\\u{11946}\\u{119E2}\\u{11A3F}-\\u{11A46}\\u{11A9A}-\\u{11A9C}\\u{11A9E}-\\u{11AA2}" +
    "\\u{11B00}-\\u{11B09}\\u{11BE1}\\u{11C41}-\\u{11C45}\\u{11C70}\\u{11C71}\\u{11EF7}\\u{11EF8}" +
    "\\u{11F43}-\\u{11F4F}\\u{11FFF}\\u{12FF1}\\u{12FF2}\\u{16D6D}-\\u{16D6F}\\u{16E97}-\\u{16E9A}" +
    "\\u{16FE2}\\u{1E5FF}\\u{1E95E}\\u{1E95F}]",
  "gu",
);
/** Letters in no vocabulary of BERT, of one and of two UTF-16 units: what the library sees in that punctuation. */
const UNKNOWN_LETTERS = ["\u16A0", "\u{10400}"];
const asUnknownLetters = (text: string) =>
  text.replace(YOUNG_PUNCTUATION, (mark) => UNKNOWN_LETTERS[mark.length - 1]!);

const path = oraclePath("tokenization.json");
let file: { tokenizers: Record<string, string>; cases: Case[] } | undefined;
try {
  file = JSON.parse(Deno.readTextFileSync(path));
} catch (error) {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
  console.log(
    `oracle_tokenization_test: skipped, as there is no ${path} (its sentences are not this project's own)`,
  );
}
const tokenizers: [string, Tokenizer][] = Object.entries(file?.tokenizers ?? {}).map(([name, file]) => [
  name,
  createTokenizer(JSON.parse(Deno.readTextFileSync(oraclePath(`../${file}`)))),
]);

/** What our tokenizer makes of a case, in the form of the expected file. */
function encode(
  tokenizer: Tokenizer,
  { words, text, maxLength }: Case,
  change = (text: string) => text,
): Expected {
  const maxPieces = maxLength ?? Infinity;
  const piecesOf = (ids: Int32Array) => Array.from(ids, (id) => tokenizer.idToPiece(id)!);
  if (words === undefined) {
    const { ids, offsets } = tokenizer.encodeText(change(text!), { maxPieces });
    return { ids: [...ids], pieces: piecesOf(ids), offsets };
  }
  const { ids, wordIds, firstPieces } = tokenizer.encodeWords(words.map(change), {
    maxPieces,
    emptyWords: "drop",
  });
  const encoded: Expected = {
    ids: [...ids],
    pieces: piecesOf(ids),
    wordIds: Array.from(wordIds, (word) => word < 0 ? null : word),
  };
  if (maxLength === undefined) return encoded;
  const keptWords = [...words.keys()].filter((word) => firstPieces[word]! >= 0);
  const nPieces = (word: number) => encoded.wordIds!.filter((id) => id === word).length;
  const wholeWords = keptWords.filter((word) =>
    nPieces(word) === tokenizer.encodeWord(change(words[word]!)).length
  );
  return { ...encoded, keptWords, wholeWords };
}

/** Whether a case holds punctuation that the library does not take for such. */
function isExempt({ words, text }: Case): boolean {
  return (words ?? [text!]).some((part) => part.search(YOUNG_PUNCTUATION) >= 0);
}

Deno.test("encodeWords() and encodeText() equal the Rust library on made-up texts of many scripts", async (t) => {
  const own = readOwnOracle<OwnCases>("word_pieces/cases.json");
  assert(own.cases.length > 400);
  for (const [name, json] of Object.entries(own.tokenizers)) {
    const tokenizer = createTokenizer(json);
    await t.step(name, () => {
      for (const example of own.cases) {
        const { ids, wordIds, offsets } = encode(tokenizer, example);
        const { expected } = example;
        assertEquals(
          example.words ? { ids, wordIds } : { ids, offsets },
          expected[name] as unknown,
          JSON.stringify(example.words ?? example.text),
        );
      }
    });
  }
});

Deno.test({
  name: "encodeWords() and encodeText() equal the Rust library id for id and place for place",
  ignore: file === undefined,
  fn() {
    assert(tokenizers.length > 0 && file!.cases.length > 0);
    for (const [name, tokenizer] of tokenizers) {
      for (const [index, example] of file!.cases.entries()) {
        if (isExempt(example)) continue;
        assertEquals(
          encode(tokenizer, example),
          example.expected[name],
          `${name}, case ${index} (${example.kind})`,
        );
      }
    }
  },
});

Deno.test({
  name: "encodeWords() and encodeText() differ from the Rust library by young punctuation alone",
  ignore: file === undefined,
  fn() {
    for (const [name, tokenizer] of tokenizers) {
      for (const [index, example] of file!.cases.entries()) {
        if (!isExempt(example)) continue;
        const what = `${name}, case ${index} (${example.kind})`;
        const expected = example.expected[name];
        const mended = encode(tokenizer, example, asUnknownLetters);
        assertEquals(mended, expected, what);
        const ours = encode(tokenizer, example);
        // Where the mark stands alone, or was cut off, both are the same unknown piece.
        const attached = (example.words ?? [example.text!]).some((part) =>
          part.search(new RegExp(`[\\p{L}\\p{N}]${YOUNG_PUNCTUATION.source}`, "u")) >= 0
        );
        if (attached && example.maxLength === undefined) {
          assertNotEquals(
            ours,
            expected,
            `${what} agrees: the exemption of its punctuation is no longer needed`,
          );
        }
      }
    }
  },
});

Deno.test({
  name: "encodeWords() splits off young punctuation, so that its exemption is still needed",
  ignore: file === undefined,
  fn() {
    for (const [, tokenizer] of tokenizers) {
      // The library: one word, not in the vocabulary.
      assertNotEquals([...tokenizer.encodeWord("a\u2E5Db")], [tokenizer.specialIds.unknown]);
    }
  },
});
