/** What a network that reads words and their characters knows them by. */
import { wordAsRead } from "../text/characters.ts";
import {
  createVocabulary,
  spellingsOf,
  UNK,
  type Vocabulary,
  vocabularyFromJson,
} from "./word_vocabulary.ts";

/** Words and characters with their ids. */
export interface Vocabularies {
  words: Vocabulary;
  characters: Vocabulary;
  /** The characters that character language models know, where there are such. */
  lmCharacters?: Vocabulary | undefined;
}

/**
 * The vocabularies of training sentences.
 *
 * @param train Sentences that are trained on; those of a test set do not belong here.
 * @param vectorWords Words that have pretrained vectors, which may be any.
 * @param lowercaseFallback Whether a word that is not there is looked up in lower case.
 */
export function createVocabularies(
  train: readonly { words: readonly string[] }[],
  vectorWords: Iterable<string>,
  lowercaseFallback: boolean,
): Vocabularies {
  const words = train.flatMap((sentence) => sentence.words.map(wordAsRead));
  return {
    words: createVocabulary(words, { also: vectorWords, lowercaseFallback }),
    characters: createVocabulary(words.flatMap((word) => [...word])),
  };
}

/** All spellings under which words of sentences may be looked up: those whose vectors are worth reading. */
export function allSpellings(
  sentences: readonly { words: readonly string[] }[],
  lowercaseFallback: boolean,
): Set<string> {
  return new Set(
    sentences.flatMap(({ words }) =>
      words.flatMap((word) => spellingsOf(wordAsRead(word), { lowercaseFallback }))
    ),
  );
}

/** Ids of a word's characters; that of UNK for a word without any. */
export function characterIds({ characters }: Vocabularies, word: string): Int32Array {
  const ids = characters.idsOf(word);
  return ids.length > 0 ? ids : Int32Array.of(UNK);
}

/** The vocabularies as a file holds them. */
export function vocabulariesToJson({ words, characters, lmCharacters }: Vocabularies): unknown {
  const json = { words: words.toJson(), characters: characters.toJson() };
  return lmCharacters ? { ...json, lmCharacters: lmCharacters.toJson() } : json;
}

/**
 * And from what a file holds.
 *
 * @throws If it is not what `vocabulariesToJson` gives, naming the key.
 */
export function vocabulariesFromJson(json: unknown, source: string): Vocabularies {
  const { words, characters, lmCharacters } = (json ?? {}) as Record<string, unknown>;
  return {
    words: vocabularyFromJson(words, `${source}, words`),
    characters: vocabularyFromJson(characters, `${source}, characters`),
    ...(lmCharacters === undefined
      ? {}
      : { lmCharacters: vocabularyFromJson(lmCharacters, `${source}, lmCharacters`) }),
  };
}
