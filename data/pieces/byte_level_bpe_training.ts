import { ByteLevelPreTokenizer } from "npm:@huggingface/tokenizers@0.2.0";
import { BYTE_CHARACTERS } from "./byte_level_json.ts";
import { mergePairs } from "./merge_pairs.ts";
import type { AddedToken } from "./tokenizer_json.ts";

/** BART's special pieces, in the order in which vocabularies of {@link trainByteLevelBpe} begin. */
export const BART_SPECIAL_PIECES: readonly string[] = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"];

/** A tokenizer.json of a byte-level byte-pair encoding, made by {@link trainByteLevelBpe}. */
export interface ByteLevelTokenizerFile {
  version: "1.0";
  truncation: null;
  padding: null;
  added_tokens: AddedToken[];
  normalizer: null;
  pre_tokenizer: ByteLevelSettings;
  post_processor: {
    type: "RobertaProcessing";
    sep: [piece: string, id: number];
    cls: [piece: string, id: number];
    trim_offsets: boolean;
    add_prefix_space: boolean;
  };
  decoder: ByteLevelSettings;
  model: {
    type: "BPE";
    dropout: null;
    unk_token: null;
    continuing_subword_prefix: null;
    end_of_word_suffix: null;
    fuse_unk: boolean;
    byte_fallback: boolean;
    ignore_merges: boolean;
    vocab: Record<string, number>;
    merges: [left: string, right: string][];
  };
}

/** Settings that turn text into bytes and bytes into text. */
interface ByteLevelSettings {
  type: "ByteLevel";
  add_prefix_space: boolean;
  trim_offsets: boolean;
  use_regex: boolean;
}

/**
 * Trains a byte-level byte-pair encoding on texts, with the same pieces as Hugging Face's `ByteLevelBPETokenizer`.
 *
 * Texts are split at GPT-2's borders between letters, numbers and marks; a space stays with the text after it. A space
 * is put before each text, because words are encoded after one. Each part starts as bytes. Then the most frequent pair
 * of neighbours is merged, again and again; of equally frequent pairs, the one whose pieces were made first.
 *
 * @param texts The texts; their division into strings does not matter as long as no word is cut.
 * @param options `vocabularySize`: the number of pieces, the 5 special ones and the 256 bytes included; there are fewer
 * if nothing is left to merge.
 * @returns The tokenizer.json, of BART's kind: write it as JSON, or make a tokenizer from it by
 * `createByteLevelTokenizer`.
 * @throws {Error} If the vocabulary size has no room for the special pieces and the bytes.
 *
 * @example
 * ```ts
 * import { createByteLevelTokenizer, trainByteLevelBpe } from "@laner/laner";
 *
 * const json = trainByteLevelBpe(["low lower lowest"], { vocabularySize: 266 });
 * const tokenizer = createByteLevelTokenizer(json);
 * const { ids, firstPieces } = tokenizer.encodeWords(["lower", "slow"]);
 * console.log([...ids].map((id) => tokenizer.idToPiece(id)), firstPieces);
 * ```
 */
export function trainByteLevelBpe(
  texts: Iterable<string>,
  { vocabularySize }: { vocabularySize: number },
): ByteLevelTokenizerFile {
  const pieces = [...BART_SPECIAL_PIECES, ...BYTE_CHARACTERS];
  if (!(vocabularySize >= pieces.length)) {
    throw new Error(
      `Cannot train "byte-level pieces": the vocabulary size must have room for ${BART_SPECIAL_PIECES.length} ` +
        `special pieces and ${BYTE_CHARACTERS.length} bytes, current value is ${vocabularySize}`,
    );
  }
  const pre_tokenizer: ByteLevelSettings = {
    type: "ByteLevel",
    add_prefix_space: true,
    trim_offsets: true,
    use_regex: true,
  };
  const splitter = new ByteLevelPreTokenizer(pre_tokenizer);
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const part of splitter.pre_tokenize(text)) counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  const idOf = new Map(pieces.map((piece, id) => [piece, id]));
  const words = [...counts].map(([part, count]) => ({
    ids: [...part].map((byte) => idOf.get(byte)!),
    count,
  }));
  const merges = mergePairs(words, pieces, vocabularySize, (left, right) => left + right);

  const special = (content: string) => ({
    id: idOf.get(content)!,
    content,
    single_word: false,
    // As in BART, the mask takes the space before it along.
    lstrip: content === "<mask>",
    rstrip: false,
    normalized: false,
    special: true,
  });
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: BART_SPECIAL_PIECES.map(special),
    normalizer: null,
    pre_tokenizer,
    post_processor: {
      type: "RobertaProcessing",
      sep: ["</s>", idOf.get("</s>")!],
      cls: ["<s>", idOf.get("<s>")!],
      trim_offsets: true,
      add_prefix_space: true,
    },
    decoder: pre_tokenizer,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
      merges: merges.map(([left, right]) => [pieces[left]!, pieces[right]!]),
    },
  };
}
