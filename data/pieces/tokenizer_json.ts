import { fieldsOf } from "../fields_of.ts";
import { showValue } from "../show_value.ts";
import type { BertNormalizerSettings } from "./unicode_fixes.ts";

/** The part of a tokenizer.json that this toolkit reads; nothing else reaches the tokenizer package. */
export interface BertTokenizerJson {
  normalizer: BertNormalizerSettings & {
    type: "BertNormalizer";
    clean_text: boolean;
    strip_accents: boolean | null;
  };
  pre_tokenizer: { type: "BertPreTokenizer" };
  model: {
    type: "WordPiece";
    vocab: Record<string, number>;
    unk_token: string;
    continuing_subword_prefix: string;
    max_input_chars_per_word: number;
  };
  /** The pieces before and after a sentence, with their ids. */
  post_processor: { type: "BertProcessing"; cls: [string, number]; sep: [string, number] };
  decoder: null;
  added_tokens: AddedToken[];
}

/** A piece that is found in the text before it is normalized. */
export interface AddedToken {
  content: string;
  id: number;
  normalized: boolean;
  special: boolean;
  lstrip: boolean;
  rstrip: boolean;
  single_word: boolean;
}

/** The largest id: ids are stored in 32 bits. */
const MAX_ID = 2 ** 31 - 1;
/** The longest word: finding its pieces takes time with the cube of its length. BERT's own limit is 100. */
const MAX_WORD = 256;
/** The longest prefix; BERT's own, ##, has two characters. */
const MAX_PREFIX = 16;

/** Throws an error that a key breaks a rule. */
export type Refuse = (rule: string, value: unknown) => never;

/**
 * Reads a tokenizer.json of BERT's kind: BERT normalizer and pre-tokenizer, WordPiece, [CLS] and [SEP]. Padding,
 * truncation and decoder are ignored; patterns in the file are never run.
 *
 * @param json The parsed file.
 * @param source Where it came from, for messages.
 * @throws {Error} If it is of another kind, or a key that is read has an impossible value; the message names the key.
 */
export function parseBertTokenizerJson(json: unknown, source: string): BertTokenizerJson {
  const refuse: Refuse = (rule, value) => {
    throw new Error(`Cannot use tokenizer "${source}": ${rule}, current value is ${showValue(value)}`);
  };
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return refuse("a tokenizer.json holds one object", json);
  }
  const { normalizer, pre_tokenizer, model, post_processor, added_tokens } = fieldsOf(json);
  const fields = (value: unknown, key: string, type: string) => {
    const found = fieldsOf(value);
    if (found.type !== type) refuse(`${key} must be ${type}`, found.type ?? value);
    return found;
  };
  const flag = (value: unknown, key: string) =>
    typeof value === "boolean" ? value : refuse(`${key} must be true or false`, value);

  const { clean_text = false, handle_chinese_chars = false, lowercase = false, strip_accents = null } =
    fields(
      normalizer,
      "normalizer",
      "BertNormalizer",
    );
  fields(pre_tokenizer, "pre_tokenizer", "BertPreTokenizer");
  const wordPiece = parseWordPiece(fields(model, "model", "WordPiece"), refuse);
  const ids = new Map(Object.entries(wordPiece.vocab));
  const added = parseAddedTokens(added_tokens, ids, refuse);
  // Matching inside normalized text would need offsets of its own; no BERT tokenizer asks for it.
  added.forEach(({ content, normalized }, i) => {
    if (normalized) {
      refuse(`added_tokens[${i}] ${showValue(content)} must have normalized: false`, normalized);
    }
  });
  const [cls, sep] = piecesAround(fieldsOf(post_processor)).map((piece): [string, number] => {
    const id = typeof piece === "string" ? ids.get(piece) : undefined;
    if (typeof piece === "string" && id !== undefined) return [piece, id];
    return refuse(
      "post_processor must put one known piece before a sentence and one after, as BertProcessing or TemplateProcessing",
      piece,
    );
  });
  return {
    normalizer: {
      type: "BertNormalizer",
      clean_text: flag(clean_text, "normalizer.clean_text"),
      handle_chinese_chars: flag(handle_chinese_chars, "normalizer.handle_chinese_chars"),
      lowercase: flag(lowercase, "normalizer.lowercase"),
      strip_accents: strip_accents === null ? null : flag(strip_accents, "normalizer.strip_accents"),
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    model: wordPiece,
    post_processor: { type: "BertProcessing", cls: cls!, sep: sep! },
    decoder: null,
    added_tokens: added,
  };
}

