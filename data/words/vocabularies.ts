/** The vocabularies of a network that reads words and their characters. */
import { fieldsOf } from "../fields_of.ts";
import { wordAsRead } from "../text/characters.ts";
import {
  createVocabulary,
  spellingsOf,
  UNK,
  type Vocabulary,
  vocabularyFromJson,
} from "./word_vocabulary.ts";

/** Vocabularies of words and of characters. */
export interface Vocabularies {
  words: Vocabulary;
  characters: Vocabulary;
  /** The characters of the character language models, if there are any. */
  lmCharacters?: Vocabulary | undefined;
}

/**
 * Makes the vocabularies of training sentences.
 *
 * @param train Training sentences; leave out those of a test set.
 * @param vectorWords Words with pretrained vectors; they may be any words.
 * @param lowercaseFallback Whether an unknown word is looked up in lower case.
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

/** Returns all spellings by which words of sentences are looked up: the words whose vectors are worth reading. */
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

/** Returns the ids of a word's characters; that of UNK for an empty word. */
export function characterIds({ characters }: Vocabularies, word: string): Int32Array {
  const ids = characters.idsOf(word);
  return ids.length > 0 ? ids : Int32Array.of(UNK);
}

/** Returns the vocabularies as plain data for a JSON file. */
export function vocabulariesToJson({ words, characters, lmCharacters }: Vocabularies): unknown {
  const json = { words: words.toJson(), characters: characters.toJson() };
  return lmCharacters ? { ...json, lmCharacters: lmCharacters.toJson() } : json;
}

/**
 * Makes the vocabularies from the data that {@link vocabulariesToJson} returns.
 *
 * @throws If the data has another form, naming the key.
 */
export function vocabulariesFromJson(json: unknown, source: string): Vocabularies {
  const { words, characters, lmCharacters } = fieldsOf(json);
  return {
    words: vocabularyFromJson(words, `${source}, words`),
    characters: vocabularyFromJson(characters, `${source}, characters`),
    ...(lmCharacters === undefined
      ? {}
      : { lmCharacters: vocabularyFromJson(lmCharacters, `${source}, lmCharacters`) }),
  };
}
