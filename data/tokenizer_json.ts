import type { BertNormalizerSettings } from "./unicode_fixes.ts";

/** What is read from a tokenizer.json by this toolkit itself; the rest is the tokenizer package's business. */
export interface BertTokenizerJson {
  normalizer: BertNormalizerSettings & { type: "BertNormalizer" };
  pre_tokenizer: { type: "BertPreTokenizer" };
  model: {
    type: "WordPiece";
    vocab: Record<string, number>;
    unk_token: string;
    continuing_subword_prefix: string;
  };
  added_tokens: { content: string; id: number; normalized?: boolean; special?: boolean }[];
}

function typeOf(value: unknown): string {
  const type = (value as { type?: unknown } | null | undefined)?.type;
  return type === undefined ? String(value) : String(type);
}

/**
 * Checks that a tokenizer.json is of BERT's kind: BERT normalizer and pre-tokenizer, WordPiece, [CLS] and [SEP].
 *
 * @param json The parsed file.
 * @param source Where it came from, for messages.
 * @throws {Error} If it is of another kind; the message names the key.
 */
export function checkBertTokenizerJson(json: unknown, source: string): BertTokenizerJson {
  const refuse = (rule: string, value: unknown): never => {
    throw new Error(`Cannot use tokenizer "${source}": ${rule}, current value is ${value}`);
  };
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return refuse("a tokenizer.json holds one object", json === null ? "null" : typeof json);
  }
  const { normalizer, pre_tokenizer, model, added_tokens } = json as Partial<BertTokenizerJson>;
  if (typeOf(normalizer) !== "BertNormalizer") {
    refuse("normalizer must be BertNormalizer", typeOf(normalizer));
  }
  if (typeOf(pre_tokenizer) !== "BertPreTokenizer") {
    refuse("pre_tokenizer must be BertPreTokenizer", typeOf(pre_tokenizer));
  }
  if (model === undefined || typeOf(model) !== "WordPiece") {
    return refuse("model must be WordPiece", typeOf(model));
  }
  if (typeof model.vocab !== "object" || model.vocab === null || Array.isArray(model.vocab)) {
    refuse("model.vocab must map pieces to ids", typeof model.vocab);
  }
  for (const [piece, id] of Object.entries(model.vocab)) {
    if (!Number.isInteger(id) || id < 0) refuse(`model.vocab["${piece}"] must be a whole number from 0`, id);
  }
  if (typeof model.continuing_subword_prefix !== "string") {
    refuse("model.continuing_subword_prefix must be text such as ##", model.continuing_subword_prefix);
  }
  if (typeof model.unk_token !== "string" || !Object.hasOwn(model.vocab, model.unk_token)) {
    refuse("model.unk_token must be a piece of model.vocab", model.unk_token);
  }
  if (!Array.isArray(added_tokens)) refuse("added_tokens must be a list", typeof added_tokens);
  for (const [index, token] of added_tokens!.entries()) {
    // Matching inside normalized text would need places of its own; no BERT tokenizer asks for it.
    if (token.normalized ?? !token.special) {
      refuse(`added_tokens[${index}] "${token.content}" must have normalized: false`, token.normalized);
    }
  }
  return json as BertTokenizerJson;
}
