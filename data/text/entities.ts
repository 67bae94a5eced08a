/** Entities in a running text: words with their places, and the text that spans of them cover. */
import type { Span } from "../tags/tag.ts";
import { type SplitOptions, splitSentences, splitWords, type TextPart } from "./text_words.ts";

/** An entity in a text. */
export interface Entity {
  /** The text of the entity. */
  text: string;
  entityType: string;
  /** Its place, [start, end) in UTF-16 code units of the text. */
  start: number;
  end: number;
}

/**
 * Splits a text into sentences of words, each word with its place in the whole text; `options` are those of
 * `splitSentences`.
 */
export function splitText(text: string, options: SplitOptions = {}): TextPart[][] {
  return splitSentences(text, options).map((sentence) =>
    shiftParts(splitWords(sentence.text), sentence.start)
  );
}

/** Moves parts of a piece of text to their places in the whole, in which the piece begins at `by`. */
export function shiftParts(parts: readonly TextPart[], by: number): TextPart[] {
  return parts.map(({ text, start, end }) => ({ text, start: start + by, end: end + by }));
}

/**
 * Returns the entities that spans of a sentence's words mark.
 *
 * @param text The whole text.
 * @param words The sentence's words with their places in it.
 * @param spans Half-open ranges of the words.
 */
export function entitiesOf(text: string, words: readonly TextPart[], spans: readonly Span[]): Entity[] {
  return spans.map(({ start: first, end: last, entityType }) => {
    const start = words[first]!.start;
    const end = words[last - 1]!.end;
    return { text: text.slice(start, end), entityType, start, end };
  });
}
