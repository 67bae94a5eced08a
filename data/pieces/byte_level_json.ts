/** What is read from a byte-level tokenizer.json by this toolkit itself; the rest is the tokenizer package's business. */
export interface ByteLevelTokenizerJson {
  normalizer: null;
  pre_tokenizer: { type: "ByteLevel"; add_prefix_space: boolean };
  model: { type: "BPE"; vocab: Record<string, number>; merges: (string | [string, string])[] };
  added_tokens: { content: string; id: number; single_word?: boolean }[];
}

/**
 * The 256 characters that stand for bytes, in code point order: printable ones for themselves, U+0100 and on for the
 * others (GPT-2's `bytes_to_unicode`).
 */
export const BYTE_CHARACTERS: readonly string[] = [[0x21, 0x7e], [0xa1, 0xac], [0xae, 0xff], [0x100, 0x143]]
  .flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, i) => String.fromCharCode(first + i))
  );

/**
 * Checks that a tokenizer.json is of GPT-2's and BART's kind: bytes as characters, byte-pair encoding.
 *
 * @param json The parsed file.
 * @param source Where it came from, for messages.
 * @throws {Error} If it is of another kind; the message names the key.
 */
export function checkByteLevelTokenizerJson(json: unknown, source: string): ByteLevelTokenizerJson {
  const refuse = (rule: string, value: unknown): never => {
    throw new Error(`Cannot use tokenizer "${source}": ${rule}, current value is ${value}`);
  };
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return refuse("a tokenizer.json holds one object", json === null ? "null" : typeof json);
  }
  const { normalizer, pre_tokenizer, model, added_tokens } = json as Partial<ByteLevelTokenizerJson>;
  if (normalizer) refuse("normalizer must be null", JSON.stringify(normalizer));
  if (pre_tokenizer?.type !== "ByteLevel") refuse("pre_tokenizer must be ByteLevel", pre_tokenizer?.type);
  if (model?.type !== "BPE") {
    return refuse("model must be BPE", (model as { type?: unknown } | undefined)?.type);
  }
  const { vocab, merges } = model;
  // Pieces that begin or end words otherwise, random merges: not of this kind, and the package would ignore them.
  for (const key of ["dropout", "continuing_subword_prefix", "end_of_word_suffix"] as const) {
    const value = (model as Record<string, unknown>)[key];
    if (value) refuse(`model.${key} must be empty`, value);
  }
  if (typeof vocab !== "object" || vocab === null || Array.isArray(vocab)) {
    refuse("model.vocab must map pieces to ids", typeof vocab);
  }
  for (const [piece, id] of Object.entries(vocab)) {
    if (!Number.isInteger(id) || id < 0) refuse(`model.vocab["${piece}"] must be a whole number from 0`, id);
  }
  // Without unknown pieces, a character or a merge that is missing would drop letters without a word.
  for (const character of BYTE_CHARACTERS) {
    if (!Object.hasOwn(vocab, character)) {
      refuse("model.vocab must hold all bytes", `one without "${character}"`);
    }
  }
  if (!Array.isArray(merges)) refuse("model.merges must be a list", typeof merges);
  for (const [i, merge] of merges.entries()) {
    const parts: unknown = typeof merge === "string" ? merge.split(" ") : merge;
    const isMerge = Array.isArray(parts) && parts.length === 2 &&
      [...parts, parts.join("")].every((piece) => typeof piece === "string" && Object.hasOwn(vocab, piece));
    if (!isMerge) refuse(`model.merges[${i}] must be two pieces that make a third`, JSON.stringify(merge));
  }
  if (!Array.isArray(added_tokens)) refuse("added_tokens must be a list", typeof added_tokens);
  for (const [i, token] of added_tokens!.entries()) {
    if (token.single_word) refuse(`added_tokens[${i}] "${token.content}" must have single_word: false`, true);
  }
  return json as ByteLevelTokenizerJson;
}
