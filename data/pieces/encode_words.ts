/** A sentence of words as pieces. */
export interface EncodedWords {
  /** Ids of the pieces, [CLS] first and [SEP] last, or the tokenizer's pieces in their place. */
  ids: Int32Array;
  /** Place in `ids` of each word's first piece; -1 for a word without one (cut off or dropped). */
  firstPieces: Int32Array;
  /** The word of each piece; -1 for the pieces around the words. */
  wordIds: Int32Array;
}

/** Options of {@link encodeWords}. */
export interface EncodeWordsOptions {
  /** Most pieces of a sentence, [CLS] and [SEP] counted; the rest is cut off on the right. Default: 512. */
  maxPieces?: number;
  /**
   * The treatment of words that yield no piece (empty ones, control characters, zero-width spaces): `"unknown"` gives
   * them the unknown piece, so that every word has a state; `"drop"` leaves them out, as the Rust library does.
   * Default: `"unknown"`.
   */
  emptyWords?: "unknown" | "drop";
}

/** The part of a tokenizer that {@link encodeWords} needs. */
export interface WordPieces {
  /** Returns the ids of a word's pieces alone. */
  encodeWord(word: string): readonly number[];
  /** Ids of the pieces around a sentence. */
  before: readonly number[];
  after: readonly number[];
  /** The piece for words that yield none. */
  unknown: number;
}

/**
 * Encodes a sentence that is already split into words, word by word.
 *
 * @param words The sentence.
 * @param pieces The encoder of a word, and the pieces around a sentence.
 * @throws {RangeError} If `maxPieces` has no room for a piece.
 */
export function encodeWords(
  words: readonly string[],
  { encodeWord, before, after, unknown }: WordPieces,
  { maxPieces = 512, emptyWords = "unknown" }: EncodeWordsOptions = {},
): EncodedWords {
  checkMaxPieces(maxPieces);
  const room = maxPieces - after.length;
  const forNone = emptyWords === "unknown" ? [unknown] : [];
  const ids = [...before];
  const wordIds = before.map(() => -1);
  const firstPieces = new Int32Array(words.length).fill(-1);
  for (let word = 0; word < words.length && ids.length < room; word++) {
    const found = encodeWord(words[word]!);
    const pieces = found.length === 0 ? forNone : found;
    if (pieces.length > 0) firstPieces[word] = ids.length;
    for (let piece = 0; piece < pieces.length && ids.length < room; piece++) {
      ids.push(pieces[piece]!);
      wordIds.push(word);
    }
  }
  ids.push(...after);
  wordIds.push(...after.map(() => -1));
  return { ids: Int32Array.from(ids), firstPieces, wordIds: Int32Array.from(wordIds) };
}

/** The most words whose pieces are remembered; the memory is then emptied, so that it does not grow in a long run. */
const CACHED_WORDS = 1 << 18;

/** Remembers computed values, up to as many words as a corpus has. */
export function cached<V>(compute: (key: string) => V): (key: string) => V {
  const known = new Map<string, V>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      if (known.size >= CACHED_WORDS) known.clear();
      value = compute(key);
      known.set(key, value);
    }
    return value;
  };
}

/** Refuses a `maxPieces` that leaves no room for a piece between two others. */
export function checkMaxPieces(maxPieces: number): void {
  if (!(maxPieces >= 3)) {
    throw new RangeError(
      `Cannot encode with maxPieces: [CLS], a piece and [SEP] need 3, current value is ${maxPieces}`,
    );
  }
}
