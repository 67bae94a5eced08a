import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createTokenizer, loadTokenizer } from "../../../data/pieces/tokenizer.ts";
import { TINY_PIECES, tinyTokenizerJson } from "../tiny_tokenizer.ts";

const tokenizer = createTokenizer(tinyTokenizerJson());
const pieces = (ids: Iterable<number>) => Array.from(ids, (id) => tokenizer.idToPiece(id));

Deno.test("createTokenizer() names sizes and special pieces", () => {
  assertEquals(tokenizer.vocabularySize, TINY_PIECES.length);
  assertEquals(tokenizer.specialIds, { pad: 0, unknown: 1, cls: 2, sep: 3, mask: 4 });
  assertEquals(tokenizer.pieceToId("##ers"), 7);
  assertEquals(tokenizer.pieceToId("absent"), undefined);
});

Deno.test("encodeWords() points at each word's first piece", () => {
  const { ids, firstPieces, wordIds } = tokenizer.encodeWords(["New", "Yorkers", "like", "York", "."]);
  assertEquals(pieces(ids), ["[CLS]", "new", "york", "##ers", "like", "york", ".", "[SEP]"]);
  assertEquals([...firstPieces], [1, 2, 4, 5, 6]);
  assertEquals([...wordIds], [-1, 0, 1, 1, 2, 3, 4, -1]);
});

Deno.test("encodeWords() pads and truncates nothing when tokenizer.json asks for both", () => {
  assertEquals(tokenizer.encodeWords(["new"]).ids.length, 3);
  assertEquals(tokenizer.encodeWords(Array(20).fill("new")).ids.length, 22);
});

Deno.test("encodeWords() gives [UNK] to words without pieces, or drops them when asked", () => {
  const words = ["", "new", "\u200b", "\u0000", " ", "york"];
  const unknown = tokenizer.encodeWords(words);
  assertEquals(pieces(unknown.ids), ["[CLS]", "[UNK]", "new", "[UNK]", "[UNK]", "[UNK]", "york", "[SEP]"]);
  assertEquals([...unknown.firstPieces], [1, 2, 3, 4, 5, 6]);
  const dropped = tokenizer.encodeWords(words, { emptyWords: "drop" });
  assertEquals(pieces(dropped.ids), ["[CLS]", "new", "york", "[SEP]"]);
  assertEquals([...dropped.firstPieces], [-1, 1, -1, -1, -1, 2]);
});

Deno.test("encodeWords() keeps [SEP] and marks words without a state when maxPieces cuts", () => {
  const { ids, firstPieces } = tokenizer.encodeWords(["new", "yorkers", "like"], { maxPieces: 4 });
  assertEquals(pieces(ids), ["[CLS]", "new", "york", "[SEP]"]);
  assertEquals([...firstPieces], [1, 2, -1]);
  const whole = tokenizer.encodeWords(["new", "yorkers", "like"], { maxPieces: 6 });
  assertEquals([...whole.firstPieces], [1, 2, 4]);
});

Deno.test("encodeWords() refuses a maxPieces without room for a piece", () => {
  assertThrows(() => tokenizer.encodeWords(["new"], { maxPieces: 2 }), RangeError, "current value is 2");
  assertThrows(() => tokenizer.encodeText("new", { maxPieces: NaN }), RangeError, "current value is NaN");
});

Deno.test("encodeWord() lower-cases Σ letter by letter and isolates ideographs beyond U+FFFF", () => {
  assertEquals(pieces(tokenizer.encodeWord("oΣ")), ["o", "##σ"]);
  assertEquals(pieces(tokenizer.encodeWord("o\u{20000}o京")), ["o", "\u{20000}", "o", "京"]);
});

Deno.test("encodeWord() leaves Σ alone when the tokenizer is cased", () => {
  const cased = createTokenizer(tinyTokenizerJson(false));
  assertEquals([...cased.encodeWord("Σ")], [cased.specialIds.unknown]);
});

Deno.test("encodeText() places pieces in UTF-16 units of the text", () => {
  const text = "\u{1F600} Ne\u0301w\u200b YORKERS\u0301.o\u{20000}[SEP]e";
  const { ids, offsets } = tokenizer.encodeText(text);
  assertEquals(pieces(ids).slice(1, -1), [
    "[UNK]",
    "new",
    "york",
    "##ers",
    ".",
    "o",
    "\u{20000}",
    "[SEP]",
    "e",
  ]);
  const covered = offsets.slice(1, -1).map(([start, end]) => text.slice(start, end));
  assertEquals(covered, ["\u{1F600}", "Ne\u0301w", "YORK", "ERS", ".", "o", "\u{20000}", "[SEP]", "e"]);
  assertEquals([offsets[0], offsets.at(-1)], [[0, 0], [0, 0]]);
});

Deno.test("encodeText() gives all pieces of a decomposed character its one place", () => {
  const { ids, offsets } = tokenizer.encodeText("o \ud55c new");
  assertEquals(pieces(ids).slice(1, -1), ["o", "\u1112", "##\u1161", "##\u11ab", "new"]);
  assertEquals(offsets.slice(1, -1), [[0, 1], [2, 3], [2, 3], [2, 3], [4, 7]]);
});

Deno.test("encodeText() keeps [SEP] when maxPieces cuts", () => {
  const { ids, offsets } = tokenizer.encodeText("new york like", { maxPieces: 4 });
  assertEquals(pieces(ids), ["[CLS]", "new", "york", "[SEP]"]);
  assertEquals(offsets, [[0, 0], [0, 3], [4, 8], [0, 0]]);
});

