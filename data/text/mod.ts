/**
 * Plain text: bytes decoded, text split into sentences and words, entities with their places in it, and text made fit
 * for a terminal.
 *
 * @module
 */
export { decodeText } from "./decode_text.ts";
export { entitiesOf, type Entity, splitText } from "./entities.ts";
export { printable, printableLine } from "./printable.ts";
export { type SplitOptions, splitSentences, splitWords } from "./text_words.ts";
