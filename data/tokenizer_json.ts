/** What is read from a BERT tokenizer.json: every value is checked, and nothing else is passed on. */
export interface BertTokenizerJson {
  normalizer: {
    type: "BertNormalizer";
    clean_text: boolean;
    handle_chinese_chars: boolean;
    /** null follows `lowercase`. */
    strip_accents: boolean | null;
    lowercase: boolean;
  };
  pre_tokenizer: { type: "BertPreTokenizer" };
  model: {
    type: "WordPiece";
    unk_token: string;
    continuing_subword_prefix: string;
    max_input_chars_per_word: number;
    vocab: Record<string, number>;
  };
  added_tokens: {
    id: number;
    content: string;
    single_word: boolean;
    lstrip: boolean;
    rstrip: boolean;
    normalized: false;
    special: boolean;
  }[];
  /** Ids of the pieces that the post-processor puts around a sentence. */
  around: { cls: number; sep: number };
}

/** Ids are places in tables: beyond this, memory would be asked for that no vocabulary needs. */
const MAX_ID = 2 ** 24;

type Mapping = Record<string, unknown>;

/**
 * Reads a tokenizer.json of BERT's kind: BERT normalizer and pre-tokenizer, WordPiece, [CLS] and [SEP].
 *
 * @param json The parsed file, from anywhere.
 * @param source Where it came from, for messages.
 * @throws {Error} If it is of another kind, or anything in it is not as it must be; the message names the key.
 */