Deno.test("encodeText() gives the pieces that encodeWords() gives", () => {
  const text = "New Yorkers like [MASK] oΣΣ. e\u0301e\u200be \u{20000}京new";
  assertEquals(tokenizer.encodeText(text).ids, tokenizer.encodeWords(text.split(" ")).ids);
});

Deno.test("createTokenizer() refuses tokenizers that are not BERT's", () => {
  const json = tinyTokenizerJson();
  const withModel = (change: object) => ({ ...json, model: { ...json.model, ...change } });
  const [cls, sep] = ["[CLS]", "[SEP]"].map((id) => ({ SpecialToken: { id, type_id: 0 } }));
  const sentence = { Sequence: { id: "A", type_id: 0 } };
  const template = (single: unknown[]) => ({
    type: "TemplateProcessing",
    single,
    pair: [],
    special_tokens: {},
  });
  const cases: [unknown, string][] = [
    [null, "a tokenizer.json holds one object, current value is null"],
    [{ ...json, model: { type: "BPE" } }, 'model must be WordPiece, current value is "BPE"'],
    [{ ...json, normalizer: null }, "normalizer must be BertNormalizer, current value is null"],
    [{ ...json, pre_tokenizer: { type: "Whitespace" } }, 'current value is "Whitespace"'],
    [{ ...json, model: { ...json.model, vocab: { a: 1.5 } } }, 'model.vocab["a"]'],
    [{ ...json, model: { ...json.model, unk_token: "<unk>" } }, 'current value is "<unk>"'],
    [{ ...json, post_processor: template([]) }, "post_processor must put one known piece before"],
    [{ ...json, post_processor: template([cls, sentence, sep, sep]) }, "post_processor must put one"],
    [{ ...json, post_processor: template([cls, sentence, { SpecialToken: { id: "[X]" } }]) }, '"[X]"'],
    [{ ...json, post_processor: { type: "BertProcessing", cls: 2, sep: ["[SEP]", 3] } }, "is undefined"],
    [{ ...json, post_processor: null }, "post_processor must put one"],
    [
      { ...json, normalizer: { ...json.normalizer, lowercase: "no" } },
      'lowercase must be true or false, current value is "no"',
    ],
    [withModel({ vocab: { ...json.model.vocab, a: 2 ** 31 } }), "below 2^31"],
    [withModel({ vocab: { ...json.model.vocab, a: 5 } }), 'model.vocab["a"] must differ from that of "new"'],
    // Time grows with the cube of it.
    [
      withModel({ max_input_chars_per_word: 1e9 }),
      "a whole number from 1 to 256, current value is 1000000000",
    ],
    [withModel({ continuing_subword_prefix: "#".repeat(1e6) }), "at most 16 characters"],
    [{ ...json, added_tokens: [null] }, "added_tokens[0].content must be text"],
    [{ ...json, added_tokens: [{ id: 1e9, content: "[PAD]", special: true }] }, 'that of "[PAD]" alone'],
    [{ ...json, added_tokens: [{ id: 0, content: "[X]", special: true }] }, 'that of "[X]" alone'],
    [{ ...json, added_tokens: [{ id: 99, content: "[X]", special: "yes" }] }, "flags of added_tokens[0]"],
    [{ ...json, added_tokens: [{ id: 5, content: "new", special: false }] }, 'added_tokens[0] "new"'],
  ];
  for (const [json, message] of cases) {
    assertThrows(() => createTokenizer(json, {}, "here.json"), Error, message);
    assertThrows(() => createTokenizer(json, {}, "here.json"), Error, 'Cannot use tokenizer "here.json": ');
  }
});

Deno.test("createTokenizer() runs no pattern of the file's own, however it is put there", () => {
  const pattern = { Regex: "(a+)+$" };
  const json = tinyTokenizerJson();
  const harmful = {
    ...json,
    normalizer: { ...json.normalizer, normalizers: [{ type: "Replace", pattern, content: "" }] },
    pre_tokenizer: { ...json.pre_tokenizer, pretokenizers: [{ type: "Split", pattern }], pattern },
    decoder: { type: "Replace", pattern, content: "" },
  };
  const word = "a".repeat(60) + "!";
  assertEquals(createTokenizer(harmful).encodeText(word), tokenizer.encodeText(word));
  const types = ["Replace", "Sequence", "Split", "Strip"];
  for (const key of ["normalizer", "pre_tokenizer"]) {
    for (const type of types) {
      assertThrows(() => createTokenizer({ ...json, [key]: { type, pattern } }), Error, key);
    }
  }
  for (const key of ["remove_space", "do_lowercase_and_remove_accent"]) {
    assertThrows(
      () => createTokenizer(json, { [key]: true }),
      Error,
      `${key} must be false in tokenizer_config.json`,
    );
  }
  assertThrows(
    () => createTokenizer(json, []),
    Error,
    "one object in tokenizer_config.json, current value is []",
  );
});

Deno.test("loadTokenizer() reads a folder, with or without tokenizer_config.json", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await assertRejects(() => loadTokenizer(folder), Error, 'Cannot read "tokenizer.json" at file://');
    await Deno.writeTextFile(`${folder}/tokenizer.json`, JSON.stringify(tinyTokenizerJson()));
    assertEquals((await loadTokenizer(folder)).vocabularySize, TINY_PIECES.length);
    await Deno.writeTextFile(`${folder}/tokenizer_config.json`, "{");
    await assertRejects(() => loadTokenizer(folder), Error, "the file must be JSON");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
