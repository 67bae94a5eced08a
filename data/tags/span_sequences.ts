/**
 * Entities of a sentence as one sequence of numbers (BARTNER, Yan et al. 2021): for each entity its words, then its
 * type; after the last entity the end. With n types and N words, number 0 is the start, which a decoder reads first and
 * never writes, 1 is the end, 2 … n+1 are the types and n+2 … n+N+1 the words.
 *
 * In the paper the number of a word is the place of its first piece. No other piece is ever pointed at, so words are
 * numbered here; their first pieces are looked up where the network needs them.
 */
import { checkSpan } from "./spans_to_tags.ts";
import type { Span } from "./tag.ts";

/** The number that a decoder reads before the first of a sequence. */
export const SEQUENCE_START = 0;
/** The last number of a sequence. */
export const SEQUENCE_END = 1;
/** The number of the first entity type. */
export const FIRST_TYPE = 2;

/**
 * Writes entities as a sequence, in the order in which they begin, the shorter first.
 *
 * @param spans Half-open ranges of words, in any order; they may overlap.
 * @param nWords Length of the sentence.
 * @param entityTypes The types, in the order of their numbers.
 * @returns The numbers, with the end as the last.
 * @throws If a span is empty, reaches out of the sentence, or has a type that is empty or not among `entityTypes`.
 *
 * @example
 * ```ts
 * import { spansToSequence } from "@laner/laner";
 *
 * const spans = [{ start: 3, end: 4, entityType: "place" }, { start: 0, end: 2, entityType: "person" }];
 * console.log(spansToSequence(spans, 4, ["person", "place"])); // [4, 5, 2, 7, 3, 1]
 * ```
 */
export function spansToSequence(
  spans: readonly Span[],
  nWords: number,
  entityTypes: readonly string[],
): number[] {
  const firstWord = FIRST_TYPE + entityTypes.length;
  const sequence: number[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    checkSpan(span, nWords);
    const type = entityTypes.indexOf(span.entityType);
    if (type < 0) {
      throw new Error(
        `Cannot write entity type "${span.entityType}": it must be one of ${entityTypes.join(", ")}, ` +
          `current value is "${span.entityType}"`,
      );
    }
    for (let word = span.start; word < span.end; word++) sequence.push(firstWord + word);
    sequence.push(FIRST_TYPE + type);
  }
  return [...sequence, SEQUENCE_END];
}

/**
 * Reads the entities from a sequence that a decoder wrote.
 *
 * Incomplete entities are left out: a type without words before it, words without a type after them, and words that are
 * not consecutive from left to right. (The paper's code only demands that places rise, and counts an entity with gaps
 * as wrong.)
 *
 * @param sequence Numbers up to the end, or to where the decoder was stopped.
 * @param nWords Length of the sentence.
 * @param entityTypes The types, in the order of their numbers.
 * @returns Half-open ranges of words in the order of the sequence, each once; they may overlap, see `withoutOverlaps`.
 * @throws If a number stands for no type, word or end.
 *
 * @example
 * ```ts
 * import { sequenceToSpans } from "@laner/laner";
 *
 * console.log(sequenceToSpans([4, 5, 2, 7, 3, 1], 4, ["person", "place"]).length); // 2
 * console.log(sequenceToSpans([5, 4, 2, 3, 7, 1], 4, ["person", "place"])); // []
 * ```
 */
export function sequenceToSpans(
  sequence: ArrayLike<number>,
  nWords: number,
  entityTypes: readonly string[],
): Span[] {
  const firstWord = FIRST_TYPE + entityTypes.length;
  const spans = new Map<string, Span>();
  let words: number[] = [];
  for (let i = 0; i < sequence.length && sequence[i] !== SEQUENCE_END; i++) {
    const index = sequence[i]!;
    if (!(index >= FIRST_TYPE && index < firstWord + nWords)) {
      throw new Error(
        `Cannot read number ${
          i + 1
        } of a span sequence: with ${entityTypes.length} types and ${nWords} words it is ` +
          `from ${SEQUENCE_END} to ${firstWord + nWords - 1}, current value is ${index}`,
      );
    }
    if (index >= firstWord) {
      words.push(index - firstWord);
      continue;
    }
    const start = words[0]!;
    const entityType = entityTypes[index - FIRST_TYPE]!;
    if (words.length > 0 && words.every((word, j) => word === start + j)) {
      const end = start + words.length;
      spans.set(`${start} ${end} ${index}`, { start, end, entityType });
    }
    words = [];
  }
  return [...spans.values()];
}

/**
 * Leaves out spans that share a word with an earlier span, so that the rest can be written as tags.
 *
 * @param spans Spans in order of priority.
 *
 * @example
 * ```ts
 * import { withoutOverlaps } from "@laner/laner";
 *
 * const spans = [{ start: 0, end: 2, entityType: "person" }, { start: 1, end: 3, entityType: "place" }];
 * console.log(withoutOverlaps(spans).length); // 1
 * ```
 */
export function withoutOverlaps(spans: readonly Span[]): Span[] {
  const kept: Span[] = [];
  for (const span of spans) {
    if (kept.every(({ start, end }) => span.end <= start || span.start >= end)) kept.push(span);
  }
  return kept;
}

/** The length that any sequence may have, however short the sentence is (10 in the paper's code too). */
const BASE_LENGTH = 10;

/**
 * Returns the most numbers that are decoded for a sentence, the end included: 10 + ⌈ratio · words⌉.
 *
 * @example
 * ```ts
 * import { lengthRatioOf, maxSequenceLength } from "@laner/laner";
 *
 * const ratio = lengthRatioOf([{ nWords: 5, length: 13 }, { nWords: 20, length: 9 }]);
 * console.log(ratio, maxSequenceLength(5, ratio)); // 0.6 13
 * ```
 */
export function maxSequenceLength(nWords: number, ratio: number): number {
  return BASE_LENGTH + Math.ceil(ratio * nWords);
}

/**
 * Returns the smallest ratio with which `maxSequenceLength` has room for every sequence of a training set.
 *
 * @param sequences Length of each sequence, the end included, and of its sentence.
 *
 * @example
 * ```ts
 * import { lengthRatioOf } from "@laner/laner";
 *
 * console.log(lengthRatioOf([{ nWords: 5, length: 13 }, { nWords: 20, length: 9 }])); // 0.6
 * ```
 */
export function lengthRatioOf(sequences: Iterable<{ nWords: number; length: number }>): number {
  let ratio = 0;
  for (const { nWords, length } of sequences) {
    if (length > BASE_LENGTH) ratio = Math.max(ratio, (length - BASE_LENGTH) / nWords);
  }
  return ratio;
}
