import { assert, assertEquals } from "@std/assert";
import { encodeCorpus, joinParts } from "../../../data/pieces/encode_corpus.ts";
import { createTokenizer } from "../../../data/pieces/tokenizer.ts";
import { WHOLE_WORDS } from "../../../data/pieces/whole_words.ts";
import { createRandom } from "../../../data/random.ts";
import { allSpellings, createVocabularies } from "../../../data/words/vocabularies.ts";
import { UNK } from "../../../data/words/word_vocabulary.ts";
import { TINY_PIECES, tinyTokenizerJson } from "../tiny_tokenizer.ts";

const tokenizer = createTokenizer(tinyTokenizerJson());
const [CLS, SEP] = [TINY_PIECES.indexOf("[CLS]"), TINY_PIECES.indexOf("[SEP]")];

Deno.test("encodeCorpus() makes one part of a sentence that fits, none of an empty one", () => {
  const corpus = encodeCorpus([["new", "yorkers"], [], ["."]], tokenizer);
  assertEquals(corpus.places, [{ sentence: 0, start: 0, end: 2 }, { sentence: 2, start: 0, end: 1 }]);
  const ids = ["[CLS]", "new", "york", "##ers", "[SEP]"].map((piece) => TINY_PIECES.indexOf(piece));
  assertEquals(Array.from(corpus.parts[0]!.ids), ids);
  assertEquals(Array.from(corpus.parts[0]!.firstPieces), [1, 2]);
  assertEquals(joinParts(corpus, [["a", "b"], ["c"]], 3), [["a", "b"], [], ["c"]]);
});

Deno.test("encodeCorpus() reads words without characters that spell nothing", () => {
  const given = [
    "Neur\u00adIPS",
    "\u200bPy\u200dTorch\u200b",
    "\u2066a\u2069",
    "\u200b\u00ad",
    "می\u200cخواهم",
    "👩\u200d👧",
    "❤\ufe0f",
  ];
  const read = ["NeurIPS", "PyTorch", "a", "\u200b\u00ad", "می\u200cخواهم", "👩\u200d👧", "❤\ufe0f"];
  assertEquals(encodeCorpus([given], WHOLE_WORDS).parts[0]!.words, read);
  const vocabularies = createVocabularies([{ words: given }], [], false);
  assertEquals(read.map((word) => vocabularies.words.idOf(word) === UNK), read.map(() => false));
  assertEquals(allSpellings([{ words: given }], false), new Set(read));
});

Deno.test("encodeCorpus() splits over-long sentences, and joinParts() puts them together without loss", () => {
  const random = createRandom(6);
  const words = ["new", "yorkers", "like", "ooo", "?", "eeeee", "\u{20000}"];
  for (const maxPieces of [3, 5, 8, 512]) {
    const sentences = Array.from(
      { length: 20 },
      () => Array.from({ length: random.integer(15) }, () => words[random.integer(words.length)]!),
    );
    const corpus = encodeCorpus(sentences, tokenizer, maxPieces);
    corpus.parts.forEach(({ ids, firstPieces }, part) => {
      const { sentence, start, end } = corpus.places[part]!;
      const members = sentences[sentence]!.slice(start, end);
      assert(ids.length <= maxPieces && members.length > 0);
      assertEquals([ids[0], ids[ids.length - 1]], [CLS, SEP]);
      assertEquals(firstPieces.length, members.length);
      members.forEach((word, i) => assertEquals(ids[firstPieces[i]!], tokenizer.encodeWord(word)[0]!));
    });
    const values = corpus.places.map(({ sentence, start, end }) => sentences[sentence]!.slice(start, end));
    assertEquals(joinParts(corpus, values, sentences.length), sentences);
    if (maxPieces === 512) assertEquals(corpus.parts.length, sentences.filter((s) => s.length > 0).length);
    else assert(corpus.parts.length > sentences.length);
  }
});
