import { assert, assertEquals, assertRejects } from "@std/assert";
import { PORTION, tagPortions, type TagSentences } from "../../../tasks/tagging/portions.ts";

/** Sentences of one word, their own number. */
const numbered = (n: number) => Array.from({ length: n }, (_, i) => [String(i)]);

Deno.test("tagPortions() gives tags in the order of the sentences, whoever is done first", async () => {
  for (const nTaggers of [1, 2, 5]) {
    for (const n of [0, 1, PORTION, PORTION + 1, 4 * PORTION - 1]) {
      const sizes: number[] = [];
      const progress: number[] = [];
      // The first portions take the most turns.
      const tag: TagSentences = async (portion) => {
        sizes.push(portion.length);
        for (let turn = 4 * PORTION - Number(portion[0]![0]); turn > 0; turn--) await null;
        return portion.map(([word]) => [`tag ${word}`]);
      };
      const tags = await tagPortions(Array(nTaggers).fill(tag), numbered(n), (done) => progress.push(done));
      assertEquals(tags, numbered(n).map(([word]) => [`tag ${word}`]));
      assertEquals(sizes.length, Math.ceil(n / PORTION));
      assert(sizes.every((size, i) => size === PORTION || i === sizes.length - 1));
      assertEquals(progress.at(-1), n > 0 ? n : undefined);
      assertEquals(progress, progress.toSorted((a, b) => a - b));
    }
  }
});

Deno.test("tagPortions() lets a tagger that is done take the next portion", async () => {
  const taken: string[] = [];
  const slow = Promise.withResolvers<void>();
  const tagger = (name: string, wait: Promise<void>): TagSentences => async (portion) => {
    taken.push(name);
    if (taken.length === 4) slow.resolve();
    await wait;
    return portion.map(() => ["O"]);
  };
  const taggers = [tagger("slow", slow.promise), tagger("fast", Promise.resolve())];
  await tagPortions(taggers, numbered(4 * PORTION));
  assertEquals(taken, ["slow", "fast", "fast", "fast"]);
});

Deno.test("tagPortions() fails as the first tagger does, and begins nothing more", async () => {
  let nBegun = 0;
  const failing: TagSentences = () => Promise.reject(new Error(`no ${++nBegun}`));
  const other: TagSentences = async (portion) => {
    nBegun++;
    await null;
    await null;
    return portion.map(() => ["O"]);
  };
  await assertRejects(() => tagPortions([failing, other], numbered(9 * PORTION)), Error, "no 1");
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(nBegun, 2);
});
