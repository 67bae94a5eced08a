import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { pathToFileURL } from "node:url";
import { createByteLevelTokenizer, loadByteLevelTokenizer } from "../../../data/pieces/byte_level_bpe.ts";
import { trainByteLevelBpe } from "../../../data/pieces/byte_level_bpe_training.ts";
import { BYTE_CHARACTERS } from "../../../data/pieces/byte_level_json.ts";
import { encodeCorpus } from "../../../data/pieces/encode_corpus.ts";
import { createSampleCorpora } from "../../../data/sample/corpora.ts";
import { readOwnOracle } from "../../oracle_dir.ts";
import { withFolder } from "../../temporary_folder.ts";

type TokenizerJson = ReturnType<typeof trainByteLevelBpe>;

const { texts, tokenizer: expected, encodings } = readOwnOracle<{
  texts: string[];
  tokenizer: TokenizerJson;
  encodings: { words: string[]; ids: number[]; wordIds: number[] }[];
}>("word_level/byte_level.json");

Deno.test("trainByteLevelBpe() writes the tokenizer.json that Hugging Face's trainer writes", () => {
  const trained = trainByteLevelBpe(texts, { vocabularySize: 500 });
  assertEquals(trained.model.merges, expected.model.merges);
  assertEquals(JSON.parse(JSON.stringify(trained)), expected);
});

Deno.test("trainByteLevelBpe() stops when nothing is left to merge, and refuses a size without room", () => {
  const { model } = trainByteLevelBpe(["ab", "ab"], { vocabularySize: 1000 });
  assertEquals(model.merges, [["a", "b"], ["Ġ", "ab"]]);
  assertEquals(Object.keys(model.vocab).length, 5 + 256 + 2);
  assertThrows(
    () => trainByteLevelBpe([], { vocabularySize: 260 }),
    Error,
    "256 bytes, current value is 260",
  );
});

Deno.test("encodeWords() gives the pieces and words of Hugging Face's tokenizers", () => {
  const tokenizer = createByteLevelTokenizer(expected);
  assertEquals(encodings.length > 250, true);
  for (const { words, ids, wordIds } of encodings) {
    const encoded = tokenizer.encodeWords(words, { emptyWords: "drop" });
    assertEquals([...encoded.ids], ids, JSON.stringify(words));
    assertEquals([...encoded.wordIds], wordIds, JSON.stringify(words));
    words.forEach((_, word) => assertEquals(encoded.firstPieces[word], wordIds.indexOf(word)));
  }
});

Deno.test("createByteLevelTokenizer() names sizes and special pieces, with words always after a space", () => {
  const { pre_tokenizer } = expected;
  // BART's own file has no prefix space.
  const tokenizer = createByteLevelTokenizer({
    ...expected,
    pre_tokenizer: { ...pre_tokenizer, add_prefix_space: false },
  });
  assertEquals(tokenizer.vocabularySize, 500);
  assertEquals(tokenizer.specialIds, { cls: 0, pad: 1, sep: 2, unknown: 3, mask: 4 });
  assertEquals(tokenizer.encodeWord("so"), createByteLevelTokenizer(expected).encodeWord("so"));
  assertEquals(tokenizer.idToPiece(tokenizer.encodeWord("so")[0]!)!.startsWith("Ġ"), true);
  const { ids, firstPieces } = tokenizer.encodeWords(["", "so"]);
  assertEquals([...ids].map((id) => tokenizer.idToPiece(id)), ["<s>", "Ġ", "Ġso", "</s>"]);
  assertEquals([...firstPieces], [1, 2]);
});

Deno.test("createByteLevelTokenizer() reads GPT-2's kind of file: merges as text, nothing around a sentence", () => {
  const { model } = expected;
  const gpt2 = createByteLevelTokenizer({
    ...expected,
    added_tokens: [],
    post_processor: { type: "ByteLevel", add_prefix_space: true, trim_offsets: false },
    model: { ...model, merges: model.merges.map((merge) => merge.join(" ")) },
  });
  const bart = createByteLevelTokenizer(expected);
  for (const { words } of encodings.slice(0, 60)) {
    assertEquals(gpt2.encodeWords(words).ids, bart.encodeWords(words).ids.slice(1, -1));
  }
  assertEquals([gpt2.specialIds.cls, gpt2.specialIds.sep], [-1, -1]);
  assertEquals([...gpt2.encodeWords(["so", "so", "so"], { maxPieces: 3 }).firstPieces], [0, 1, 2]);
});

Deno.test("encodeCorpus() splits a long sentence into byte-level parts without loss", () => {
  const { targetText } = createSampleCorpora(1, { source: { text: 0 }, target: { text: 200 } });
  const tokenizer = createByteLevelTokenizer(trainByteLevelBpe(targetText, { vocabularySize: 400 }));
  const words = targetText.slice(0, 5).join(" ").split(" ");
  const { parts, places } = encodeCorpus([words], tokenizer, 32);
  assert(parts.length > 3);
  assertEquals(places[0]!.start, 0);
  parts.forEach(({ ids, firstPieces }, p) => {
    assertEquals(ids.length <= 32, true);
    assertEquals(Array.from(firstPieces).every((place) => place > 0), true);
    assertEquals(places[p]!.end, places[p + 1]?.start ?? words.length);
  });
  const text = parts.flatMap(({ ids }) => Array.from(ids).slice(1, -1).map((id) => tokenizer.idToPiece(id)))
    .join(
      "",
    );
  assertEquals(text.replaceAll("Ġ", " "), ` ${words.join(" ")}`);
});

