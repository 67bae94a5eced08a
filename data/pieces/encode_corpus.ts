/** Sentences of words as pieces. Over-long sentences are encoded in parts that are joined again after prediction. */
import type { EncodedSentence } from "../batches/batch.ts";
import { wordAsRead } from "../text/characters.ts";
import { shapesOfPieces } from "../words/word_shapes.ts";
import { splitLongSentence } from "./sentence_pieces.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** An encoder of words: a tokenizer, or one with a piece for every word. */
export type WordEncoder = Pick<Tokenizer, "encodeWord" | "encodeWords">;

/** Encoded parts of sentences, in order. */
export interface EncodedCorpus {
  /** The parts; a sentence that fits the encoder is one part, an empty one has no part. */
  parts: EncodedSentence[];
  /** The sentence and range of words of each part. */
  places: { sentence: number; start: number; end: number }[];
}

/**
 * Encodes sentences, after `wordAsRead` has cleaned each word.
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
      const encoded = tokenizer.encodeWords(part, { maxPieces });
      corpus.parts.push({ ...encoded, words: part, pieceShapes: shapesOfPieces(part, encoded.wordIds) });
      corpus.places.push({ sentence, start, end });
    }
  });
  return corpus;
}

/**
 * Joins the values of words, given by part, into one list a sentence.
 *
 * @param corpus The parts.
 * @param values One value a word, for each part.
 * @param nSentences The number of sentences.
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
