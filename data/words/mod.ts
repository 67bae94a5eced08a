/**
 * Words, their characters and word vectors: vocabularies, vector tables, character n-grams.
 *
 * @module
 */
export { charNgrams, charNgramVector, hashedNgrams } from "./char_ngrams.ts";
export { typeWords } from "./type_words.ts";
export { type VectorTable, vectorTable } from "./vector_table.ts";
export { createVocabularies, type Vocabularies } from "./vocabularies.ts";
export { formatWordVectors, readWordVectors, type WordVectors } from "./word_vectors.ts";
export { type WordShape, wordShape } from "./word_shapes.ts";
export { createVocabulary, spellingsOf, type Vocabulary, vocabularyFromJson } from "./word_vocabulary.ts";
