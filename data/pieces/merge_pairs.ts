/** A word of a training text, as pieces. */
export interface CountedWord {
  /** Ids of its pieces; merged in place. */
  ids: number[];
  /** The number of its occurrences. */
  count: number;
}

// Two piece ids as one key; ids stay far below 2^26, so the key is exact.
const PAIR_BASE = 2 ** 26;

/**
 * Merges the most frequent pair of neighbours into a new piece, again and again: byte-pair encoding.
 *
 * Of equally frequent pairs, the one whose pieces were made first is merged, as in Hugging Face's trainers.
 *
 * @param words The words; their ids change.
 * @param pieces The pieces so far, by id; merged ones are appended until there are `size` pieces or no word has two
 * pieces left.
 * @param join Spells the piece that two pieces make.
 * @returns The merged pairs of ids in order, one for each new piece.
 */
export function mergePairs(
  words: readonly CountedWord[],
  pieces: string[],
  size: number,
  join: (left: string, right: string) => string,
): [left: number, right: number][] {
  const pairCounts = new Map<number, number>();
  const wordsWith = new Map<number, Set<number>>();
  const count = (wordIndex: number, sign: 1 | -1) => {
    const { ids, count } = words[wordIndex]!;
    for (let i = 1; i < ids.length; i++) {
      const pair = ids[i - 1]! * PAIR_BASE + ids[i]!;
      const total = (pairCounts.get(pair) ?? 0) + sign * count;
      if (total > 0) pairCounts.set(pair, total);
      else pairCounts.delete(pair);
      if (sign < 0) continue;
      const users = wordsWith.get(pair);
      if (users === undefined) wordsWith.set(pair, new Set([wordIndex]));
      else users.add(wordIndex);
    }
  };
  words.forEach((_, i) => count(i, 1));

  const merges: [number, number][] = [];
  while (pieces.length < size && pairCounts.size > 0) {
    const pair = mostFrequent(pairCounts);
    const left = Math.floor(pair / PAIR_BASE);
    const right = pair % PAIR_BASE;
    // No other pair spells this piece: equal characters are merged the same way everywhere.
    const merged = pieces.push(join(pieces[left]!, pieces[right]!)) - 1;
    merges.push([left, right]);
    const users = wordsWith.get(pair)!;
    wordsWith.delete(pair);
    for (const i of users) {
      count(i, -1);
      words[i]!.ids = mergeIn(words[i]!.ids, left, right, merged);
      count(i, 1);
    }
  }
  return merges;
}

function mostFrequent(pairCounts: Map<number, number>): number {
  let best = 0;
  let bestCount = 0;
  for (const [pair, count] of pairCounts) {
    if (count > bestCount || (count === bestCount && pair < best)) {
      best = pair;
      bestCount = count;
    }
  }
  return best;
}

function mergeIn(ids: number[], left: number, right: number, merged: number): number[] {
  const result: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] === left && ids[i + 1] === right) {
      result.push(merged);
      i++;
    } else {
      result.push(ids[i]!);
    }
  }
  return result;
}
