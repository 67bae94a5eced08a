/** Ideographs beyond U+FFFF that BERT treats as words of their own (U+2B820 to U+2B91F are not among them). */
const WIDE_IDEOGRAPH = /[\u{20000}-\u{2A6DF}\u{2A700}-\u{2B81F}\u{2B920}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/gu;

/** The settings of a tokenizer.json's `BertNormalizer` that the fixes depend on, with its names. */
export interface BertNormalizerSettings {
  lowercase?: boolean;
  handle_chinese_chars?: boolean;
}

/**
 * Changes a text so that `@huggingface/tokenizers` 0.2.0 gives the same pieces as the Rust library.
 *
 * The package isolates ideographs by UTF-16 units, and so misses those beyond U+FFFF. It also lower-cases whole texts,
 * which turns a Σ at the end of a word into ς; the Rust library lower-cases character by character and writes σ.
 *
 * @param text Any text.
 * @param settings The tokenizer's treatment of case and ideographs.
 */
export function mendForTokenizer(text: string, settings: BertNormalizerSettings): string {
  let mended = text;
  if (settings.lowercase && mended.includes("Σ")) mended = mended.replaceAll("Σ", "σ");
  if (settings.handle_chinese_chars) mended = mended.replace(WIDE_IDEOGRAPH, " $& ");
  return mended;
}
