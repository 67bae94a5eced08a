/**
 * Tag histories: before each word the label encoder reads START, y_1 … y_{i-1}. At place k the forward half of the
 * BiLSTM has read s_0 … s_k, which is the same in every history; the backward half has read s_{i-1} … s_k, anew for
 * each word.
 */
import { nPlaces } from "./history_layout.ts";
import { createTagTrie, type TagTrie } from "./tag_trie.ts";

/** The strings of tags that the two halves of the label encoder have read. */
export interface TagStrings {
  forward: TagTrie;
  backward: TagTrie;
}

/** Creates two empty tries over the K tags and START. */
export function createTagStrings(nTags: number): TagStrings {
  return { forward: createTagTrie(nTags + 1), backward: createTagTrie(nTags + 1) };
}

/** The new nodes of both tries for strings of one length, each as [start, end). */
export type TrieLevel = Record<keyof TagStrings, [start: number, end: number]>;

/** The nodes of histories. W words, R pairs of a word and a place in its history. */
export interface HistoryNodes {
  /** Node of the last place of each word's history, [W]. */
  lastForward: Int32Array;
  lastBackward: Int32Array;
  /** Nodes of each pair, [R]; the places of a word stand together, in order (see `historyLayout`). */
  pairForward: Int32Array;
  pairBackward: Int32Array;
}

/** Histories of words of B sentences. */
export interface TagHistories extends HistoryNodes {
  /** The new nodes in each trie, by length of string, in the order of computation. */
  levels: TrieLevel[];
  /** First word of each sentence, and the end of the last: [B + 1]; likewise the first pair. */
  wordStarts: number[];
  pairStarts: number[];
}

/**
 * Finds the histories of the words of sentences, as strings in shared tries.
 *
 * @param strings Tries to look strings up in; new ones are added.
 * @param tags Tag ids of each sentence; the last tag of a sentence is in no history.
 * @param startTag Id of START.
 * @param from First word of each sentence to include; by default all words are included.
 *
 * @example
 * ```ts
 * import { createTagStrings, tagHistories } from "@laner/laner";
 *
 * const strings = createTagStrings(2); // tags 0 and 1; START is 2
 * const { pairForward } = tagHistories(strings, [[0, 0, 1], [0, 0, 1]], 2);
 * // Both sentences have the same histories, so that they share their strings.
 * console.log(pairForward.length, strings.forward.nNodes - 1); // 12 pairs, 3 strings
 * ```
 */
export function tagHistories(
  strings: TagStrings,
  tags: readonly ArrayLike<number>[],
  startTag: number,
  from: readonly number[] = tags.map(() => 0),
): TagHistories {
  const wordStarts = [0];
  const pairStarts = [0];
  tags.forEach(({ length }, b) => {
    wordStarts.push(wordStarts[b]! + length - from[b]!);
    pairStarts.push(pairStarts[b]! + nPlaces(length) - nPlaces(from[b]!));
  });
  const W = wordStarts[tags.length]!;
  const R = pairStarts[tags.length]!;
  const symbol = (b: number, k: number) => (k === 0 ? startTag : tags[b]![k - 1]!);
  /** Returns the pair of place 0 of word i. */
  const firstPair = (b: number, i: number) => pairStarts[b]! + nPlaces(i) - nPlaces(from[b]!);

  const lastForward = new Int32Array(W);
  const lastBackward = new Int32Array(W);
  const pairForward = new Int32Array(R);
  const pairBackward = new Int32Array(R);
  const levels: TrieLevel[] = [];
  const reached = new Int32Array(tags.length); // forward node of each sentence
  const { forward, backward } = strings;
  const longest = Math.max(0, ...tags.map(({ length }) => length));
  for (let level = 0; level < longest; level++) {
    const starts = [forward.nNodes, backward.nNodes];
    for (let b = 0; b < tags.length; b++) {
      const n = tags[b]!.length;
      if (level >= n) continue;
      const node = reached[b] = forward.child(reached[b]!, symbol(b, level));
      for (let i = Math.max(level, from[b]!); i < n; i++) {
        const word = wordStarts[b]! + i - from[b]!;
        const first = firstPair(b, i);
        pairForward[first + level] = node;
        if (i === level) lastForward[word] = node;
        // The backward half reads from the last place down: at this level it reaches place i - level.
        const head = level === 0 ? 0 : pairBackward[first + i - level + 1]!;
        const next = backward.child(head, symbol(b, i - level));
        pairBackward[first + i - level] = next;
        if (level === 0) lastBackward[word] = next;
      }
    }
    if (forward.nNodes > starts[0]! || backward.nNodes > starts[1]!) {
      levels.push({ forward: [starts[0]!, forward.nNodes], backward: [starts[1]!, backward.nNodes] });
    }
  }
  return { levels, lastForward, lastBackward, pairForward, pairBackward, wordStarts, pairStarts };
}

/** Returns the nodes of the sentences [start, end) alone. */
export function nodesOfSentences(histories: TagHistories, start: number, end: number): HistoryNodes {
  const { lastForward, lastBackward, pairForward, pairBackward, wordStarts, pairStarts } = histories;
  const words = (nodes: Int32Array) => nodes.subarray(wordStarts[start], wordStarts[end]);
  const pairs = (nodes: Int32Array) => nodes.subarray(pairStarts[start], pairStarts[end]);
  return {
    lastForward: words(lastForward),
    lastBackward: words(lastBackward),
    pairForward: pairs(pairForward),
    pairBackward: pairs(pairBackward),
  };
}
