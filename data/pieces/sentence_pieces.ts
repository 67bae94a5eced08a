import type { Tokenizer } from "./tokenizer.ts";

/** Words of a sentence that are encoded together, as a half-open range. */
export interface SentencePart {
  start: number;
  end: number;
}

/**
 * Cuts a sentence at word boundaries into parts that fit an encoder.
 *
 * Parts follow each other without gap or overlap, so that `parts.flatMap(predict)` is the whole sentence again; they
 * are about equally long, because a short last part would be predicted without context. A sentence that fits is one
 * part. A single word over the limit is a part of its own; `encodeWords` with the same `maxPieces` keeps its first
 * pieces, and so always the first one, which stands for the word.
 *
 * @param words The sentence.
 * @param tokenizer Counts the pieces; a word without pieces counts as one ([UNK]).
 * @param maxPieces Most pieces of a part, [CLS] and [SEP] counted.
 * @returns Ranges of words; none for a sentence without words.
 * @throws {RangeError} If `maxPieces` leaves no room for a piece.
 */
export function splitLongSentence(
  words: readonly string[],
  tokenizer: Pick<Tokenizer, "encodeWord">,
  maxPieces = 512,
): SentencePart[] {
  const room = maxPieces - 2;
  if (!(room >= 1)) {
    throw new RangeError(
      `Cannot split a sentence: maxPieces must be at least 3, for [CLS], a piece and [SEP], current value is ${maxPieces}`,
    );
  }
  const sizes = words.map((word) => Math.min(room, Math.max(1, tokenizer.encodeWord(word).length)));
  let left = sizes.reduce((sum, size) => sum + size, 0);
  const parts: SentencePart[] = [];
  for (let start = 0; start < words.length;) {
    const aim = left / Math.ceil(left / room);
    let end = start;
    let size = 0;
    while (end < words.length && size + sizes[end]! <= room && (end === start || size < aim)) {
      size += sizes[end++]!;
    }
    parts.push({ start, end });
    left -= size;
    start = end;
  }
  return parts;
}
