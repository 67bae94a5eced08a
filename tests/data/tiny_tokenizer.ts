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
  const vocab = Object.fromEntries(TINY_PIECES.map((piece, id) => [piece, id]));
  return {
    version: "1.0",
    truncation: { max_length: 4, strategy: "LongestFirst", stride: 0 },
    padding: { strategy: { Fixed: 4 }, direction: "Right", pad_id: 0, pad_type_id: 0, pad_token: "[PAD]" },
    added_tokens: TINY_PIECES.slice(0, 5).map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: { type: "BertProcessing", sep: ["[SEP]", 3], cls: ["[CLS]", 2] },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab,
    },
  };
}
