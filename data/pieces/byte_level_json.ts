import { fieldsOf } from "../fields_of.ts";
import { showValue } from "../show_value.ts";
import { type AddedToken, checkId, parseAddedTokens, piecesAround, type Refuse } from "./tokenizer_json.ts";

/** The part of a byte-level tokenizer.json that this toolkit reads; nothing else reaches the tokenizer package. */
export interface ByteLevelTokenizerJson {
  normalizer: null;
  pre_tokenizer: { type: "ByteLevel"; add_prefix_space: true; use_regex: boolean };
  /** The pieces before and after a sentence, with their ids; null for none. */
  post_processor: { type: "BertProcessing"; cls: [string, number]; sep: [string, number] } | null;
  decoder: null;
  model: { type: "BPE"; vocab: Record<string, number>; merges: [string, string][]; ignore_merges: boolean };
  added_tokens: AddedToken[];
}

/**
 * The 256 characters that stand for bytes, in code point order: printable ones for themselves, U+0100 and up for the
 * others (GPT-2's `bytes_to_unicode`).
 */
export const BYTE_CHARACTERS: readonly string[] = [[0x21, 0x7e], [0xa1, 0xac], [0xae, 0xff], [0x100, 0x143]]
  .flatMap(([first, last]) =>
    Array.from({ length: last! - first! + 1 }, (_, i) => String.fromCharCode(first! + i))
  );

/**
 * Reads a tokenizer.json of GPT-2's and BART's kind: bytes as characters, byte-pair encoding, the pieces around a
 * sentence. Padding, truncation and decoder are ignored.
 *
 * @param json The parsed file.
 * @param source Where it came from, for messages.
 * @throws {Error} If it is of another kind, or a key that is read has an impossible value; the message names the key.
 */
export function parseByteLevelTokenizerJson(json: unknown, source: string): ByteLevelTokenizerJson {
  const refuse: Refuse = (rule, value) => {
    throw new Error(`Cannot use tokenizer "${source}": ${rule}, current value is ${showValue(value)}`);
  };
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return refuse("a tokenizer.json holds one object", json);
  }
  const { normalizer, pre_tokenizer, post_processor, model, added_tokens } = fieldsOf(json);
  if (normalizer) refuse("normalizer must be null", normalizer);
  const { type, use_regex = true } = fieldsOf(pre_tokenizer);
  if (type !== "ByteLevel") refuse("pre_tokenizer must be ByteLevel", type ?? pre_tokenizer);
  if (typeof use_regex !== "boolean") {
    return refuse("pre_tokenizer.use_regex must be true or false", use_regex);
  }
  const bpe = parseBpe(fieldsOf(model), refuse);
  const ids = new Map(Object.entries(bpe.vocab));
  const added = parseAddedTokens(added_tokens, ids, refuse);
  added.forEach(({ content, single_word }, i) => {
    if (single_word) {
      refuse(`added_tokens[${i}] ${showValue(content)} must have single_word: false`, single_word);
    }
  });
  return {
    normalizer: null,
    pre_tokenizer: { type, add_prefix_space: true, use_regex },
    post_processor: parseAround(post_processor, ids, refuse),
    decoder: null,
    model: bpe,
    added_tokens: added,
  };
}

function parseBpe(model: Record<string, unknown>, refuse: Refuse): ByteLevelTokenizerJson["model"] {
  const { type, vocab, merges, ignore_merges = false } = model;
  if (type !== "BPE") return refuse("model must be BPE", type);
  // Other marks of a word's start or end, and random merges, are of another kind; the package would ignore them.
  for (const key of ["dropout", "continuing_subword_prefix", "end_of_word_suffix"]) {
    if (model[key]) refuse(`model.${key} must be empty`, model[key]);
  }
  if (typeof ignore_merges !== "boolean") {
    return refuse("model.ignore_merges must be true or false", ignore_merges);
  }
  if (typeof vocab !== "object" || vocab === null || Array.isArray(vocab)) {
    return refuse("model.vocab must map pieces to ids", vocab);
  }
  const ids = Object.entries(vocab).map(([piece, id]: [string, unknown]): [string, number] => {
    checkId(id, `model.vocab[${showValue(piece)}]`, refuse);
    return [piece, id];
  });
  // Without an unknown piece, a missing character or merge would drop letters silently.
  for (const character of BYTE_CHARACTERS) {
    if (!Object.hasOwn(vocab, character)) {
      refuse(`model.vocab must hold all bytes, ${showValue(character)} too`, undefined);
    }
  }
  if (!Array.isArray(merges)) return refuse("model.merges must be a list", merges);
  const pairs = merges.map((merge: unknown, i): [string, string] => {
    const parts: unknown = typeof merge === "string" ? merge.split(" ") : merge;
    const [left, right, ...more]: unknown[] = Array.isArray(parts) ? parts : [];
    const rule = `model.merges[${i}] must be two pieces that make a third`;
    if (typeof left !== "string" || typeof right !== "string" || more.length > 0) return refuse(rule, merge);
    if (![left, right, left + right].every((piece) => Object.hasOwn(vocab, piece))) {
      return refuse(rule, merge);
    }
    return [left, right];
  });
  return { type, vocab: Object.fromEntries(ids), merges: pairs, ignore_merges };
}

/** Reads the pieces that a post-processor puts around a sentence. */
function parseAround(
  processor: unknown,
  ids: ReadonlyMap<string, number>,
  refuse: Refuse,
): ByteLevelTokenizerJson["post_processor"] {
  const { type, processors } = fieldsOf(processor);
  const several = type === "Sequence" && Array.isArray(processors) ? processors : [processor ?? null];
  // A ByteLevel processor changes offsets only, which nothing reads.
  const [one = null, ...more] = several.filter((one) => fieldsOf(one).type !== "ByteLevel");
  if (one === null && more.length === 0) return null;
  const own = fieldsOf(one);
  const around = piecesAround({
    ...own,
    type: own.type === "RobertaProcessing" ? "BertProcessing" : own.type,
  });
  const [cls, sep] = around.map((piece): [string, number] => {
    const id = typeof piece === "string" && more.length === 0 ? ids.get(piece) : undefined;
    if (typeof piece === "string" && id !== undefined) return [piece, id];
    return refuse(
      "post_processor must put one known piece before a sentence and one after, as RobertaProcessing or " +
        "TemplateProcessing, or none",
      piece ?? own.type ?? one,
    );
  });
  return { type: "BertProcessing", cls: cls!, sep: sep! };
}
