import type { AddedToken } from "./tokenizer_json.ts";
import { SPECIAL_PIECES } from "./word_piece_vocabulary.ts";

/** A tokenizer.json of a BERT tokenizer, made by {@link tokenizerJson}. */
export interface WordPieceTokenizerFile {
  version: "1.0";
  truncation: null;
  padding: null;
  added_tokens: AddedToken[];
  normalizer: {
    type: "BertNormalizer";
    clean_text: boolean;
    handle_chinese_chars: boolean;
    strip_accents: null;
    lowercase: boolean;
  };
  pre_tokenizer: { type: "BertPreTokenizer" };
  post_processor: {
    type: "TemplateProcessing";
    single: TemplatePart[];
    pair: TemplatePart[];
    special_tokens: Record<string, { id: string; ids: number[]; tokens: string[] }>;
  };
  decoder: { type: "WordPiece"; prefix: string; cleanup: boolean };
  model: {
    type: "WordPiece";
    unk_token: string;
    continuing_subword_prefix: string;
    max_input_chars_per_word: number;
    vocab: Record<string, number>;
  };
}

/** A sequence, or a special piece before or after it. */
type TemplatePart =
  | { Sequence: { id: "A" | "B"; type_id: number } }
  | { SpecialToken: { id: string; type_id: number } };

/**
 * Writes a BERT tokenizer over a WordPiece vocabulary as a Hugging Face `tokenizer.json`: BertNormalizer,
 * BertPreTokenizer, WordPiece, [CLS] … [SEP] around a sequence and its decoder.
 *
 * @param vocabulary The pieces; a piece's id is its index. It has to hold [PAD], [UNK], [CLS], [SEP] and [MASK].
 * @param options `lowercase`: whether case and accents are dropped, as when the vocabulary was trained; default false.
 * @returns The object to write as JSON.
 * @throws {Error} If a special piece is missing or a piece occurs twice.
 */
export function tokenizerJson(
  vocabulary: readonly string[],
  { lowercase = false }: { lowercase?: boolean } = {},
): WordPieceTokenizerFile {
  const vocab: Record<string, number> = Object.fromEntries(vocabulary.map((piece, id) => [piece, id]));
  vocabulary.forEach((piece, id) => {
    if (vocab[piece] !== id) {
      throw new Error(
        `Cannot describe "tokenizer.json": a piece occurs once, current value is "${piece}" at ${id} and ${
          vocab[piece]
        }`,
      );
    }
  });
  for (const piece of SPECIAL_PIECES) {
    if (!Object.hasOwn(vocab, piece)) {
      throw new Error(
        `Cannot describe "tokenizer.json": the vocabulary must hold ${piece}, current value is ${vocabulary.length} ` +
          "pieces without it",
      );
    }
  }
  const sequence = (id: "A" | "B", typeId: number) => ({ Sequence: { id, type_id: typeId } });
  const special = (id: string, typeId: number) => ({ SpecialToken: { id, type_id: typeId } });
  const token = (id: string) => ({ id, ids: [vocab[id]!], tokens: [id] });
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: SPECIAL_PIECES.map((content) => ({
      id: vocab[content]!,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })).sort((a, b) => a.id - b.id),
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      // null means: as `lowercase` says.
      strip_accents: null,
      lowercase,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single: [special("[CLS]", 0), sequence("A", 0), special("[SEP]", 0)],
      pair: [
        special("[CLS]", 0),
        sequence("A", 0),
        special("[SEP]", 0),
        sequence("B", 1),
        special("[SEP]", 1),
      ],
      special_tokens: { "[CLS]": token("[CLS]"), "[SEP]": token("[SEP]") },
    },
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