function parseWordPiece(model: Record<string, unknown>, refuse: Refuse): BertTokenizerJson["model"] {
  const { vocab, unk_token, continuing_subword_prefix, max_input_chars_per_word = 100 } = model;
  if (typeof vocab !== "object" || vocab === null || Array.isArray(vocab)) {
    return refuse("model.vocab must map pieces to ids", vocab);
  }
  const pieces = new Map<number, string>();
  const ids = Object.entries(vocab).map(([piece, id]: [string, unknown]): [string, number] => {
    checkId(id, `model.vocab[${showValue(piece)}]`, refuse);
    if (pieces.has(id)) {
      refuse(`model.vocab[${showValue(piece)}] must differ from that of ${showValue(pieces.get(id))}`, id);
    }
    pieces.set(id, piece);
    return [piece, id];
  });
  if (typeof continuing_subword_prefix !== "string" || continuing_subword_prefix.length > MAX_PREFIX) {
    return refuse(
      `model.continuing_subword_prefix must be at most ${MAX_PREFIX} characters such as ##`,
      continuing_subword_prefix,
    );
  }
  if (typeof unk_token !== "string" || !Object.hasOwn(vocab, unk_token)) {
    return refuse("model.unk_token must be a piece of model.vocab", unk_token);
  }
  const most = max_input_chars_per_word;
  if (typeof most !== "number" || !Number.isInteger(most) || most < 1 || most > MAX_WORD) {
    return refuse(`model.max_input_chars_per_word must be a whole number from 1 to ${MAX_WORD}`, most);
  }
  return {
    type: "WordPiece",
    vocab: Object.fromEntries(ids),
    unk_token,
    continuing_subword_prefix,
    max_input_chars_per_word: most,
  };
}

/** Checks the added tokens, and adds their ids to those of the vocabulary. */
export function parseAddedTokens(tokens: unknown, ids: Map<string, number>, refuse: Refuse): AddedToken[] {
  if (!Array.isArray(tokens)) return refuse("added_tokens must be a list", tokens);
  const taken = new Set(ids.values());
  return tokens.map((token, index) => {
    const key = `added_tokens[${index}]`;
    const { content, id, normalized, ...flags } = fieldsOf(token);
    if (typeof content !== "string" || content === "") {
      return refuse(`${key}.content must be text that is not empty`, content);
    }
    checkId(id, `${key}.id`, refuse);
    if (ids.has(content) ? ids.get(content) !== id : taken.has(id)) {
      refuse(`${key}.id must be that of ${showValue(content)} alone`, id);
    }
    ids.set(content, id);
    taken.add(id);
    const flag = (value: unknown = false): boolean =>
      typeof value === "boolean" ? value : refuse(`the flags of ${key} must be true or false`, value);
    const special = flag(flags.special);
    return {
      content,
      id,
      special,
      lstrip: flag(flags.lstrip),
      rstrip: flag(flags.rstrip),
      single_word: flag(flags.single_word),
      normalized: flag(normalized ?? !special),
    };
  });
}

/** Checks that a value can be the id of a piece. */
export function checkId(id: unknown, key: string, refuse: Refuse): asserts id is number {
  if (typeof id !== "number" || !Number.isInteger(id) || id < 0 || id > MAX_ID) {
    refuse(`${key} must be a whole number from 0, below 2^31`, id);
  }
}

/** Returns the pieces that a post-processor puts before and after a sentence; undefined for a missing one. */
export function piecesAround({ type, cls, sep, single }: Record<string, unknown>): unknown[] {
  if (type === "BertProcessing") return [cls, sep].map((pair) => Array.isArray(pair) ? pair[0] : undefined);
  if (type !== "TemplateProcessing" || !Array.isArray(single)) return [undefined, undefined];
  const [before, sequence, after, ...more] = single.map(fieldsOf);
  const isSentence = fieldsOf(sequence?.Sequence).id === "A" && more.length === 0;
  return [before, after].map((part) => isSentence ? fieldsOf(part?.SpecialToken).id : undefined);
}
