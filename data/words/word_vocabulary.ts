import { fieldsOf } from "../fields_of.ts";
import { showValue } from "../show_value.ts";

/** The way to spell words when they are looked up. */
export interface SpellingOptions {
  /** True if an unknown word is looked up in lower case too, as uncased vectors need it. Default: false. */
  lowercaseFallback?: boolean;
  /** True if every digit counts as 0, as in NCRF++. Default: false. */
  digitsToZero?: boolean;
}

/** Options of {@link createVocabulary}. */
export interface VocabularyOptions extends SpellingOptions {
  /** Further words, such as those of word vectors; they are taken however rare they are. */
  also?: Iterable<string>;
  /** The least number of occurrences of a word to be taken. Default: 1. */
  minCount?: number;
}

/** A vocabulary as JSON. */
export interface VocabularyJson extends Required<SpellingOptions> {
  words: string[];
  counts: number[];
}

/** Words, or characters, and their ids. */
export interface Vocabulary extends Required<SpellingOptions> {
  /** The words, most frequent first, equally frequent ones by UTF-16 code units; word i has the id i + 2. */
  readonly words: readonly string[];
  /** The number of occurrences of each word; 0 for further words. */
  readonly counts: readonly number[];
  /** The number of ids: words, PAD and UNK. */
  readonly size: number;
  /** Returns the id of a word; UNK for an unknown one. */
  idOf(word: string): number;
  /** Returns the ids of words, or of the characters of a text (iterated by code points). */
  idsOf(words: Iterable<string>): Int32Array;
  /** Returns the data from which {@link vocabularyFromJson} makes this vocabulary again. */
  toJson(): VocabularyJson;
}

/** The id of padding. It has no word, so that no text can spell it. */
export const PAD = 0;
/** The id of everything that is not in the vocabulary. It has no word either. */
export const UNK = 1;
/** The id of the first word; ids from here on are ordered by frequency. */
export const FIRST_WORD = 2;

/**
 * Makes a vocabulary of words, or of characters.
 *
 * @param occurrences Every word of the training text, as often as it occurs: `sentences.flatMap((s) => s.words)`. For
 * characters `words.flatMap((word) => [...word])`. Leave out the words of a test set.
 * @param options Further words, spelling, and the least number of occurrences. With `digitsToZero`, further words with
 * other digits are left out, because no look-up can reach them.
 * @throws {Error} If `minCount` is not a whole number of at least 1, or a word is empty.
 *
 * @example
 * ```ts
 * import { createVocabulary } from "@laner/laner";
 *
 * const vocabulary = createVocabulary(["the", "cat", "the"], { also: ["bonn"], lowercaseFallback: true });
 * console.log(vocabulary.words); // ["the", "cat", "bonn"]
 * console.log(vocabulary.idsOf(["the", "Bonn", "dog"])); // Int32Array [2, 4, 1]
 * ```
 */
export function createVocabulary(occurrences: Iterable<string>, options: VocabularyOptions = {}): Vocabulary {
  const { also = [], minCount = 1, lowercaseFallback = false, digitsToZero = false } = options;
  if (!Number.isInteger(minCount) || minCount < 1) {
    throw new Error(
      `Cannot make a vocabulary by "minCount": it must be a whole number from 1, current value is ${minCount}`,
    );
  }
  const spelling = { lowercaseFallback, digitsToZero };
  const counts = new Map<string, number>();
  for (const word of occurrences) {
    const spelt = spellingsOf(word, spelling)[0]!;
    counts.set(spelt, (counts.get(spelt) ?? 0) + 1);
  }
  for (const [word, count] of counts) if (count < minCount) counts.delete(word);
  for (const word of also) {
    if (spellingsOf(word, spelling)[0] === word && !counts.has(word)) counts.set(word, 0);
  }
  if (counts.has("")) throw new Error('Cannot make a vocabulary with "": a word must not be empty');
  const sorted = [...counts].sort(byFrequency);
  return vocabularyOf({
    ...spelling,
    words: sorted.map(([word]) => word),
    counts: sorted.map(([, count]) => count),
  });
}

