/**
 * Tag histories: what the label encoder reads before each word is START, y_1 … y_{i-1}. The forward half of the
 * BiLSTM has read s_0 … s_k at place k of any history; the backward half s_{i-1} … s_k, for each word anew.
 */
import { MASKED } from "./batch.ts";
import { createTagTrie, type TagTrie } from "./tag_trie.ts";

/** The tag strings that the two halves of the label encoder have read. */
export interface TagStrings {
  forward: TagTrie;
  backward: TagTrie;
}

/** Starts two empty tries over the K tags and START. */
export function createTagStrings(nTags: number): TagStrings {
  return { forward: createTagTrie(nTags + 1), backward: createTagTrie(nTags + 1) };
}

/** Histories of some words of a batch. W words, R pairs of a word and a place in its history, M longest history. */
export interface TagHistories {
  /** Per level of string length, the nodes [start, end) that are new in each trie, in the order of computation. */
  levels: { forward: [number, number]; backward: [number, number] }[];
  /** Nodes of the last place of each word's history, [W]. */
  lastForward: Int32Array;
  lastBackward: Int32Array;
  /** Nodes of each pair, [R]; the places of a word stand together, in order. */
  pairForward: Int32Array;
  pairBackward: Int32Array;
  /** Arrays for `labelContext` (see model/biattention.ts). */
  layout: {
    paddedFromPairs: { shape: number[]; data: Int32Array };
    pairsFromPadded: { shape: number[]; data: Int32Array };
    pairWords: { shape: number[]; data: Int32Array };
    historyBias: { shape: number[]; data: Float32Array };
  };
}

/** Axes of the layout's arrays, as the engine asks for them. */
export const HISTORY_AXES = {
  paddedFromPairs: ["W", "M"],
  pairsFromPadded: ["R"],
  pairWords: ["R"],
  historyBias: ["W", "M"],
} as const;

/**
 * The histories of the words of some sentences, as strings in shared tries.
 *
 * @param strings Tries to look strings up in; new ones are added.
 * @param tags Tag ids of each sentence; the last tag of a sentence is in no history.
 * @param startTag Id of START.
 * @param from First word of each sentence whose history is wanted; by default all.
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
  const W = tags.reduce((sum, t, b) => sum + t.length - from[b], 0);
  const R = tags.reduce((sum, t, b) => sum + (t.length * (t.length + 1) - from[b] * (from[b] + 1)) / 2, 0);
  const M = Math.max(1, ...tags.map((t) => t.length));
  const symbol = (b: number, k: number) => (k === 0 ? startTag : tags[b][k - 1]);

  // Word i (0-based) has the places 0 … i. `heads` holds, for each word, the node that was reached last.
  const lastForward = new Int32Array(W), lastBackward = new Int32Array(W);
  const pairForward = new Int32Array(R), pairBackward = new Int32Array(R);
  const paddedFromPairs = new Int32Array(W * M),
    pairsFromPadded = new Int32Array(R),
    pairWords = new Int32Array(R);
  const historyBias = new Float32Array(W * M).fill(MASKED);
  const firstWord: number[] = [];
  const firstPair = new Int32Array(W);
  let w = 0, r = 0;
  tags.forEach((t, b) => {
    firstWord.push(w);
    for (let i = from[b]; i < t.length; i++, w++) {
      firstPair[w] = r;
      for (let k = 0; k <= i; k++, r++) {
        paddedFromPairs[w * M + k] = r;
        pairsFromPadded[r] = w * M + k;
        pairWords[r] = w;
        historyBias[w * M + k] = 0;
      }
    }
  });

  const levels: TagHistories["levels"] = [];
  const reached = new Int32Array(tags.length); // forward node of each sentence
  const { forward, backward } = strings;
  for (let level = 0; level < M; level++) {
    const starts = [forward.nNodes, backward.nNodes];
    for (let b = 0; b < tags.length; b++) {
      const n = tags[b].length;
      if (level >= n) continue;
      const node = reached[b] = forward.child(reached[b], symbol(b, level));
      for (let i = Math.max(level, from[b]); i < n; i++) {
        const word = firstWord[b] + i - from[b];
        pairForward[firstPair[word] + level] = node;
        if (i === level) lastForward[word] = node;
        // The backward half reads from the last place down: at this level it reaches place i - level.
        const head = level === 0 ? 0 : pairBackward[firstPair[word] + i - level + 1];
        const next = backward.child(head, symbol(b, i - level));
        pairBackward[firstPair[word] + i - level] = next;
        if (level === 0) lastBackward[word] = next;
      }
    }
    if (forward.nNodes > starts[0] || backward.nNodes > starts[1]) {
      levels.push({ forward: [starts[0], forward.nNodes], backward: [starts[1], backward.nNodes] });
    }
  }
  return {
    levels,
    lastForward,
    lastBackward,
    pairForward,
    pairBackward,
    layout: {
      paddedFromPairs: { shape: [W, M], data: paddedFromPairs },
      pairsFromPadded: { shape: [R], data: pairsFromPadded },
      pairWords: { shape: [R], data: pairWords },
      historyBias: { shape: [W, M], data: historyBias },
    },
  };
}
