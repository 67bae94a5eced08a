/**
 * Word pieces: WordPiece and byte-level BPE tokenizers, their training, and sentences encoded as the pieces of their
 * words.
 *
 * @module
 */
export {
  type ByteLevelTokenizer,
  createByteLevelTokenizer,
  loadByteLevelTokenizer,
} from "./byte_level_bpe.ts";
export { type ByteLevelTokenizerFile, trainByteLevelBpe } from "./byte_level_bpe_training.ts";
export { encodeCorpus, joinParts } from "./encode_corpus.ts";
export { splitLongSentence } from "./sentence_pieces.ts";
export { createTokenizer, loadTokenizer, type Tokenizer } from "./tokenizer.ts";
export { tokenizerJson, type WordPieceTokenizerFile } from "./word_piece_tokenizer_json.ts";
export { trainWordPieces } from "./word_piece_vocabulary.ts";
