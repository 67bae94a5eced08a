/** Sentences of words as pieces, over-long ones in parts that are put together again after prediction. */
import type { EncodedSentence } from "../batches/batch.ts";
import { wordAsRead } from "../text/characters.ts";
import { splitLongSentence } from "./sentence_pieces.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** What encodes words: a tokenizer, or one that has a piece for every word. */
export type WordEncoder = Pick<Tokenizer, "encodeWord" | "encodeWords">;

/** Encoded parts of sentences, in order. */
export interface EncodedCorpus {
  /** The parts; a sentence that fits the encoder is one part, an empty one has none. */
  parts: EncodedSentence[];
  /** The sentence and range of words that each part is. */
  places: { sentence: number; start: number; end: number }[];
}

/**
 * Encodes sentences, each word as `wordAsRead` gives it.
 *
 * @param sentences Words of each sentence.
 * @param maxPieces Most pieces of a part, [CLS] and [SEP] counted; longer sentences are split between words.
 */
export function encodeCorpus(
  sentences: readonly (readonly string[])[],
  tokenizer: WordEncoder,
  maxPieces = 512,
): EncodedCorpus {
  const corpus: EncodedCorpus = { parts: [], places: [] };
  sentences.forEach((given, sentence) => {
    const words = given.map(wordAsRead);
    for (const { start, end } of splitLongSentence(words, tokenizer, maxPieces)) {
      const part = words.slice(start, end);
      corpus.parts.push({ ...tokenizer.encodeWords(part, { maxPieces }), words: part });
      corpus.places.push({ sentence, start, end });
    }
  });
  return corpus;
}

/**
 * Values of words, given for each part, by sentence again.
 *
 * @param corpus The parts.
 * @param values For each part a value per word.
 * @param nSentences How many sentences there are.
 */
export function joinParts<T>(
  { places }: EncodedCorpus,
  values: readonly ArrayLike<T>[],
  nSentences: number,
): T[][] {
  const joined: T[][] = Array.from({ length: nSentences }, () => []);
  places.forEach(({ sentence }, part) => joined[sentence]!.push(...Array.from(values[part]!)));
  return joined;
}
