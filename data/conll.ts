/**
 * CoNLL columns: a word and its tag a line, an empty line between sentences.
 *
 * @example
 * ```ts
 * import { parseConll } from "@laner/laner/conll";
 * import { assertEquals } from "@std/assert";
 *
 * const sentences = parseConll("Ada B-person\nwrote O\n");
 * assertEquals(sentences.map(({ words }) => words), [["Ada", "wrote"]]);
 * ```
 *
 * @module
 */
export { parseConll, type Sentence } from "./text/conll.ts";
export { formatConll } from "./text/format_conll.ts";
