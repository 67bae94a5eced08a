import { assert, assertEquals, assertThrows } from "@std/assert";
import { charNgrams, charNgramVector, fnv1a, hashedNgrams } from "../../../data/words/char_ngrams.ts";
import { readWordVectors } from "../../../data/words/word_vectors.ts";

Deno.test("charNgrams() lists each sequence of 2 to 4 characters once, by code points", () => {
  assertEquals(charNgrams("aaa\u{1F600}"), [
    "2gram-#BEGIN#a",
    "2gram-aa",
    "2gram-a\u{1F600}",
    "2gram-\u{1F600}#END#",
    "3gram-#BEGIN#aa",
    "3gram-aaa",
    "3gram-aa\u{1F600}",
    "3gram-a\u{1F600}#END#",
    "4gram-#BEGIN#aaa",
    "4gram-aaa\u{1F600}",
    "4gram-aa\u{1F600}#END#",
  ]);
  assertEquals(charNgrams(""), ["2gram-#BEGIN##END#"]);
});

Deno.test("charNgramVector() averages the n-grams that a file of CharNGram vectors has", async () => {
  const text =
    "2gram-#BEGIN#a 1 10\n2gram-aa 3 20\n2gram-ab 100 100\n3gram-aa#END# 5 60\n4gram-#BEGIN#aaa 7 10\n";
  const { words, width, data } = await readWordVectors([new TextEncoder().encode(text)]);
  const rows = new Map(words.map((word, i) => [word, data.subarray(i * width, (i + 1) * width)]));
  // 2gram-aa occurs twice in aaa and counts once; 3gram-aaa and others have no vector.
  assertEquals([...charNgramVector("aaa", (ngram) => rows.get(ngram), width)], [4, 25]);
  assertEquals([...charNgramVector("xyz", (ngram) => rows.get(ngram), width)], [0, 0]);
});

Deno.test("fnv1a() gives the published hashes", () => {
  // Of the test vectors by the authors (Fowler, Noll and Vo).
  const cases = { "": 0x811c9dc5, a: 0xe40c292c, b: 0xe70c2de5, foobar: 0xbf9cf968 };
  for (const [text, hash] of Object.entries(cases)) assertEquals(fnv1a(text), hash);
  // UTF-8 bytes, not UTF-16 units.
  assertEquals(fnv1a("é"), 0x1e9de8c1);
});

Deno.test("hashedNgrams() gives every n-gram the row of its hash, drawn from N(0, 1) by the seed", () => {
  const vectorOf = hashedNgrams({ width: 40, buckets: 500, seed: 3 });
  const again = hashedNgrams({ width: 40, buckets: 500, seed: 3 });
  const other = hashedNgrams({ width: 40, buckets: 500, seed: 4 });
  const ngrams = Array.from({ length: 4000 }, (_, i) => `3gram-${i}`);
  const byRow = new Map<string, Set<number>>();
  for (const ngram of ngrams) {
    const key = vectorOf(ngram)!.join();
    byRow.set(key, (byRow.get(key) ?? new Set()).add(fnv1a(ngram) % 500));
    assertEquals(vectorOf(ngram), again(ngram));
  }
  assert(other(ngrams[0]!)!.some((x, d) => x !== vectorOf(ngrams[0]!)![d]));
  // One row a hash, one hash a row, and nearly all rows in use.
  assertEquals([...byRow.values()].every((hashes) => hashes.size === 1), true);
  assert(byRow.size > 480, `${byRow.size} rows`);
  const all = [...byRow.keys()].flatMap((key) => key.split(",").map(Number));
  const mean = all.reduce((sum, x) => sum + x, 0) / all.length;
  const variance = all.reduce((sum, x) => sum + x * x, 0) / all.length;
  assert(Math.abs(mean) < 0.03 && Math.abs(variance - 1) < 0.05, `mean ${mean}, variance ${variance}`);
});

Deno.test("hashedNgrams() puts words that share n-grams near each other", () => {
  const vectorOf = hashedNgrams({ seed: 1 });
  const unit = (word: string) => {
    const vector = charNgramVector(word, vectorOf, 100);
    const norm = Math.hypot(...vector);
    return vector.map((x) => x / norm);
  };
  const cosine = (a: string, b: string) => unit(a).reduce((sum, x, d) => sum + x * unit(b)[d]!, 0);
  assert(cosine("translation", "translations") > 0.7);
  assert(Math.abs(cosine("translation", "Boeing")) < 0.35);
  assertThrows(() => hashedNgrams({ width: 0, seed: 1 }), Error, '"width": it must be a whole number from 1');
  assertThrows(() => hashedNgrams({ buckets: 0.5, seed: 1 }), Error, "current value is 0.5");
});
