/** A sentence of words as pieces. */
export interface EncodedWords {
  /** Ids of the pieces, [CLS] first and [SEP] last, or what the tokenizer has in their place. */
  ids: Int32Array;
  /** Place in `ids` of each word's first piece; -1 for a word that has none here (cut off, or dropped). */
  firstPieces: Int32Array;
  /** The word that each piece came from; -1 for those around the words. */
  wordIds: Int32Array;
}

/** Options of {@link encodeWords}. */
export interface EncodeWordsOptions {
  /** Most pieces of a sentence, [CLS] and [SEP] counted; what is over is cut off on the right. Default: 512. */
  maxPieces?: number;
  /**
   * What becomes of words that yield no piece (empty ones, control characters, zero-width spaces): `"unknown"`
   * gives them the unknown piece, so that every word has a state; `"drop"` leaves them out, as the Rust library does.
   * Default: `"unknown"`.
   */
  emptyWords?: "unknown" | "drop";
}

/** What {@link encodeWords} needs of a tokenizer. */
export interface WordPieces {
  /** Ids of a word's pieces alone. */
  encodeWord(word: string): readonly number[];
  /** Ids of the pieces around a sentence. */
  before: readonly number[];
  after: readonly number[];
  /** The piece for words that yield none. */
  unknown: number;
}

/**
 * Encodes words that were split before, one by one.
 *
 * @param words The sentence.
 * @param pieces How a word is encoded, and what stands around a sentence.
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

/** Words whose pieces are remembered; past that the memory starts anew, so that a long run does not grow. */
const CACHED_WORDS = 1 << 18;

/** Remembers what was computed, up to a number of words that holds a corpus. */
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
