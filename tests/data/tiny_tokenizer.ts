import { tokenizerJson } from "../../data/pieces/word_piece_tokenizer_json.ts";

/** Pieces of {@linkcode tinyTokenizerJson}; a piece's id is its place. */
export const TINY_PIECES = [
  "[PAD]",
  "[UNK]",
  "[CLS]",
  "[SEP]",
  "[MASK]",
  "new",
  "york",
  "##ers",
  "like",
  ".",
  "σ",
  "##σ",
  "o",
  "##o",
  "京",
  "\u{20000}",
  "e",
  "##e",
  "\u1112", // the three letters that the syllable U+D55C decomposes into
  "##\u1161",
  "##\u11ab",
];

/** A tokenizer.json of BERT's kind with a handful of pieces, uncased; asks for padding and truncation to 4. */
export function tinyTokenizerJson(lowercase = true) {
  return {
    ...tokenizerJson(TINY_PIECES, { lowercase }),
    truncation: { max_length: 4, strategy: "LongestFirst", stride: 0 },
    padding: { strategy: { Fixed: 4 }, direction: "Right", pad_id: 0, pad_type_id: 0, pad_token: "[PAD]" },
    // The older way to say what TemplateProcessing says.
    post_processor: { type: "BertProcessing", sep: ["[SEP]", 3], cls: ["[CLS]", 2] },
  };
}
