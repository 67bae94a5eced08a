import type { WordEncoder } from "./encode_corpus.ts";
import { checkMaxPieces } from "./encode_words.ts";

/** The encoder of systems that read words: each word is one piece with id 0, and no pieces surround the sentence. */
export const WHOLE_WORDS: WordEncoder = {
  encodeWord: () => [0],
  encodeWords(words, { maxPieces = 512 } = {}) {
    checkMaxPieces(maxPieces);
    const places = Int32Array.from(words.slice(0, maxPieces), (_, i) => i);
    return { ids: new Int32Array(places.length), firstPieces: places, wordIds: places };
  },
};
