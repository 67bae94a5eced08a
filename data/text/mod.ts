/**
 * Plain text: decoding bytes, splitting into sentences and words, entities with their places, and text that is safe to
 * print in a terminal.
 *
 * @module
 */
export { decodeText } from "./decode_text.ts";
export { entitiesOf, type Entity, splitText } from "./entities.ts";
export { printable, printableLine } from "./printable.ts";
export { type SplitOptions, splitSentences, splitWords } from "./text_words.ts";
