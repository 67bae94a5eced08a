/**
 * Tag schemes: entity spans read from word tags, and written as word tags.
 *
 * A tag is a prefix and an entity type, "B-person", or "O" outside of entities.
 */
import { checkScheme, type Scheme, type Span, splitTag } from "./tag.ts";
import { readStrictly } from "./tag_scheme_strict.ts";

export type { Scheme, Span } from "./tag.ts";
export { spansToTags } from "./spans_to_tags.ts";

/** Options of {@link tagsToSpans} and {@link scoreSpans}. */
export interface TagReadingOptions {
  /** The scheme whose prefixes may occur. Default: any scheme in mode conlleval, IOB2 in mode strict. */
  scheme?: Scheme | undefined;
  /** "conlleval" (default) reads all tags leniently, "strict" reads only well-formed entities of the scheme. */
  mode?: "conlleval" | "strict";
}

/**
 * Reads the entities that a sentence's tags mark.
 *
 * Mode "conlleval" follows the CoNLL-2000 script conlleval.pl: a stray I- or one that changes the type opens an entity,
 * so every word that is not O belongs to one. Well-formed tags of any scheme are read correctly: E- and L- end an
 * entity, S- and U- are an entity of one word. Mode "strict" keeps only the entities that are written as `scheme`
 * demands, as seqeval 1.2.2 does in its strict mode; IOE1, which seqeval reads wrongly, is read correctly (an entity of
 * one word right before another of its type is E-).
 *
 * @param tags one tag a word; a sentence is read alone, so no entity crosses its end
 * @returns the entities from left to right, half-open
 * @throws if a tag has a prefix that the scheme lacks
 *
 * @example
 * ```ts
 * import { tagsToSpans } from "@laner/laner";
 *
 * const tags = ["O", "I-person", "I-person", "B-person"];
 * console.log(tagsToSpans(tags));
 * // [{ start: 1, end: 3, entityType: "person" }, { start: 3, end: 4, entityType: "person" }]
 * console.log(tagsToSpans(tags, { mode: "strict" }));
 * // [{ start: 3, end: 4, entityType: "person" }]
 * ```
 */
export function tagsToSpans(tags: readonly string[], options: TagReadingOptions = {}): Span[] {
  const { scheme, mode = "conlleval" } = options;
  if (scheme !== undefined) checkScheme(scheme);
  if (mode === "strict") return readStrictly(tags, scheme ?? "IOB2");
  if (mode === "conlleval") return readAsConlleval(tags, scheme);
  throw new Error(`Cannot read tags: mode must be conlleval or strict, current value is "${mode}"`);
}

function readAsConlleval(tags: readonly string[], scheme?: Scheme): Span[] {
  const spans: Span[] = [];
  let open: Span | undefined;
  for (let i = 0; i < tags.length; i++) {
    const { prefix, entityType } = splitTag(tags[i]!, scheme);
    if (prefix === "O") {
      open = undefined;
      continue;
    }
    const starts = prefix === "B" || prefix === "S" || prefix === "U";
    if (open === undefined || starts || open.entityType !== entityType) {
      open = { start: i, end: i + 1, entityType };
      spans.push(open);
    } else {
      open.end = i + 1;
    }
    const ends = prefix === "E" || prefix === "L" || prefix === "S" || prefix === "U";
    if (ends) open = undefined;
  }
  return spans;
}
