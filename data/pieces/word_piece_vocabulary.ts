import { mergePairs } from "./merge_pairs.ts";

/** Options of {@link trainWordPieces}. */
export interface WordPieceTrainingOptions {
  /** The number of pieces, special pieces included; there are fewer if the texts have nothing left to merge. */
  vocabularySize: number;
  /** True if case and accents are dropped, as in an uncased BERT. Default: false. */
  lowercase?: boolean;
  /**
   * The number of distinct characters to keep, the most frequent ones; words with others become [UNK]. Default: 1,000.
   */
  maxCharacters?: number;
}

/** The special pieces of BERT, in the order in which vocabularies of {@link trainWordPieces} begin. */
export const SPECIAL_PIECES: readonly string[] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

/**
 * Trains a WordPiece vocabulary on texts.
 *
 * Texts are split as BERT's tokenizers do: at white space, around every punctuation mark and CJK character. Each word
 * starts as characters, all but the first marked `##`. Then the most frequent pair of neighbours is merged, again and
 * again: the criterion of byte-pair encoding, which Hugging Face's WordPiece trainer uses too, not the likelihood score
 * of Schuster and Nakajima (2012). Of equally frequent pairs, the one whose pieces were made first is merged, so that
 * the same texts always give the same vocabulary.
 *
 * @param texts The texts; their division into strings does not matter as long as no word is cut.
 * @param options The number of pieces, and the characters to keep.
 * @returns The pieces: the special ones, characters in code point order, the same characters as `##` pieces where they
 * continue words, then the merged pieces in the order of merging. A piece's id is its index.
 * @throws {Error} If the vocabulary size has no room for the special pieces and the characters.
 *
 * @example
 * ```ts
 * import { trainWordPieces } from "@laner/laner";
 *
 * const pieces = trainWordPieces(["low lower lowest"], { vocabularySize: 30 });
 * console.log(pieces.slice(-3));
 * ```
 */
export function trainWordPieces(texts: Iterable<string>, options: WordPieceTrainingOptions): string[] {
  const { vocabularySize, lowercase = false, maxCharacters = 1000 } = options;
  const counts = countWords(texts, lowercase);
  const kept = frequentCharacters(counts, maxCharacters);
  const words = [...counts].map(([word, count]) => ({ characters: [...word], count }))
    .filter(({ characters }) => characters.every((character) => kept.has(character)));

  const characters = [...kept].sort(byCodePoint);
  const continuing = new Set(words.flatMap((word) => word.characters.slice(1)));
  const pieces = [
    ...SPECIAL_PIECES,
    ...characters,
    ...characters.filter((character) => continuing.has(character)).map((character) => `##${character}`),
  ];
  if (!(vocabularySize >= pieces.length)) {
    throw new Error(
      `Cannot train "word pieces": the vocabulary size must have room for ${SPECIAL_PIECES.length} special pieces and ` +
        `${pieces.length - SPECIAL_PIECES.length} characters, current value is ${vocabularySize}`,
    );
  }
  const idOf = new Map(pieces.map((piece, id) => [piece, id]));
  mergePairs(
    words.map(({ characters, count }) => ({
      ids: characters.map((character, i) => idOf.get(i === 0 ? character : `##${character}`)!),
      count,
    })),
    pieces,
    vocabularySize,
    (left, right) => left + right.slice("##".length),
  );
  return pieces;
}

// Characters that BERT's tokenizers remove, and those that become words of their own, ASCII symbols among them.
const REMOVED = /[\0\uFFFD]|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu;
const WORDS_OF_THEIR_OWN =
  /[!-/:-@[-`{-~\p{P}\u4E00-\u9FFF\u3400-\u4DBF\uF900-\uFAFF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B81F}\u{2B920}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/gu;

function countWords(texts: Iterable<string>, lowercase: boolean): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    let clean = text.replace(REMOVED, "");
    if (lowercase) clean = clean.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();
    for (const word of clean.replace(WORDS_OF_THEIR_OWN, " $& ").split(/\s+/)) {
      if (word !== "") counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return counts;
}

function frequentCharacters(words: Map<string, number>, maxCharacters: number): Set<string> {
  const counts = new Map<string, number>();
  for (const [word, count] of words) {
    for (const character of word) counts.set(character, (counts.get(character) ?? 0) + count);
  }
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || byCodePoint(a, b));
  return new Set(sorted.slice(0, maxCharacters).map(([character]) => character));
}

function byCodePoint(a: string, b: string): number {
  return a.codePointAt(0)! - b.codePointAt(0)!;
}
