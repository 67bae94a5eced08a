import { Tokenizer as BytePairTokenizer } from "npm:@huggingface/tokenizers@0.2.0";
import { openFolder, type OpenFolderOptions } from "../open_folder.ts";
import { parseByteLevelTokenizerJson } from "./byte_level_json.ts";
import { cached, encodeWords } from "./encode_words.ts";
import { checkTokenizerConfig, type Tokenizer } from "./tokenizer.ts";

/**
 * A tokenizer of byte-level pieces of words, as in BART and GPT-2; like BERT's, but without running text.
 *
 * Of `specialIds`, `cls` is the piece before a sentence (`<s>`) and `sep` the one after it (`</s>`); missing ones are
 * -1. An empty word has no piece; in a sentence it is a space.
 */
export type ByteLevelTokenizer = Omit<Tokenizer, "encodeText">;

/**
 * Creates a tokenizer from the contents of a tokenizer.json of BART's, RoBERTa's or GPT-2's kind.
 *
 * Every word, including the first, is encoded as if it followed a space, whatever `add_prefix_space` says: BARTNER does
 * the same, and so a word has the same pieces everywhere. Pieces equal those of the Rust library `tokenizers` for split
 * words, except for letters, numbers and spaces on which their Unicode tables differ. Padding and truncation settings
 * of the file are ignored: `maxPieces` alone decides. Special pieces written out in a word (`</s>`) become that piece.
 *
 * @param tokenizerJson The parsed tokenizer.json.
 * @param tokenizerConfig The parsed tokenizer_config.json, if there is one.
 * @param source Where they came from, for messages.
 * @throws {Error} If the tokenizer is not of this kind; the message names the key.
 *
 * @example
 * ```ts
 * import { createByteLevelTokenizer, trainByteLevelBpe } from "@laner/laner";
 *
 * const tokenizer = createByteLevelTokenizer(trainByteLevelBpe(["low"], { vocabularySize: 300 }));
 * console.log(tokenizer.encodeWords(["low", "slow"]).firstPieces); // Int32Array [1, 2]
 * ```
 */
export function createByteLevelTokenizer(
  tokenizerJson: unknown,
  tokenizerConfig: unknown = {},
  source = "tokenizer.json",
): ByteLevelTokenizer {
  const settings = parseByteLevelTokenizerJson(tokenizerJson, source);
  checkTokenizerConfig(tokenizerConfig, source);
  const library = new BytePairTokenizer(settings, {});
  const { cls, sep } = settings.post_processor ?? {};
  const before = cls ? [cls[1]] : [];
  const after = sep ? [sep[1]] : [];
  const pieceToId = (piece: string) => library.token_to_id(piece);
  const idOf = (piece: string) => pieceToId(piece) ?? -1;
  // No byte is unknown; a word without pieces, an empty one, becomes the space before it.
  const space = idOf("Ġ");
  const encodeWord = cached((word) => library.encode(word, { add_special_tokens: false }).ids);
  let vocabularySize = 0;
  for (const id of Object.values(settings.model.vocab)) vocabularySize = Math.max(vocabularySize, id + 1);
  for (const { id } of settings.added_tokens) vocabularySize = Math.max(vocabularySize, id + 1);
  return {
    vocabularySize,
    specialIds: {
      pad: idOf("<pad>"),
      unknown: idOf("<unk>"),
      cls: before[0] ?? -1,
      sep: after[0] ?? -1,
      mask: idOf("<mask>"),
    },
    pieceToId,
    idToPiece: (id) => library.id_to_token(id),
    encodeWord,
    encodeWords: (words, options) =>
      encodeWords(words, { encodeWord, before, after, unknown: space }, options),
  };
}

/**
 * Loads the byte-level tokenizer of a Hugging Face folder: tokenizer.json, and tokenizer_config.json if there is one.
 *
 * @param location Path, address or hub name of the folder, see `openFolder`.
 * @param options The start of relative paths, the hub and the revision.
 * @throws {Error} If tokenizer.json cannot be read or is not of BART's kind.
 *
 * @example From the hub (needs network)
 * ```ts ignore
 * import { loadByteLevelTokenizer } from "@laner/laner";
 *
 * const tokenizer = await loadByteLevelTokenizer("facebook/bart-base");
 * const { ids, firstPieces } = tokenizer.encodeWords(["Angela", "Merkel", "spoke"]);
 * console.log(ids, firstPieces);
 * ```
 */
export async function loadByteLevelTokenizer(
  location: string | URL,
  options: OpenFolderOptions = {},
): Promise<ByteLevelTokenizer> {
  const folder = await openFolder(location, { probe: "tokenizer.json", ...options });
  const tokenizerJson = await folder.readJson("tokenizer.json");
  const hasConfig = await folder.has("tokenizer_config.json");
  const tokenizerConfig = hasConfig ? await folder.readJson("tokenizer_config.json") : {};
  return createByteLevelTokenizer(tokenizerJson, tokenizerConfig, folder.url("tokenizer.json").href);
}
