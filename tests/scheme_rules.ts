/**
 * The strict tag schemes as seqeval 1.2.2 defines them, written a second time as one regular expression a scheme, to
 * check the reader of tags by.
 */
import type { Span } from "../data/tags/tag.ts";
import type { Scheme } from "../data/tags/tag.ts";

/**
 * What an entity of a type looks like. A tag is one character: its prefix, in lower case if its type is another.
 */
const ENTITY: Record<Scheme, RegExp> = {
  // B only where the word before is in an entity of the same type; a lone one of them must not be followed by a B of
  // another type, which has no place there.
  IOB1: /(?<=[BI])B(?:I+|(?!b))|I+/g,
  IOB2: /BI*/g,
  // E only where an entity of the same type comes at once. (seqeval itself overlooks such an E alone after anything
  // but another one: see the test of the scores of other programs.)
  IOE1: /I*E(?=[IE])|I+(?![IE])/g,
  IOE2: /I*E/g,
  IOBES: /BI*E|S/g,
  BILOU: /BI*L|U/g,
};

/** The entities of a sentence, in order; the tags must have prefixes of the scheme. */
export function strictEntities(tags: readonly string[], scheme: Scheme): Span[] {
  const types = new Set(tags.filter((tag) => tag !== "O").map(typeOf));
  const spans = [...types].flatMap((entityType) => {
    const letters = tags.map((tag) => typeOf(tag) === entityType ? tag[0] : tag[0]!.toLowerCase()).join("");
    return [...letters.matchAll(ENTITY[scheme])].map(({ 0: { length }, index }) => ({
      start: index,
      end: index + length,
      entityType,
    }));
  });
  return spans.sort((a, b) => a.start - b.start);
}

/** As seqeval has it: what follows the prefix, without dashes at the ends, and "_" for nothing. */
function typeOf(tag: string): string {
  let [start, end] = [1, tag.length];
  while (tag[start] === "-") start++;
  while (end > start && tag[end - 1] === "-") end--;
  return tag.slice(start, end) || "_";
}
