import { Tokenizer as WordPieceTokenizer } from "npm:@huggingface/tokenizers@0.2.0";
import { fieldsOf } from "../fields_of.ts";
import { openFolder, type OpenFolderOptions } from "../open_folder.ts";
import { showValue } from "../show_value.ts";
import {
  cached,
  checkMaxPieces,
  type EncodedWords,
  encodeWords,
  type EncodeWordsOptions,
} from "./encode_words.ts";
import { normalizeAligned, placePieces } from "./piece_offsets.ts";
import { parseBertTokenizerJson } from "./tokenizer_json.ts";
import { mendForTokenizer } from "./unicode_fixes.ts";

export type { EncodedWords, EncodeWordsOptions };

/** A text as pieces. */
export interface EncodedText {
  /** Ids of the pieces, [CLS] first and [SEP] last. */
  ids: Int32Array;
  /** The place of each piece in the text, [start, end) in UTF-16 code units; [0, 0] for [CLS] and [SEP]. */
  offsets: [number, number][];
}

/** A tokenizer into BERT's word pieces. */
export interface Tokenizer {
  /** One more than the greatest id. */
  readonly vocabularySize: number;
  /** Ids of the special pieces; `mask` and `pad` are -1 where the vocabulary has none. */
  readonly specialIds: { pad: number; unknown: number; cls: number; sep: number; mask: number };
  /** Returns the id of a piece as it is written in the vocabulary, such as `##ing`. */
  pieceToId(piece: string): number | undefined;
  /** Returns the piece of an id. */
  idToPiece(id: number): string | undefined;
  /**
   * Returns the ids of a word's pieces alone; none for a word that yields no piece. The result is shared: do not change
   * it.
   */
  encodeWord(word: string): readonly number[];
  /** Encodes a sentence that is already split into words. */
  encodeWords(words: readonly string[], options?: EncodeWordsOptions): EncodedWords;
  /** Encodes a running text, with the place of every piece in it. */
  encodeText(text: string, options?: { maxPieces?: number }): EncodedText;
}

/**
 * Creates a tokenizer from the contents of a BERT tokenizer.json.
 *
 * Pieces equal those of the Rust library `tokenizers`, except around punctuation that is newer than its Unicode tables.
 * Padding and truncation settings of the file are ignored: `maxPieces` alone decides. Special pieces written out in a
 * word or text (`[SEP]`) become that piece.
 *
 * @param tokenizerJson The parsed tokenizer.json.
 * @param tokenizerConfig The parsed tokenizer_config.json, if there is one.
 * @param source Where they came from, for messages.
 * @throws {Error} If the tokenizer is not of BERT's kind.
 */