export function readBertTokenizerJson(json: unknown, source: string): BertTokenizerJson {
  const refuse = (rule: string, value: unknown): never => {
    const shown = typeof value === "object" && value !== null
      ? "a list or mapping"
      : String(value).slice(0, 80);
    throw new Error(`Cannot use tokenizer "${source}": ${rule}, current value is ${shown}`);
  };
  const mapping = (value: unknown, key: string): Mapping =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? value as Mapping
      : refuse(`${key} must be a mapping`, value);
  const own = (of: Mapping, key: string) => Object.hasOwn(of, key) ? of[key] : undefined;
  const ofType = (value: unknown, key: string, type: string): Mapping => {
    const found = mapping(value, key);
    return own(found, "type") === type ? found : refuse(`${key} must be ${type}`, own(found, "type"));
  };
  const flag = (of: Mapping, name: string, key: string, fallback: boolean): boolean => {
    const value = own(of, name) ?? fallback;
    return typeof value === "boolean" ? value : refuse(`${key}.${name} must be true or false`, value);
  };
  const id = (value: unknown, key: string): number =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) < MAX_ID
      ? value as number
      : refuse(`${key} must be a whole number from 0 to ${MAX_ID - 1}`, value);
  const text = (value: unknown, key: string): string =>
    typeof value === "string" && value !== "" ? value : refuse(`${key} must be text`, value);

  const file = mapping(json, "the file");
  const normalizer = ofType(own(file, "normalizer"), "normalizer", "BertNormalizer");
  const accents = own(normalizer, "strip_accents") ?? null;
  ofType(own(file, "pre_tokenizer"), "pre_tokenizer", "BertPreTokenizer");
  const model = ofType(own(file, "model"), "model", "WordPiece");
  const vocab = mapping(own(model, "vocab"), "model.vocab"), pieceOf = new Map<number, string>();
  for (const [piece, value] of Object.entries(vocab)) {
    const known = pieceOf.get(id(value, `model.vocab["${piece}"]`));
    if (known !== undefined) {
      refuse(`model.vocab["${piece}"] must have an id of its own, not "${known}"'s`, value);
    }
    pieceOf.set(value as number, piece);
  }
  const unknown = text(own(model, "unk_token"), "model.unk_token");
  if (!Object.hasOwn(vocab, unknown)) refuse("model.unk_token must be a piece of model.vocab", unknown);
  const longest = own(model, "max_input_chars_per_word") ?? 100;
  if (!Number.isInteger(longest) || (longest as number) < 1 || (longest as number) > 10_000) {
    refuse("model.max_input_chars_per_word must be a whole number from 1 to 10000", longest);
  }
  const prefix = own(model, "continuing_subword_prefix");
  if (typeof prefix !== "string") refuse("model.continuing_subword_prefix must be text such as ##", prefix);

  const added = own(file, "added_tokens") ?? [];
  if (!Array.isArray(added)) return refuse("added_tokens must be a list", added);
  const addedTokens = added.map((token, index) => {
    const key = `added_tokens[${index}]`,
      found = mapping(token, key),
      content = text(own(found, "content"), key);
    // Matching inside normalized text would need places of its own; no BERT tokenizer asks for it.
    if (flag(found, "normalized", key, !flag(found, "special", key, false))) {
      refuse(`${key} "${content}" must have normalized: false`, true);
    }
    const number = id(own(found, "id"), `${key}.id`);
    if (pieceOf.has(number) && pieceOf.get(number) !== content) {
      refuse(`${key} "${content}" must have an id of its own, not "${pieceOf.get(number)}"'s`, number);
    }
    return {
      id: number,
      content,
      single_word: flag(found, "single_word", key, false),
      lstrip: flag(found, "lstrip", key, false),
      rstrip: flag(found, "rstrip", key, false),
      normalized: false as const,
      special: flag(found, "special", key, false),
    };
  });

  /** The ids that a post-processor puts before and after a sentence. */
  function readAround(value: unknown): BertTokenizerJson["around"] {
    const key = "post_processor", processor = mapping(value, key), type = own(processor, "type");
    const rule = `${key} must put one piece before a sentence and one after`;
    if (type === "BertProcessing") {
      const [cls, sep] = ["cls", "sep"].map((name) => {
        const pair = own(processor, name);
        return Array.isArray(pair)
          ? id(pair[1], `${key}.${name}[1]`)
          : refuse(`${key}.${name} must be a list`, pair);
      });
      return { cls, sep };
    }
    if (type !== "TemplateProcessing") refuse(`${key} must be TemplateProcessing or BertProcessing`, type);
    const parts = own(processor, "single"),
      tokens = mapping(own(processor, "special_tokens"), `${key}.special_tokens`);
    if (!Array.isArray(parts) || parts.length !== 3) {
      return refuse(rule, Array.isArray(parts) ? parts.length : parts);
    }
    const special = (part: unknown, i: number): number => {
      const token = mapping(
        own(mapping(part, `${key}.single[${i}]`), "SpecialToken"),
        `${key}.single[${i}].SpecialToken`,
      );
      const name = text(own(token, "id"), `${key}.single[${i}].SpecialToken.id`);
      const ids = own(mapping(own(tokens, name), `${key}.special_tokens["${name}"]`), "ids");
      if (!Array.isArray(ids) || ids.length !== 1) return refuse(rule, name);
      return id(ids[0], `${key}.special_tokens["${name}"].ids[0]`);
    };
    if (!Object.hasOwn(mapping(parts[1], `${key}.single[1]`), "Sequence")) refuse(rule, "another order");
    return { cls: special(parts[0], 0), sep: special(parts[2], 2) };
  }

  return {
    normalizer: {
      type: "BertNormalizer",
      clean_text: flag(normalizer, "clean_text", "normalizer", true),
      handle_chinese_chars: flag(normalizer, "handle_chinese_chars", "normalizer", true),
      strip_accents: accents === null ? null : flag(normalizer, "strip_accents", "normalizer", true),
      lowercase: flag(normalizer, "lowercase", "normalizer", true),
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    model: {
      type: "WordPiece",
      unk_token: unknown,
      continuing_subword_prefix: prefix as string,
      max_input_chars_per_word: longest as number,
      vocab: vocab as Record<string, number>,
    },
    added_tokens: addedTokens,
    around: readAround(own(file, "post_processor")),
  };
}
