/** A sentence as two strings of characters, and where its words' states are read in them. */
export interface CharPlaces {
  /** What the forward model reads: a line feed, the words joined by spaces, a space. */
  forward: string[];
  /** What the backward model reads: the same, the words and the spaces between them from the end. */
  backward: string[];
  /** Place of each word's state in `forward`: the space after the word. */
  forwardPlaces: Int32Array;
  /** Place of each word's state in `backward`: the space before the word, which comes after it there. */
  backwardPlaces: Int32Array;
}

/**
 * Says where contextual string embeddings are read (Akbik et al. 2018, as Flair 0.8 does it).
 *
 * Each model has seen the whole word and all that lies on its own side of it by then: the forward model reads the
 * space after the word, the backward model the one before. The line feed stands for the start of a text in both.
 * Characters are code points.
 *
 * @param words The sentence.
 *
 * @example
 * ```ts
 * import { charPlaces } from "@laner/laner";
 *
 * const { forward, backward, forwardPlaces, backwardPlaces } = charPlaces(["ab", "c"]);
 * console.log(JSON.stringify(forward.join("")), forwardPlaces); // "\nab c " [3, 5]
 * console.log(JSON.stringify(backward.join("")), backwardPlaces); // "\nc ba " [5, 2]
 * ```
 */
export function charPlaces(words: readonly string[]): CharPlaces {
  const characters = [...words.join(" ")];
  const forwardPlaces = new Int32Array(words.length);
  const backwardPlaces = new Int32Array(words.length);
  let start = 0;
  words.forEach((word, i) => {
    const end = start + [...word].length;
    forwardPlaces[i] = 1 + end;
    // Character k of n stands at n - k in `backward`; the space before a word is character start - 1.
    backwardPlaces[i] = 1 + characters.length - start;
    start = end + 1;
  });
  return {
    forward: ["\n", ...characters, " "],
    backward: ["\n", ...characters.reverse(), " "],
    forwardPlaces,
    backwardPlaces,
  };
}