export function createTokenizer(
  tokenizerJson: unknown,
  tokenizerConfig: unknown = {},
  source = "tokenizer.json",
): Tokenizer {
  const settings = parseBertTokenizerJson(tokenizerJson, source);
  const { model, normalizer, added_tokens } = settings;
  checkTokenizerConfig(tokenizerConfig, source);
  const library = new WordPieceTokenizer(settings, {});
  const empty = library.encode("").ids;
  const cls = empty[0]!;
  const sep = empty[1]!;
  const unknown = model.vocab[model.unk_token]!;
  const pieceToId = (piece: string) => library.token_to_id(piece);
  const specialIds = { pad: pieceToId("[PAD]") ?? -1, unknown, cls, sep, mask: pieceToId("[MASK]") ?? -1 };
  const mend = (text: string) => mendForTokenizer(text, normalizer);

  const encodeWord = cached((word) => library.encode(mend(word), { add_special_tokens: false }).ids);
  const normalizeCharacter = cached((character) => library.normalizer!.normalize(mend(character)));
  const prefixLength = model.continuing_subword_prefix.length;
  /** Ids of a pre-token's pieces, and the number of its UTF-16 units that each covers. */
  const encodePreToken = cached((preToken) => {
    const pieces = library.model!.encode([preToken]);
    const ids = pieces.map((piece) => pieceToId(piece)!);
    // No pre-token can spell [UNK], because brackets are punctuation: [UNK] stands for the whole pre-token.
    const lengths = pieces[0] === model.unk_token
      ? [preToken.length]
      : pieces.map((piece, index) => piece.length - (index === 0 ? 0 : prefixLength));
    return { ids, lengths };
  });

  // The longest first: a shorter one could be the start of a longer one.
  const specials = added_tokens.map((token) => token.content).sort((a, b) => b.length - a.length);
  const specialPattern = specials.length === 0
    ? /(?!)/g
    : new RegExp(specials.map(escapeRegExp).join("|"), "g");

  function encodeText(text: string, options: { maxPieces?: number } = {}): EncodedText {
    const { maxPieces = 512 } = options;
    checkMaxPieces(maxPieces);
    const ids: number[] = [];
    const offsets: [number, number][] = [];
    const encodeSection = (start: number, end: number) => {
      const aligned = normalizeAligned(text.slice(start, end), normalizeCharacter, start);
      let at = 0;
      for (const preToken of library.pre_tokenizer!.pre_tokenize(aligned.text)) {
        at = aligned.text.indexOf(preToken, at); // only white space lies between pre-tokens
        const pieces = encodePreToken(preToken);
        ids.push(...pieces.ids);
        offsets.push(...placePieces(pieces.lengths, at, aligned));
        at += preToken.length;
      }
    };
    let end = 0;
    for (const match of text.matchAll(specialPattern)) {
      encodeSection(end, match.index);
      end = match.index + match[0].length;
      ids.push(pieceToId(match[0])!);
      offsets.push([match.index, end]);
    }
    encodeSection(end, text.length);
    ids.length = offsets.length = Math.min(ids.length, maxPieces - 2);
    return { ids: Int32Array.from([cls, ...ids, sep]), offsets: [[0, 0], ...offsets, [0, 0]] };
  }

  let vocabularySize = 0;
  for (const id of Object.values(model.vocab)) vocabularySize = Math.max(vocabularySize, id + 1);
  for (const { id } of added_tokens) vocabularySize = Math.max(vocabularySize, id + 1);
  return {
    vocabularySize,
    specialIds,
    pieceToId,
    idToPiece: (id) => library.id_to_token(id),
    encodeWord,
    encodeWords: (words, options) =>
      encodeWords(words, { encodeWord, before: [cls], after: [sep], unknown }, options),
    encodeText,
  };
}

/** Checks that the two keys are off by which the package changes texts of other models; other keys are ignored. */
export function checkTokenizerConfig(config: unknown, source: string): void {
  const fail = (rule: string, value: unknown) => {
    throw new Error(
      `Cannot use tokenizer "${source}": ${rule} in tokenizer_config.json, current value is ${
        showValue(value)
      }`,
    );
  };
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    return fail("there must be one object", config);
  }
  for (const key of ["remove_space", "do_lowercase_and_remove_accent"]) {
    const value = fieldsOf(config)[key] ?? false;
    if (value !== false) fail(`${key} must be false`, value);
  }
}

/**
 * Loads the tokenizer of a Hugging Face folder: tokenizer.json, and tokenizer_config.json if there is one.
 *
 * @param location Path, address or hub name of the folder, see `openFolder`.
 * @param options The start of relative paths, the hub and the revision.
 * @throws {Error} If tokenizer.json cannot be read or is not of BERT's kind.
 *
 * @example From the hub (needs network)
 * ```ts ignore
 * import { loadTokenizer } from "@laner/laner";
 *
 * const tokenizer = await loadTokenizer("google-bert/bert-base-cased");
 * const { ids, firstPieces } = tokenizer.encodeWords(["Angela", "Merkel", "spoke"], { maxPieces: 128 });
 * console.log(ids, firstPieces);
 * ```
 */
export async function loadTokenizer(
  location: string | URL,
  options: OpenFolderOptions = {},
): Promise<Tokenizer> {
  const folder = await openFolder(location, { probe: "tokenizer.json", ...options });
  const tokenizerJson = await folder.readJson("tokenizer.json");
  const hasConfig = await folder.has("tokenizer_config.json");
  const tokenizerConfig = hasConfig ? await folder.readJson("tokenizer_config.json") : {};
  return createTokenizer(tokenizerJson, tokenizerConfig, folder.url("tokenizer.json").href);
}

/** Returns a pattern that matches a text and nothing else. */
function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
