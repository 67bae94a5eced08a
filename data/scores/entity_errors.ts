/** Errors in predicted entities: each is matched with a gold entity, and the mismatches are named. */
import type { Span } from "../tags/tag.ts";
import type { TagReadingOptions } from "../tags/tag_scheme.ts";
import { readTagPair, readTagPairs, type TagPair } from "./tag_pairs.ts";

/** The kinds of errors, in the order in which they are shown. */
export const ERROR_KINDS = ["boundary", "type", "boundary and type", "missed", "spurious"] as const;

/**
 * A kind of error: the right type on other words, another type on the right words, both, a gold entity without a
 * prediction, or a prediction without a gold entity.
 */
export type ErrorKind = typeof ERROR_KINDS[number];

/** A gold entity and its predicted counterpart; one of them is null where it has none. */
export interface EntityMatch {
  kind: "correct" | ErrorKind;
  gold: Span | null;
  predicted: Span | null;
}

/**
 * Matches gold and predicted entities of a sentence one to one: equal ones first, then those of the same words, then
 * those that overlap. The same type comes before other types, more shared words before fewer, left before right.
 * Entities without a match are missed or spurious.
 *
 * @param gold spans of one or more words, in any order
 * @param predicted spans of the same sentence
 * @returns every entity of both in exactly one match, from left to right
 *
 * @example
 * ```ts
 * import { matchEntities, tagsToSpans } from "@laner/laner";
 *
 * const gold = tagsToSpans(["B-task", "I-task", "O", "B-person"]), predicted = tagsToSpans(["O", "B-task", "O", "O"]);
 * console.log(matchEntities(gold, predicted).map(({ kind }) => kind)); // ["boundary", "missed"]
 * ```
 */
export function matchEntities(gold: readonly Span[], predicted: readonly Span[]): EntityMatch[] {
  const golds = gold.toSorted(fromLeft);
  const founds = predicted.toSorted(fromLeft);
  const pairs = golds.flatMap((one, g) =>
    founds.map((found, p) => ({ g, p, kind: kindOf(one, found), nShared: overlap(one, found) }))
      .filter(({ nShared }) => nShared > 0)
  );
  // Stable: equal pairs stay in the order of the lists, left before right.
  pairs.sort((x, y) => PRECEDENCE[x.kind] - PRECEDENCE[y.kind] || y.nShared - x.nShared);
  const isGoldTaken = new Uint8Array(golds.length);
  const isFoundTaken = new Uint8Array(founds.length);
  const matches: EntityMatch[] = [];
  for (const { g, p, kind } of pairs) {
    if (isGoldTaken[g] || isFoundTaken[p]) continue;
    isGoldTaken[g] = isFoundTaken[p] = 1;
    matches.push({ kind, gold: golds[g]!, predicted: founds[p]! });
  }
  golds.forEach((span, g) => {
    if (!isGoldTaken[g]) matches.push({ kind: "missed", gold: span, predicted: null });
  });
  founds.forEach((span, p) => {
    if (!isFoundTaken[p]) matches.push({ kind: "spurious", gold: null, predicted: span });
  });
  return matches.sort((a, b) => (a.gold ?? a.predicted!).start - (b.gold ?? b.predicted!).start);
}

/**
 * Matches the entities that a sentence's tags mark, see {@link matchEntities}.
 *
 * @param options the way to read tags, see `tagsToSpans`
 * @throws if gold and predicted tags differ in number, or a tag is unknown
 */
export function matchTags(sentence: TagPair, options?: TagReadingOptions): EntityMatch[] {
  const { gold, predicted } = readTagPair(sentence, options);
  return matchEntities(gold, predicted);
}

/** Matches the entities of many sentences, as {@link matchTags} does; errors name the sentence (from 1). */
export function matchSentences(sentences: readonly TagPair[], options?: TagReadingOptions): EntityMatch[][] {
  return readTagPairs(sentences, options).map(({ gold, predicted }) => matchEntities(gold, predicted));
}

/** The order in which pairs are matched. */
const PRECEDENCE = { correct: 0, type: 1, boundary: 2, "boundary and type": 3 } as const;

function kindOf(gold: Span, predicted: Span): keyof typeof PRECEDENCE {
  const sameWords = gold.start === predicted.start && gold.end === predicted.end;
  const sameType = gold.entityType === predicted.entityType;
  if (sameWords) return sameType ? "correct" : "type";
  return sameType ? "boundary" : "boundary and type";
}

function overlap(a: Span, b: Span): number {
  return Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start));
}

/** Orders spans by start, then end, then type, so that the order in which they are given never matters. */
function fromLeft(a: Span, b: Span): number {
  if (a.start !== b.start || a.end !== b.end) return a.start - b.start || a.end - b.end;
  return a.entityType < b.entityType ? -1 : a.entityType > b.entityType ? 1 : 0;
}

/** Counts of gold types against predicted types. */
export interface ConfusionMatrix {
  /** All types, gold or predicted, in alphabetical order. */
  types: string[];
  /** Entities with the right words: [gold type][predicted type]; those with the right type are on the diagonal. */
  counts: number[][];
  /** By gold type: matched with a predicted entity of the same type on other words. */
  boundary: number[];
  /** By gold type: matched with a predicted entity of another type on other words. */
  boundaryAndType: number[];
  /** By gold type: matched with no predicted entity. */
  missed: number[];
  /** By predicted type: matched with no gold entity. */
  spurious: number[];
}

/**
 * Counts how often each type is taken for each other type.
 *
 * A gold type's row of counts, its boundary errors and its misses add up to its gold entities.
 *
 * @param sentences gold and predicted tags of each sentence; several runs, one after another, give the sum of their
 * matrices
 * @param options the way to read tags, see `tagsToSpans`
 * @throws naming the sentence (from 1) if its gold and predicted tags differ in number, or a tag is unknown
 *
 * @example
 * ```ts
 * import { confusionMatrix } from "@laner/laner";
 *
 * const { types, counts } = confusionMatrix([{ gold: ["B-task", "B-field"], predicted: ["B-task", "B-task"] }]);
 * console.log(types, counts); // ["field", "task"] [[0, 1], [0, 1]]
 * ```
 */
export function confusionMatrix(sentences: readonly TagPair[], options?: TagReadingOptions): ConfusionMatrix {
  const matches = matchSentences(sentences, options).flat();
  const spans = matches.flatMap(({ gold, predicted }) => [gold, predicted]).filter((span) => span !== null);
  const types = [...new Set(spans.map(({ entityType }) => entityType))].sort();
  const rows = new Map(types.map((type, t) => [type, t]));
  const zeros = () => types.map(() => 0);
  const counts = types.map(zeros);
  const sides = {
    boundary: zeros(),
    "boundary and type": zeros(),
    missed: zeros(),
    spurious: zeros(),
  };
  for (const { kind, gold, predicted } of matches) {
    const row = rows.get((gold ?? predicted!).entityType)!;
    if (kind === "correct" || kind === "type") counts[row]![rows.get(predicted!.entityType)!]!++;
    else sides[kind][row]!++;
  }
  const { "boundary and type": boundaryAndType, boundary, missed, spurious } = sides;
  return { types, counts, boundary, boundaryAndType, missed, spurious };
}
