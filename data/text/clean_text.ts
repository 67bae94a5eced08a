import { IGNORABLES, MARKED_SCRIPTS } from "./characters.ts";

/** A text of visible characters and white space only, and the places of its parts in the original. */
export interface CleanText {
  text: string;
  /**
   * Returns the place in the original of a part that is bounded by white space or other words.
   *
   * Characters without width belong to the word that they stand in or behind, else to the one that they stand before.
   */
  placeOf(start: number, end: number): { start: number; end: number };
}

/** U+200B, where it marks the end of a word. */
const WORD_END = new RegExp(`\\u200b(?:(?<=[${MARKED_SCRIPTS}]\\u200b)|(?=[${MARKED_SCRIPTS}]))`, "gv");
const IGNORED = new RegExp(`[${IGNORABLES}]+`, "gv");

/**
 * Leaves out the characters without width, and turns control characters into spaces.
 *
 * @param text Any text.
 */
export function cleanText(text: string): CleanText {
  const spaced = text.replace(/\p{Cc}/gu, " ").replace(WORD_END, " ");
  const clean = spaced.replace(IGNORED, "");
  if (clean.length === spaced.length) return { text: spaced, placeOf: (start, end) => ({ start, end }) };
  const places = new Int32Array(clean.length + 1);
  let at = 0;
  let from = 0;
  const keep = (end: number) => {
    while (from < end) places[at++] = from++;
  };
  for (const match of spaced.matchAll(IGNORED)) {
    keep(match.index);
    from += match[0].length;
  }
  keep(spaced.length);
  places[at] = spaced.length;
  const startOf = (start: number) => {
    if (start > 0 && !/\s/.test(clean[start - 1]!)) return places[start]!;
    let first = start === 0 ? 0 : places[start - 1]! + 1;
    // A byte order mark is not part of any word.
    while (text[first] === "\uFEFF") first++;
    return first;
  };
  return { text: clean, placeOf: (start, end) => ({ start: startOf(start), end: places[end]! }) };
}
