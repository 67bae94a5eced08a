/** Word tags for entity spans, the inverse of {@link tagsToSpans}. */
import { checkScheme, type Scheme, type Span } from "./tag.ts";

/**
 * Writes entities as one tag a word.
 *
 * IOB1 uses B- only for an entity right after another of its type, IOE1 uses E- only for one right before
 * another of its type.
 *
 * @param spans half-open, in any order
 * @param nWords length of the sentence
 * @returns `nWords` tags
 * @throws if a span is empty, reaches out of the sentence, overlaps another or has no type
 *
 * @example
 * ```ts
 * import { spansToTags } from "@laner/laner";
 *
 * const spans = [{ start: 1, end: 3, entityType: "person" }];
 * console.log(spansToTags(spans, 4)); // ["O", "B-person", "I-person", "O"]
 * console.log(spansToTags(spans, 4, { scheme: "BILOU" })); // ["O", "B-person", "L-person", "O"]
 * ```
 */
export function spansToTags(
  spans: readonly Span[],
  nWords: number,
  options: { scheme?: Scheme | undefined } = {},
): string[] {
  const { scheme = "IOB2" } = options;
  checkScheme(scheme);
  const sorted = spans.toSorted((a, b) => a.start - b.start);
  sorted.forEach((span, i) => {
    checkSpan(span, nWords);
    const before = sorted[i - 1];
    if (before !== undefined && before.end > span.start) {
      throw new Error(
        `Cannot write ${describeSpan(span)} as tags: spans must not overlap, ` +
          `current value overlaps ${describeSpan(before)}`,
      );
    }
  });
  const tags: string[] = new Array(nWords).fill("O");
  sorted.forEach(({ start, end, entityType }, i) => {
    const before = sorted[i - 1];
    const after = sorted[i + 1];
    const touchesBefore = before?.end === start && before.entityType === entityType;
    const touchesAfter = after?.start === end && after.entityType === entityType;
    const [first, last, only] = boundaryPrefixes(scheme, touchesBefore, touchesAfter);
    for (let word = start; word < end; word++) tags[word] = `I-${entityType}`;
    tags[end - 1] = `${last}-${entityType}`;
    tags[start] = `${end - start === 1 ? only : first}-${entityType}`;
  });
  return tags;
}

/** Returns the prefixes of an entity's first word, last word, and of its only word where it has one. */
export function boundaryPrefixes(
  scheme: Scheme,
  touchesBefore: boolean,
  touchesAfter: boolean,
): [string, string, string] {
  switch (scheme) {
    case "IOB1":
      return touchesBefore ? ["B", "I", "B"] : ["I", "I", "I"];
    case "IOB2":
      return ["B", "I", "B"];
    case "IOE1":
      return touchesAfter ? ["I", "E", "E"] : ["I", "I", "I"];
    case "IOE2":
      return ["I", "E", "E"];
    case "IOBES":
      return ["B", "E", "S"];
    case "BILOU":
      return ["B", "L", "U"];
  }
}

/** Checks that a span has a type and lies within a sentence of `nWords` words; throws otherwise. */
export function checkSpan(span: Span, nWords: number): void {
  const { start, end, entityType } = span;
  const inside = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end &&
    end <= nWords;
  if (!inside) {
    throw new Error(
      `Cannot use ${describeSpan(span)}: 0 <= start < end <= ${nWords} (words) must hold, ` +
        `current value is start ${start}, end ${end}`,
    );
  }
  if (typeof entityType !== "string" || entityType === "") {
    throw new Error(
      `Cannot use ${describeSpan(span)}: it needs an entity type, current value is "${entityType}"`,
    );
  }
}

function describeSpan({ start, end, entityType }: Span): string {
  return `span [${start}, ${end}) "${entityType}"`;
}
