/** A sentence as two strings of characters, and the places where its words' states are read in them. */
export interface CharPlaces {
  /** The forward model's text: a line feed, the words joined by spaces, a space. */
  forward: string[];
  /** The backward model's text: the same, with the words and the spaces between them in reverse. */
  backward: string[];
  /** Place of each word's state in `forward`: the space after the word. */
  forwardPlaces: Int32Array;
  /** Place of each word's state in `backward`: the space before the word, which follows it in reverse. */
  backwardPlaces: Int32Array;
}

/**
 * Finds the places where contextual string embeddings are read (Akbik et al. 2018, as in Flair 0.8).
 *
 * The forward model's state is read at the space after the word, the backward model's at the space before it, so that
 * each model has seen the whole word and all text on its own side. Both texts start with a line feed. Characters are
 * code points.
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
