/** A normalized text, and the place in the original that each of its UTF-16 units came from. */
export interface AlignedText {
  text: string;
  /** Start in the original text of the character that each UTF-16 unit came from. */
  starts: number[];
  /** End of that character in the original text. */
  ends: number[];
}

/**
 * Normalizes a text one character at a time and records the origin of every unit.
 *
 * A character may vanish (control characters, accents), become several (decomposition) or get spaces around it
 * (ideographs); all resulting units carry the place of the original character.
 *
 * @param text The original text.
 * @param normalize Normalizes a single character.
 * @param from Place of `text` in a longer text; added to every offset.
 */
export function normalizeAligned(
  text: string,
  normalize: (character: string) => string,
  from = 0,
): AlignedText {
  let normalized = "";
  const starts: number[] = [];
  const ends: number[] = [];
  let start = from;
  for (const character of text) {
    const end = start + character.length;
    const result = normalize(character);
    normalized += result;
    for (let unit = 0; unit < result.length; unit++) {
      starts.push(start);
      ends.push(end);
    }
    start = end;
  }
  return { text: normalized, starts, ends };
}

/**
 * Finds the place in the original text of each piece of one pre-token.
 *
 * @param lengths UTF-16 length of each piece as it stands in the normalized text, without `##`.
 * @param at Where the pre-token begins in `aligned.text`.
 * @param aligned The normalized text with its origins.
 * @returns `[start, end)` of each piece in the original text.
 */
export function placePieces(lengths: number[], at: number, aligned: AlignedText): [number, number][] {
  return lengths.map((length) => {
    const offsets: [number, number] = [aligned.starts[at]!, aligned.ends[at + length - 1]!];
    at += length;
    return offsets;
  });
}