/**
 * Returns the spellings by which a word is looked up, best first.
 *
 * To choose the word vectors to read, take the spellings of all words of all sentences, test included.
 *
 * @example
 * ```ts
 * import { spellingsOf } from "@laner/laner";
 *
 * console.log(spellingsOf("Boeing-747", { lowercaseFallback: true, digitsToZero: true })); // Boeing-000, boeing-000
 * ```
 */
export function spellingsOf(
  word: string,
  { lowercaseFallback, digitsToZero }: SpellingOptions = {},
): string[] {
  const spelt = digitsToZero ? word.replace(/\p{Nd}/gu, "0") : word;
  const lower = lowercaseFallback ? spelt.toLowerCase() : spelt;
  return lower === spelt ? [spelt] : [spelt, lower];
}

/**
 * Makes a vocabulary from its JSON.
 *
 * @param json The parsed JSON.
 * @param source Where it came from, for messages.
 * @throws {Error} If the JSON differs in any detail from what `toJson` returns, naming the key.
 *
 * @example
 * ```ts
 * import { createVocabulary, vocabularyFromJson } from "@laner/laner";
 *
 * const text = JSON.stringify(createVocabulary(["the", "cat", "the"]).toJson());
 * console.log(vocabularyFromJson(JSON.parse(text)).idOf("cat")); // 3
 * ```
 */
export function vocabularyFromJson(json: unknown, source = "vocabulary.json"): Vocabulary {
  const refuse = (key: string, rule: string, value: unknown): never => {
    throw new Error(
      `Cannot use vocabulary "${source}" at ${key}: ${rule}, current value is ${showValue(value)}`,
    );
  };
  if (typeof json !== "object" || json === null) return refuse("the top", "it must be an object", json);
  const { words, counts, lowercaseFallback, digitsToZero, ...rest } = fieldsOf(json);
  if (typeof lowercaseFallback !== "boolean") {
    return refuse("lowercaseFallback", "it must be true or false", lowercaseFallback);
  }
  if (typeof digitsToZero !== "boolean") {
    return refuse("digitsToZero", "it must be true or false", digitsToZero);
  }
  for (const key of Object.keys(rest)) refuse(key, "there must be no other key", key);
  if (!Array.isArray(words)) return refuse("words", "it must be a list", words);
  if (!Array.isArray(counts) || counts.length !== words.length) {
    return refuse("counts", `it must be a list of ${words.length} numbers`, counts);
  }
  const known = new Set<string>();
  for (const [i, word] of words.entries()) {
    if (typeof word !== "string" || word === "") refuse(`words[${i}]`, "it must be text", word);
    if (known.has(word)) refuse(`words[${i}]`, "a word must come once", word);
    known.add(word);
    const count = counts[i]!;
    if (!Number.isInteger(count) || count < 0) {
      refuse(`counts[${i}]`, "it must be a whole number from 0", count);
    }
    if (i > 0 && byFrequency([words[i - 1]!, counts[i - 1]!], [word, count]) > 0) {
      refuse(`words[${i}]`, "words must be ordered by count, then by text", word);
    }
    if (spellingsOf(word, { digitsToZero })[0] !== word) {
      refuse(`words[${i}]`, "digits must be 0 where digitsToZero is set", word);
    }
  }
  return vocabularyOf({ words, counts, lowercaseFallback, digitsToZero });
}

function byFrequency([a, m]: [string, number], [b, n]: [string, number]): number {
  return n - m || (a < b ? -1 : a > b ? 1 : 0);
}

function vocabularyOf(json: VocabularyJson): Vocabulary {
  const { words, counts, lowercaseFallback, digitsToZero } = json;
  const ids = new Map(words.map((word, i) => [word, i + FIRST_WORD]));
  const idOf = (word: string): number => {
    for (const spelling of spellingsOf(word, json)) {
      const id = ids.get(spelling);
      if (id !== undefined) return id;
    }
    return UNK;
  };
  return {
    words,
    counts,
    lowercaseFallback,
    digitsToZero,
    size: words.length + FIRST_WORD,
    idOf,
    idsOf: (words) => Int32Array.from(words, idOf),
    toJson: () => ({ words: [...words], counts: [...counts], lowercaseFallback, digitsToZero }),
  };
}
