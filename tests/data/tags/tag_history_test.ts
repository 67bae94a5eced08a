import { assertEquals } from "@std/assert";
import { MASKED } from "../../../data/batches/batch.ts";
import { createRandom } from "../../../data/random.ts";
import { historyLayout } from "../../../data/tags/history_layout.ts";
import {
  createTagStrings,
  nodesOfSentences,
  tagHistories,
  type TagStrings,
} from "../../../data/tags/tag_history.ts";
import { createTagTrie, type TagTrie } from "../../../data/tags/tag_trie.ts";

const START = 4;

/** The string that a node stands for, in the order in which it was read. */
function stringOf(trie: TagTrie, node: number): number[] {
  return node === 0 ? [] : [...stringOf(trie, trie.parents[node]!), trie.symbols[node]!];
}

/** Checks nodes of all histories against the strings that each half has read at each place. */
function checkHistories(strings: TagStrings, tags: number[][], from = tags.map(() => 0)) {
  const histories = tagHistories(strings, tags, START, from);
  const layout = historyLayout(tags.map((t) => t.length), from);
  const wanted = tags.flatMap((t, b) => t.map((_, i) => [START, ...t.slice(0, i)]).slice(from[b]));
  const { forward, backward } = strings;
  let pair = 0;
  wanted.forEach((history, word) => {
    assertEquals(stringOf(forward, histories.lastForward[word]!), history);
    assertEquals(stringOf(backward, histories.lastBackward[word]!), history.slice(-1));
    history.forEach((_, k) => {
      assertEquals(stringOf(forward, histories.pairForward[pair]!), history.slice(0, k + 1));
      assertEquals(stringOf(backward, histories.pairBackward[pair]!), history.slice(k).reverse());
      const place = layout.pairsFromPadded.data[pair]!;
      assertEquals(place, word * layout.paddedFromPairs.shape[1]! + k);
      assertEquals(layout.pairWords.data[pair], word);
      assertEquals(layout.paddedFromPairs.data[place], pair++);
    });
  });
  assertEquals(histories.pairForward.length, pair);
  return { histories, layout, wanted };
}

Deno.test("tagHistories() gives START and the tags before for each word, laid out by word and place", () => {
  const { layout } = checkHistories(createTagStrings(4), [[1, 2, 3], [0]]);
  const { paddedFromPairs, pairsFromPadded, pairWords, historyBias } = layout;
  assertEquals(paddedFromPairs.shape, [4, 3]);
  assertEquals(pairsFromPadded, { shape: [7], data: Int32Array.of(0, 3, 4, 6, 7, 8, 9) });
  assertEquals(pairWords, { shape: [7], data: Int32Array.of(0, 1, 1, 2, 2, 2, 3) });
  const o = MASKED;
  const bias = Float32Array.of(0, o, o, 0, 0, o, 0, 0, 0, 0, o, o);
  assertEquals(historyBias, { shape: [4, 3], data: bias });
});

Deno.test("tagHistories() gives equal strings one node, over places, sentences and calls", () => {
  const random = createRandom(3);
  const strings = createTagStrings(4);
  const forward = new Set<string>();
  const backward = new Set<string>();
  for (let call = 0; call < 5; call++) {
    const tags = Array.from(
      { length: 6 },
      () => Array.from({ length: random.integer(8) }, () => random.integer(4)),
    );
    const { wanted } = checkHistories(strings, [...tags, tags[0]!]);
    for (const history of wanted) {
      history.forEach((_, k) => {
        forward.add(history.slice(0, k + 1).join());
        backward.add(history.slice(k).join());
      });
    }
    assertEquals(strings.forward.nNodes - 1, forward.size);
    assertEquals(strings.backward.nNodes - 1, backward.size);
    // All is known now: nothing is left to compute.
    assertEquals(tagHistories(strings, tags, START).levels, []);
  }
});

Deno.test("tagHistories() lists new nodes level by level, parents before their children, each once", () => {
  const random = createRandom(4);
  const strings = createTagStrings(4);
  let known = [1, 1];
  for (let call = 0; call < 4; call++) {
    const tags = Array.from({ length: 4 }, () => Array.from({ length: 7 }, () => random.integer(4)));
    const { levels } = tagHistories(strings, tags, START, call % 2 ? [0, 1, 3, 6] : undefined);
    for (const level of levels) {
      (["forward", "backward"] as const).forEach((half, i) => {
        const [start, end] = level[half];
        assertEquals(start, known[i]);
        for (let node = start; node < end; node++) assertEquals(strings[half].parents[node]! < start, true);
        known[i] = end;
      });
    }
    assertEquals(known, [strings.forward.nNodes, strings.backward.nNodes]);
    known = [...known];
  }
});

Deno.test("tagHistories() gives the words from `from` on alone", () => {
  const random = createRandom(5);
  const strings = createTagStrings(4);
  for (let call = 0; call < 5; call++) {
    const tags = [5, 1, 7, 3].map((n) => Array.from({ length: n }, () => random.integer(4)));
    checkHistories(strings, tags, tags.map((t) => random.integer(t.length + 1)));
  }
  const { histories } = checkHistories(strings, [[1, 2], []], [2, 0]);
  assertEquals(histories.lastForward.length, 0);
});

Deno.test("nodesOfSentences() gives the nodes of some sentences as if they stood alone", () => {
  const random = createRandom(6);
  const strings = createTagStrings(4);
  const from = [1, 0, 4, 0, 2];
  const tags = [5, 0, 7, 3, 4].map((n) => Array.from({ length: n }, () => random.integer(4)));
  const histories = tagHistories(strings, tags, START, from);
  for (const [start, end] of [[0, 1], [0, 5], [1, 2], [2, 4], [3, 5], [5, 5]]) {
    const { lastForward, lastBackward, pairForward, pairBackward } = tagHistories(
      strings,
      tags.slice(start, end),
      START,
      from.slice(start, end),
    );
    const alone = { lastForward, lastBackward, pairForward, pairBackward };
    assertEquals(nodesOfSentences(histories, start!, end!), alone);
  }
});

Deno.test("createTagTrie() keeps its nodes as it grows", () => {
  const trie = createTagTrie(3);
  const nodes = [0];
  for (let i = 0; i < 5000; i++) nodes.push(trie.child(nodes[i]!, i % 3));
  assertEquals(trie.nNodes, 5001);
  for (let i = 0; i < 5000; i++) assertEquals(trie.child(nodes[i]!, i % 3), nodes[i + 1]);
  assertEquals([trie.parents[3000], trie.symbols[3000]], [2999, 2999 % 3]);
});
