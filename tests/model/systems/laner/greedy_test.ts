import { assertEquals } from "@std/assert";
import { decodeGreedily } from "../../../../model/systems/laner/greedy.ts";

/** Decodes with `tagOf(word, tags before, sentence)`, and records what was asked for. */
async function decode(
  nWords: number[],
  tagOf: (word: number, before: readonly number[], sentence: number) => number,
  guesses?: number[][],
) {
  const calls: { sentences: number[]; from: number[] }[] = [];
  const { tagIds, nPasses } = await decodeGreedily(nWords, (sentences, tags, from) => {
    calls.push({ sentences: [...sentences], from: [...from] });
    return Promise.resolve(sentences.map((sentence, i) => {
      const guess = [...tags[i]!];
      const words = guess.map((_, word) => word).slice(from[i]);
      return words.map((word) => tagOf(word, guess.slice(0, word), sentence));
    }));
  }, guesses);
  return { tags: tagIds.map((ids) => [...ids]), nPasses, calls };
}

Deno.test("decodeGreedily() needs a pass a word, and one to confirm, when each tag decides the next", async () => {
  const { tags, nPasses, calls } = await decode([5], (_, before) => (before.at(-1) ?? 0) + 1);
  assertEquals(tags, [[1, 2, 3, 4, 5]]);
  assertEquals(nPasses, [6]);
  // The last word's change has no word after it, so that the confirming pass need not be run; settled words are
  // not asked for again.
  assertEquals(calls.map(({ from }) => from), [[0], [1], [2], [3], [4]]);
});

Deno.test("decodeGreedily() needs two passes when no tag depends on another", async () => {
  const { tags, nPasses, calls } = await decode([4], (word) => [0, 3, 1, 2][word]!);
  assertEquals(tags, [[0, 3, 1, 2]]);
  assertEquals(nPasses, [2]);
  assertEquals(calls.map(({ from }) => from), [[0], [2]]); // word 1 was the first that changed
});

Deno.test("decodeGreedily() needs one pass when the first guess is right", async () => {
  const { tags, nPasses, calls } = await decode([4, 1], () => 0);
  assertEquals(tags, [[0, 0, 0, 0], [0]]);
  assertEquals(nPasses, [1, 1]);
  assertEquals(calls.length, 1);
});

Deno.test("decodeGreedily() comes from any guess to the same tags, sooner from a better one", async () => {
  const next = (_: number, before: readonly number[]) => (before.at(-1) ?? 0) + 1;
  for (
    const [guess, n] of [[[1, 2, 3, 4], 1], [[1, 2, 9, 9], 3], [[9, 9, 9, 9], 5]] as [number[], number][]
  ) {
    const { tags, nPasses } = await decode([4], next, [guess]);
    assertEquals([tags, nPasses], [[[1, 2, 3, 4]], [n]]);
    assertEquals(guess.length, 4);
  }
});

Deno.test("decodeGreedily() does not take a tag for settled that comes back to what it was", async () => {
  // Word 2 is right at first, wrong while word 1 is, and right again.
  const rules = [() => 1, ([a]: readonly number[]) => a!, ([a, b]: readonly number[]) => (b === a ? 0 : 2)];
  const { tags } = await decode([3], (word, before) => rules[word]!(before));
  assertEquals(tags, [[1, 1, 0]]);
});

Deno.test("decodeGreedily() asks no more for sentences that have settled, and never for empty ones", async () => {
  const { tags, nPasses, calls } = await decode(
    [0, 3, 3, 0, 1],
    (word, before, sentence) => (sentence === 1 ? word + 1 : (before.at(-1) ?? 0) + 1),
  );
  assertEquals(tags, [[], [1, 2, 3], [1, 2, 3], [], [1]]);
  assertEquals(nPasses, [0, 2, 4, 0, 2]);
  assertEquals(calls, [
    { sentences: [1, 2, 4], from: [0, 0, 0] },
    { sentences: [1, 2], from: [1, 1] },
    { sentences: [2], from: [2] },
  ]);
  assertEquals((await decode([], () => 0)).calls, []);
  assertEquals((await decode([0, 0], () => 0)).tags, [[], []]);
});