Deno.test("createByteLevelTokenizer() refuses other tokenizers, naming the key", () => {
  const { model } = expected;
  const { merges, vocab } = model;
  const { ["Ġ"]: _, ...withoutSpace } = vocab;
  const cases: [json: unknown, message: string][] = [
    [null, "one object, current value is null"],
    [
      { ...expected, normalizer: { type: "NFC" } },
      'normalizer must be null, current value is {"type":"NFC"}',
    ],
    [
      { ...expected, pre_tokenizer: { type: "Whitespace" } },
      'pre_tokenizer must be ByteLevel, current value is "Whitespace"',
    ],
    [
      { ...expected, model: { ...model, type: "WordPiece" } },
      'model must be BPE, current value is "WordPiece"',
    ],
    [{ ...expected, model: { ...model, dropout: 0.1 } }, "model.dropout must be empty, current value is 0.1"],
    [
      { ...expected, model: { ...model, end_of_word_suffix: "</w>" } },
      "model.end_of_word_suffix must be empty",
    ],
    [
      { ...expected, model: { ...model, vocab: withoutSpace } },
      'model.vocab must hold all bytes, "Ġ" too',
    ],
    [
      { ...expected, model: { ...model, vocab: { ...vocab, a: -1 } } },
      'model.vocab["a"] must be a whole number',
    ],
    [
      { ...expected, model: { ...model, merges: [...merges, ["Q", "Q"]] } },
      'must be two pieces that make a third, current value is ["Q","Q"]',
    ],
    [{ ...expected, model: { ...model, merges: ["a b c"] } }, "model.merges[0] must be two pieces"],
    [{ ...expected, model: { ...model, merges: undefined } }, "model.merges must be a list"],
    [
      { ...expected, added_tokens: [{ content: "<x>", id: 1e6, single_word: true }] },
      'added_tokens[0] "<x>" must have single_word',
    ],
    [
      {
        ...expected,
        post_processor: {
          type: "TemplateProcessing",
          single: [{ SpecialToken: { id: "<s>", type_id: 0 } }],
          pair: [],
        },
      },
      "post_processor must put one known piece before a sentence and one after",
    ],
    [{ ...expected, pre_tokenizer: { type: { toString: 1 } } }, "pre_tokenizer must be ByteLevel"],
    [{ ...expected, normalizer: JSON.parse("[".repeat(1e5) + "]".repeat(1e5)) }, "normalizer must be null"],
    [
      { ...expected, model: { ...model, vocab: { ...vocab, a: 1e300 } } },
      'model.vocab["a"] must be a whole number',
    ],
    [
      { ...expected, model: { ...model, vocab: { ...vocab, a: "9".repeat(1e6) } } },
      'model.vocab["a"] must be a whole number',
    ],
    [
      { ...expected, model: { ...model, merges: [[{ toString: 1 }, "a"]] } },
      "model.merges[0] must be two pieces",
    ],
    [{ ...expected, added_tokens: [null] }, "added_tokens[0].content must be text that is not empty"],
    [{ ...expected, added_tokens: [{ content: "x", id: "3" }] }, "added_tokens[0].id must be a whole number"],
    [{ ...expected, post_processor: { type: "constructor" } }, "post_processor must put one known piece"],
  ];
  for (const [json, message] of cases) {
    const error = assertThrows(() => createByteLevelTokenizer(json, {}, "t.json"), Error, message);
    assertEquals(error.message.length < 400, true, error.message.slice(0, 400));
  }
  for (const config of [null, [], { remove_space: true }]) {
    assertThrows(() => createByteLevelTokenizer(expected, config, "t.json"), Error, "tokenizer_config.json");
  }
  // The two ways to write a merge in one file, and no post-processor.
  const [first, ...others] = merges as [string, string][];
  const mixed = {
    ...expected,
    model: { ...model, merges: [first!.join(" "), ...others] },
    post_processor: null,
  };
  const ids = createByteLevelTokenizer(mixed).encodeWords(encodings[0]!.words).ids;
  assertEquals([...ids], encodings[0]!.ids.slice(1, -1));
  assertEquals([BYTE_CHARACTERS.length, new Set(BYTE_CHARACTERS).size], [256, 256]);
});

Deno.test("loadByteLevelTokenizer() reads a folder, and names the file of one that it refuses", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/tokenizer.json`, JSON.stringify(expected));
    const tokenizer = await loadByteLevelTokenizer(folder);
    assertEquals([...tokenizer.encodeWords(encodings[0]!.words).ids], encodings[0]!.ids);
    await Deno.writeTextFile(
      `${folder}/tokenizer.json`,
      JSON.stringify({ ...expected, model: { type: "Unigram" } }),
    );
    const error = await assertRejects(() => loadByteLevelTokenizer(folder), Error, "model must be BPE");
    assertEquals(error.message.includes(pathToFileURL(`${folder}/tokenizer.json`).href), true);
  });
});
